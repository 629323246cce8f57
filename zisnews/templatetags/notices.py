"""What a page says of the change before it."""

from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.template.context import Context

from zisnews.messages import way_back

register = template.Library()


@register.inclusion_tag("_notice.html", takes_context=True)
def notice(context: Context, message: Message) -> dict[str, Any]:
    """One message, with the form that takes back what it tells of, where that can be."""
    path, fields = way_back(message)
    return {
        "text": message.message,
        "tone": message.level_tag,
        "undo": path,
        "fields": fields,
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
    }
