"""What stands around the comments on an article, and its likes: written once for all, with places for what differs.

A token is only asked for where somebody is logged in: to ask for it sets a cookie.
"""

from urllib.parse import quote

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from aggregator.models import Article
from aggregator.templatetags.shared import once
from comments.addresses import posting_address, reaction_address
from comments.pages import Discussion
from comments.reactions import Answers


def reactions(article: Article, answers: Answers, token: object | None) -> SafeString:
    """Like and dislike with their counts. token: of a user's forms; None for who has no account"""
    places = {"action": reaction_address(article.pk), "likes": answers.likes, "disliked": answers.dislikes}
    if token is None:
        return once("comments/_reactions.html", {"is_user": False, "dislikes": answers.dislikes}, places)
    values = {"is_user": True, "own": answers.own}
    return once("comments/_reactions.html", values, {**places, "csrf_token": token})


def discussion(found: Discussion, reader: int, token: object | None, stamp: str) -> SafeString:
    """The comments on an article. reader, token: of a user, 0 and None for who has no account; stamp: of a new form"""
    article, threads = found.article, found.threads
    values = {
        "is_user": token is not None,
        "closed": found.closed,
        "count": article.comment_count,
        "order": found.order,
        "has_new": threads.first_new > 0,
        "new_count": threads.new_count,
        "has_items": bool(threads.items),
        "has_chosen": found.chosen is not None,
        "has_more": bool(found.more),
        "is_deep": bool(found.after),
    }
    places: dict[str, object] = {
        "items": mark_safe(threads.items),  # noqa: S308  escaped there
        "chosen": chosen(found),
        "first_new": threads.first_new,
        "more": quote(found.more),
        "here": quote(article.get_absolute_url()),
    }
    if token is not None:
        form = {"action": posting_address(article.pk), "stamp": stamp, "reader": reader, "about": article.pk}
        places |= {**form, "csrf_token": token}
    return once("comments/_thread.html", values, places)


def chosen(found: Discussion) -> SafeString:
    """The thread that an address asks for, which comes before all others."""
    if found.chosen is None:
        return SafeString("")
    drawn = mark_safe(found.chosen_items)  # noqa: S308  escaped there
    given = {"article": found.article, "chosen": found.chosen, "items": drawn}
    return SafeString(get_template("comments/_chosen_thread.html").render(given))
