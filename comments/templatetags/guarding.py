"""What templates/comments/_guard.html says of the moment it was made."""

from django import template
from django.utils import timezone

from comments.stamps import new_stamp

register = template.Library()


@register.simple_tag
def form_stamp() -> str:
    return new_stamp(timezone.now())
