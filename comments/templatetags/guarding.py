"""What templates/comments/_guard.html says of the moment it was made."""

from django import template
from django.template.context import Context
from django.utils import timezone

from comments.stamps import stamp_for

register = template.Library()


@register.simple_tag(takes_context=True)
def form_stamp(context: Context) -> str:
    request = context.get("request")
    return stamp_for(request.POST if request else {}, timezone.now())
