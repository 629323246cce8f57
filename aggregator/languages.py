"""The languages our sources write in, to choose from."""

from feeds.language_tags import primary_tag
from feeds.models import Source


def languages_offered() -> list[str]:
    """The primary tags of our sources' languages, as Article.language has them, in alphabetical order. One query."""
    tags = Source.objects.order_by().values_list("language", flat=True).distinct()
    return sorted({primary_tag(tag) for tag in tags} - {""})


def languages_to_hide(read: set[str]) -> set[str]:
    """The languages of ours that somebody hides who reads only these; none where they read none: nobody wants that."""
    offered = set(languages_offered())
    return offered - read if read & offered else set()
