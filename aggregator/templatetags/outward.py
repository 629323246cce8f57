"""Addresses that lead out of the site, looked at once more: they were checked when they were stored."""

from django import template

register = template.Library()


@register.filter
def outward(address: str) -> str:
    """An address of the web (http or https), or "" for any other, which a page must not lead to."""
    return address if address.lower().startswith(("http://", "https://")) else ""
