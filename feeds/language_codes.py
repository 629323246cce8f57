"""Language tags as a person writes them (BCP 47): which are none, and why. Asks nobody."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

PARTS = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)",
    re.IGNORECASE,
)
# Of no one language, of none, of one that nobody knows (ISO 639-2).
SPECIAL = frozenset({"mul", "zxx", "mis", "und"})


def language_tag(text: str) -> str:
    """Return a tag in its usual spelling: "PT_br" → "pt-BR". Raises ValueError with a sentence for whoever wrote it."""
    tag = text.strip().replace("_", "-")
    parts = PARTS.fullmatch(tag)
    if not parts:
        raise ValueError(
            _("“%(tag)s” is no language tag. Write a language, then a script or region where they matter: "
              "en, pt-BR, zh-Hant.") % {"tag": tag}
        )  # fmt: skip
    language, script, region = (parts[name] or "" for name in ("language", "script", "region"))
    language, script, region = language.lower(), script.title(), region.upper()
    _refuse_unknown(language, script, region)
    return "-".join(filter(None, (language, script, region))) + parts["rest"].lower()


def _refuse_unknown(language: str, script: str, region: str) -> None:
    """Raise ValueError for a language, script or region that Unicode's register (CLDR) does not have."""
    from babel.core import get_global  # noqa: PLC0415  a large table, which only curators' forms need

    likely = get_global("likely_subtags")
    if language not in likely and language not in SPECIAL:
        raise ValueError(_said(_("There is no language “%s”."), language, get_global("language_aliases")))
    if script and script not in {part for tag in likely.values() for part in tag.split("_") if len(part) == 4}:
        raise ValueError(_("There is no script “%s”.") % script)
    if len(region) == 2 and region not in get_global("territory_currencies"):
        raise ValueError(_said(_("There is no region “%s”."), region, get_global("territory_aliases")))


def _said(sentence: str, code: str, aliases: Mapping[str, Any]) -> str:
    """The sentence, and what the code is called in the register where it is known there under another."""
    known = aliases.get(code)
    meant = known[0] if isinstance(known, list) and known else known
    return sentence % code + " " + _("Is “%s” meant?") % meant if meant else sentence % code
