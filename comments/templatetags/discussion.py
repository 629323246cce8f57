"""What readers answer to an article, on its page."""

from typing import Any

from django import template
from django.template.context import Context

from aggregator.models import Article
from comments.reactions import answers_to

register = template.Library()


@register.inclusion_tag("comments/_reactions.html", takes_context=True)
def reactions(context: Context, article: Article) -> dict[str, Any]:
    """Like and dislike with their counts; for a reader without account, the way to log in that does it."""
    user = context.get("user")
    return {
        "article": article,
        "answers": answers_to(article, user),
        "user": user,
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
    }
