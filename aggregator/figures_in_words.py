"""Figures of a story's page in the words of the page's language: "3 of 4 sources · 0 of 11 elsewhere"."""

from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


# The same few counts stand a hundred times on a page; `language` is the page's, and only tells them apart.
@lru_cache(maxsize=4096)
def word_counts(here: int, sources: int, there: int, language: str) -> str:
    """Such as "9 sentences · 3 sources · 4 elsewhere"."""
    elsewhere = _("%(n)s elsewhere") % {"n": there}
    return f"{of_sentences(here)} · {sources_in_words(sources)} · {elsewhere}"


@lru_cache(maxsize=4096)
def only_counts(sources: int, of: int, looked_through: int, language: str) -> str:
    """Such as "3 of 4 sources · 0 of 11 elsewhere"."""
    elsewhere = _("0 of %(n)s elsewhere") % {"n": looked_through}
    return f"{of_sources(sources, of)} · {elsewhere}"


def of_sources(sources: int, of: int) -> str:
    return ngettext("%(n)s of %(all)s source", "%(n)s of %(all)s sources", of) % {"n": sources, "all": of}


def of_sentences(count: int) -> str:
    return ngettext("%(n)s sentence", "%(n)s sentences", count) % {"n": count}


def sources_in_words(count: int) -> str:
    return ngettext("%(n)s source", "%(n)s sources", count) % {"n": count}


def quoted_words(count: int) -> str:
    return ngettext("%(n)s word", "%(n)s words", count) % {"n": count}
