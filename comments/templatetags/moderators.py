"""What the admin's own pages say of comments, to those who may judge them."""

from django import template
from django.template.context import Context

from comments.figures import waiting_counts
from comments.moderation import may_moderate

register = template.Library()


@register.inclusion_tag("admin/comments/_waiting.html", takes_context=True)
def comments_waiting(context: Context) -> dict[str, int]:
    """The way to the queue, with how many comments are in it; nothing for who may not judge them."""
    request = context.get("request")
    if request is None or not may_moderate(request.user):
        return {}
    waiting, flagged = waiting_counts()
    return {"may_moderate": True, "waiting": waiting, "flagged": flagged}
