"""Comments as HTML. Each is written here in one step: a page holds a hundred, and templates with their look-ups took
half of its time. Whatever a reader typed is escaped, but for `Comment.html`, which the sanitiser made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from django.urls import get_script_prefix
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models.users import shown_name
from aggregator.templatetags.moments import age_in_words, time_ago
from comments.addresses import block_address, comment_address
from comments.discussion import time_to_edit
from comments.drawn_words import words_in
from comments.models import Comment
from comments.threads import Told
from comments.votes import DOWN, NONE, UP, Votes, own_vote

DOT = " · "
FORM = "acts"  # the one form of a page that buttons belong to (templates/_actions.html)
State = Comment.State
MOST_KEPT = 4_000  # comments of 1 to 2 kB, by each process

_kept: dict[tuple, str] = {}


@dataclass(frozen=True, slots=True)
class Page:
    """What the comments on a page have in common. is_user: whether who reads has an account; is_open: may answer."""

    zone: ZoneInfo
    now: datetime
    is_user: bool = False
    is_open: bool = False


def threads(trees: Iterable[Told], page: Page) -> str:
    """The items of a list, each with the answers to it."""
    words = words_in(get_language() or "en")
    return "".join(_item(told, page, words) for told in trees)


def alone(told: Told, page: Page) -> str:
    """One comment without its place in a list."""
    return _comment(told, page, words_in(get_language() or "en"))


def just_written(told: Told, page: Page, said: str, head: str) -> str:
    """An item for a script to put in its place, with what it says then, and the heading of the discussion."""
    return _item(
        told, page, words_in(get_language() or "en"), f' data-words="{escape(said)}" data-head="{escape(head)}"'
    )


def vote_buttons(pk: int, votes: Votes) -> str:
    """Both buttons to vote on a comment; the one that is pressed takes the vote back."""
    words, address = words_in(get_language() or "en"), comment_address(pk, "vote/")
    drawn = "".join(
        f'<button class="link plain" form="{FORM}" formaction="{address}" name="vote"'
        f' value="{NONE if votes.own == kind else kind}" aria-pressed="{"true" if votes.own == kind else "false"}">'
        f"{words[kind]}{count or ''}</button>"
        for kind, count in ((UP, votes.up), (DOWN, votes.down))
    )
    return f'<span class="votes" data-votes>{drawn}</span>'


def name_of(comment: Comment) -> str:
    """Under which name a comment stands."""
    if comment.author_id is None:
        return _("Somebody who left")
    known = getattr(comment, "author_name", None)
    return shown_name(comment.author_id, comment.author.display_name if known is None else known)  # type: ignore[union-attr]


def _item(told: Told, page: Page, words: dict[str, str], more: str = "") -> str:
    comment = told.comment
    under = f' data-under="{told.above.comment.pk}"' if told.above else ""
    drawn = _kept_comment(told, page, words)
    if comment.is_shown and not told.is_own:
        if getattr(comment, "is_blocked", False):
            drawn = _aside(words["blocked"], drawn)
        elif getattr(comment, "is_by_word", False):
            drawn = _aside(words["by word"], drawn)
    goes_on = f'<a class="link" href="{comment_address(comment.pk, "thread/")}">{words["goes on"]}</a>'
    return (
        f'<li id="comment-{comment.pk}"{under}{more}>{drawn}{_answers(told, page, words)}'
        f"{goes_on if told.goes_on else ''}</li>"
    )


def _aside(why: str, drawn: str) -> str:
    return f'<details class="aside"><summary>{why}</summary>{drawn}</details>'


def _answers(told: Told, page: Page, words: dict[str, str]) -> str:
    if not told.answers:
        return ""
    count = len(told.answers)
    summary = escape(ngettext("%(n)d answer", "%(n)d answers", count) % {"n": count})
    items = "".join(_item(answer, page, words) for answer in told.answers)
    return f'<details class="answers" open><summary>{summary}</summary><ol>{items}</ol></details>'


def _kept_comment(told: Told, page: Page, words: dict[str, str]) -> str:
    """A comment as it was drawn for others: most readers see the same of it, until the minute its age is another."""
    comment = told.comment
    if told.is_own or told.is_beside or not comment.is_shown:
        return _comment(told, page, words)
    key = (
        get_language(), get_script_prefix(), page.zone.key, page.is_user, page.is_open,
        comment.pk, comment.author_id, getattr(comment, "author_name", ""), comment.html, comment.posted_at,
        age_in_words(comment.posted_at, page.now, page.zone), comment.edited_at, comment.up_count, comment.down_count,
        getattr(comment, "own_vote", None), getattr(comment, "is_blocked", False), told.is_new, told.is_chosen,
    )  # fmt: skip
    drawn = _kept.get(key)
    if drawn is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        drawn = _kept[key] = _comment(told, page, words)
    return drawn


def _comment(told: Told, page: Page, words: dict[str, str]) -> str:
    """What one comment says, and what can be done about it; of one that is gone, that it is."""
    comment = told.comment
    if not comment.is_shown and not (told.is_own and comment.state != State.DELETED):
        return f'<p class="comment meta" data-comment="{comment.pk}" tabindex="-1">{words[comment.state]}</p>'
    name = escape(name_of(comment))
    label = escape(_("Comment by %(name)s")) % {"name": name}
    waits = ""
    if not comment.is_shown:
        waits = f'<p class="quiet">{words["own removed" if comment.state == State.REMOVED else "own held"]}</p>'
    return (
        f'<article class="comment{" chosen" if told.is_chosen else ""}" aria-label="{label}"'
        f' data-comment="{comment.pk}" tabindex="-1">{_byline(told, name, page, words)}{waits}'
        f'<div class="body" dir="auto">{comment.html}</div>{_ways(told, page, words)}</article>'
    )


def _byline(told: Told, name: str, page: Page, words: dict[str, str]) -> str:
    """Who wrote a comment, when, and what is to be known about it; its time is its permanent address."""
    comment = told.comment
    address = comment_address(comment.pk)
    parts = [f"<b><bdi>{name}</bdi></b>", f'<a href="{address}">{time_ago(comment.posted_at, page.zone, page.now)}</a>']
    if comment.edited_at:
        parts.append(words["edited"])
    if told.is_beside:
        parts.append(_answered(told))
    if told.is_new:
        parts.append(f'<b class="fresh">{words["new"]}</b>')
    return f'<p class="meta">{DOT.join(parts)}</p>'


def _answered(told: Told) -> str:
    """Whom an answer answers, where it does not stand under them."""
    answered = told.answered
    if answered and answered.is_shown:
        said = _("in answer to %(name)s") % {"name": name_of(answered)}
    else:
        said = _("in answer to another comment")
    return f'<a href="{comment_address(told.comment.parent_id or 0)}">{escape(said)}</a>'


def _ways(told: Told, page: Page, words: dict[str, str]) -> str:
    """The votes on a comment, and the ways to answer, change, delete or flag it, or to block its author."""
    comment, pk = told.comment, told.comment.pk
    parts = [_votes(told, page, words)]
    if page.is_open and comment.is_shown:
        parts.append(f'<a class="link plain" href="{comment_address(pk, "answer/")}" data-form>{words["answer"]}</a>')
    if told.is_own:
        parts += _ways_of_author(comment, page, words)
    elif page.is_user:
        parts.append(f'<a class="link plain" href="{comment_address(pk, "flag/")}">{words["flag"]}</a>')
        parts.append(_block_button(comment, words))
    drawn = "".join(parts)
    return f'<div class="ways">{drawn}</div>' if drawn else ""


def _block_button(comment: Comment, words: dict[str, str]) -> str:
    """Folds away all that its author writes, or lets them be heard again."""
    if comment.author_id is None:
        return ""
    value, verb = ("no", "unblock") if getattr(comment, "is_blocked", False) else ("yes", "block")
    said = words[f"{verb} whom"] % {"name": escape(name_of(comment))}
    return (
        f'<button class="link plain" form="{FORM}" formaction="{block_address(comment.author_id)}" name="blocked"'
        f' value="{value}" aria-label="{said}">{words[verb]}</button>'
    )


def _ways_of_author(comment: Comment, page: Page, words: dict[str, str]) -> Iterable[str]:
    left = time_to_edit(comment, page.now)
    if left > timedelta() and comment.state in (State.SHOWN, State.HELD):
        address = comment_address(comment.pk, "edit/")
        small = f"<small>({escape(time_left(left))})</small>"
        yield f'<a class="link plain" href="{address}" data-form><span>{words["edit"]}&nbsp;{small}</span></a>'
    if comment.state != State.REMOVED:
        address = comment_address(comment.pk, "delete/")
        yield (
            f'<button class="link plain" form="{FORM}" formaction="{address}" data-removes=".comment">'
            f"{words['delete']}</button>"
        )


def time_left(left: timedelta) -> str:
    """Such as "5 h left"."""
    hours, minutes = left // timedelta(hours=1), max(left // timedelta(minutes=1), 1)
    if hours:
        return _("%(n)d h left") % {"n": hours}
    return _("%(n)d min left") % {"n": minutes}


def _votes(told: Told, page: Page, words: dict[str, str]) -> str:
    comment = told.comment
    if page.is_user and comment.is_shown and not told.is_own:
        own = own_vote(getattr(comment, "own_vote", None))
        return vote_buttons(comment.pk, Votes(comment.up_count, comment.down_count, own))
    counted = ((UP, comment.up_count), (DOWN, comment.down_count))
    drawn = "".join(f"<span>{words[kind]}{count}</span>" for kind, count in counted if count)
    return f'<span class="votes">{drawn}</span>' if drawn else ""
