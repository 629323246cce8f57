"""What addresses say of headlines."""

from django.utils.text import slugify

SLUG_LENGTH = 80


def slug_of(title: str) -> str:
    return slugify(title, allow_unicode=True)[:SLUG_LENGTH].strip("-_")
