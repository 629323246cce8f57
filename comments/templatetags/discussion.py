"""What readers answer to an article, on its page. What each comment has is written here in one step: a page holds
hundreds, and an {% include %} for each part would cost ten times as much.
"""

from datetime import datetime, timedelta
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models.users import display_name_of
from aggregator.models import Article
from aggregator.templatetags.moments import reader_zone, time_ago
from comments.discussion import time_to_edit
from comments.models import Comment
from comments.pages import discussion_of
from comments.reactions import answers_to
from comments.threads import Told
from comments.votes import DOWN, UP, Votes, own_vote

register = template.Library()

DOT = " · "
FORM = "acts"  # the one form of a page that buttons belong to (templates/_actions.html)


@register.inclusion_tag("comments/_reactions.html", takes_context=True)
def reactions(context: Context, article: Article) -> dict[str, Any]:
    """Like and dislike with their counts; for a reader without account, the way to log in that does it."""
    user = context.get("user")
    return {"answers": answers_to(article, user)} | around(context, article)


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def discussion(context: Context, article: Article) -> dict[str, Any]:
    """The comments on an article, and the form to write one."""
    return discussion_of(context["request"], article) | around(context, article)


def around(context: Context, article: Article) -> dict[str, Any]:
    """What the parts of a discussion need of the page they stand on."""
    names = ("user", "request", "csrf_token", "preferences")
    return {"article": article} | {name: context.get(name) for name in names}


@register.simple_tag
def name_of(comment: Comment) -> str:
    """Under which name a comment stands."""
    return display_name_of(comment.author) if comment.author else _("Somebody who left")


@register.simple_tag(takes_context=True)
def byline(context: Context, told: Told) -> SafeString:
    """Who wrote a comment, when, and what is to be known about it; its time is its permanent address."""
    comment = told.comment
    age = time_ago(comment.posted_at, reader_zone(context))
    parts = [f"<b><bdi>{escape(name_of(comment))}</bdi></b>", f'<a href="{address(comment)}">{age}</a>']
    if comment.edited_at:
        parts.append(escape(_("edited")))
    if told.answered:
        parts.append(answered(told.answered))
    if told.is_new:
        parts.append(f'<b class="fresh">{escape(_("new"))}</b>')
    return mark_safe(f'<p class="meta">{DOT.join(parts)}</p>')  # noqa: S308


def answered(comment: Comment) -> str:
    """Whom an answer answers, where it does not stand under them."""
    name = name_of(comment) if comment.is_shown else _("a comment that is gone")
    return f'<a href="{address(comment)}">{escape(_("in answer to %(name)s") % {"name": name})}</a>'


@register.simple_tag(takes_context=True)
def what_to_do(context: Context, told: Told) -> SafeString:
    """The votes on a comment, and the ways to answer, change, delete or flag it, or to block its author."""
    comment, user = told.comment, context.get("user")
    parts = [votes_on(comment, can_vote=bool(user and user.is_authenticated) and not told.is_own)]
    if context.get("closed") or not comment.is_shown:
        pass
    elif user and user.is_authenticated:
        parts.append(link("answer_comment", comment, _("Answer"), "data-form"))
    if told.is_own:
        parts += ways_of_author(comment, timezone.now())
    elif user and user.is_authenticated:
        parts.append(link("flag_comment", comment, _("Flag")))
        parts.append(block_button(comment))
    return mark_safe(f'<div class="ways">{"".join(parts)}</div>')  # noqa: S308


def block_button(comment: Comment) -> str:
    """Fold away all that its author writes, or hear them again."""
    if comment.author is None:
        return ""
    is_blocked = getattr(comment, "is_blocked", False)
    value, words = ("no", _("Unblock")) if is_blocked else ("yes", _("Block"))
    said = escape((_("Unblock %(name)s") if is_blocked else _("Block %(name)s")) % {"name": name_of(comment)})
    action = reverse("block_reader", args=[comment.author.pk])
    return (
        f'<button class="link plain" form="{FORM}" formaction="{action}" name="blocked" value="{value}"'
        f' aria-label="{said}">{escape(words)}</button>'
    )


def ways_of_author(comment: Comment, now: datetime) -> list[str]:
    left = time_to_edit(comment, now)
    ways = []
    if left > timedelta() and comment.state != Comment.State.HIDDEN:
        words = f"{escape(_('Edit'))} <small>({escape(time_left(left))})</small>"
        ways.append(f'<a class="link plain" href="{address(comment, "edit_comment")}" data-form>{words}</a>')
    action = address(comment, "delete_comment")
    button = f'<button class="link plain" form="{FORM}" formaction="{action}" data-removes=".comment">'
    ways.append(f"{button}{escape(_('Delete'))}</button>")
    return ways


def time_left(left: timedelta) -> str:
    """Such as "5 h left"."""
    hours, minutes = left // timedelta(hours=1), max(left // timedelta(minutes=1), 1)
    if hours:
        return ngettext("%(n)d h left", "%(n)d h left", hours) % {"n": hours}
    return ngettext("%(n)d min left", "%(n)d min left", minutes) % {"n": minutes}


def votes_on(comment: Comment, *, can_vote: bool) -> str:
    own = own_vote(getattr(comment, "own_vote", None))
    votes = Votes(comment.up_count, comment.down_count, own)
    if can_vote and comment.is_shown:
        return vote_buttons(comment.pk, votes)
    counted = [(UP, votes.up, _("Good: %(n)d")), (DOWN, votes.down, _("Not good: %(n)d"))]
    shown = [f'<span class="meta">{sign(kind, words % {"n": n})}{n}</span>' for kind, n, words in counted if n]
    return f'<span class="votes">{"".join(shown)}</span>' if shown else ""


@register.simple_tag
def vote_buttons(pk: int, votes: Votes) -> SafeString:
    """Both buttons to vote on a comment; the one that is pressed takes the vote back."""
    address = reverse("vote_on_comment", args=[pk])
    buttons = ""
    for kind, count, words in ((UP, votes.up, _("Good")), (DOWN, votes.down, _("Not good"))):
        is_own = votes.own == kind
        buttons += (
            f'<button class="link plain" form="{FORM}" formaction="{address}" name="vote"'
            f' value="{"none" if is_own else kind}" aria-pressed="{"true" if is_own else "false"}">'
            f"{sign(kind, words)}{count or ''}</button>"
        )
    return mark_safe(f'<span class="votes" data-votes>{buttons}</span>')  # noqa: S308


def sign(kind: str, words: str) -> str:
    icon = "like" if kind == UP else "dislike"
    sprite = static("icons/sprite.svg")
    said = escape(words)
    return f'<svg class="icon" role="img" aria-label="{said}"><use href="{sprite}#{icon}"/></svg>'


def link(name: str, comment: Comment, words: str, more: str = "") -> str:
    return f'<a class="link plain" href="{address(comment, name)}" {more}>{escape(words)}</a>'


def address(comment: Comment, name: str = "comment") -> str:
    return reverse(name, args=[comment.pk])
