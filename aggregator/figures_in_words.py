"""Figures of a story's page in the words of the page's language: "3 of 4 sources · 0 of 11 elsewhere"."""

from collections.abc import Callable
from functools import lru_cache, wraps

from django.template.defaultfilters import floatformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from aggregator.comparing.sections import Silence


def kept_by_language(write: Callable[..., str]) -> Callable[..., str]:
    """The same few counts stand a hundred times on a page: each is put into words once for all pages of a language."""

    @lru_cache(maxsize=4096)
    def written(language: str, counts: tuple[int, ...]) -> str:  # language: only tells them apart
        return write(*counts)

    @wraps(write)
    def found(*counts: int) -> str:
        return written(get_language() or "en", counts)

    return found


@kept_by_language
def word_counts(here: int, sources: int, there: int) -> str:
    """Such as "9 sentences · 3 sources · 4 elsewhere"."""
    elsewhere = _("%(n)s elsewhere") % {"n": there}
    return f"{of_sentences(here)} · {sources_in_words(sources)} · {elsewhere}"


@kept_by_language
def only_counts(sources: int, of: int, looked_through: int) -> str:
    """Such as "3 of 4 sources · 0 of 11 elsewhere"."""
    elsewhere = _("0 of %(n)s elsewhere") % {"n": looked_through}
    return f"{of_sources(sources, of)} · {elsewhere}"


def silence_in_words(one: Silence) -> str:
    """Such as "0 of 14 polled sources · usually 5 sources tell a story like this (counted over 40 stories)"."""
    usually = ngettext(
        "usually %(usually)s sources tell a story like this (counted over %(n)s story)",
        "usually %(usually)s sources tell a story like this (counted over %(n)s stories)",
        one.stories,
    ) % {"n": one.stories, "usually": floatformat(one.usually, "-1")}
    return f"{of_polled(0, one.polled)} · {usually}"


@kept_by_language
def of_polled(sources: int, polled: int) -> str:
    """Such as "9 of 14 polled sources"."""
    words = ngettext("%(n)s of %(all)s polled source", "%(n)s of %(all)s polled sources", polled)
    return words % {"n": sources, "all": polled}


@kept_by_language
def of_sources(sources: int, of: int) -> str:
    return ngettext("%(n)s of %(all)s source", "%(n)s of %(all)s sources", of) % {"n": sources, "all": of}


@kept_by_language
def of_sentences(count: int) -> str:
    return ngettext("%(n)s sentence", "%(n)s sentences", count) % {"n": count}


@kept_by_language
def sources_in_words(count: int) -> str:
    return ngettext("%(n)s source", "%(n)s sources", count) % {"n": count}


@kept_by_language
def quoted_words(count: int) -> str:
    return ngettext("%(n)s word", "%(n)s words", count) % {"n": count}


@kept_by_language
def countries_in_words(count: int) -> str:
    return ngettext("%(n)s country", "%(n)s countries", count) % {"n": count}


@kept_by_language
def more_sentences(count: int) -> str:
    return ngettext("and %(n)s more sentence", "and %(n)s more sentences", count) % {"n": count}


@kept_by_language
def hidden_in_words(count: int) -> str:
    """Such as "2 sentences hidden by your choices"."""
    said_so = ngettext("%(n)s sentence hidden by your choices", "%(n)s sentences hidden by your choices", count)
    return said_so % {"n": count}
