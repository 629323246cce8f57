"""The names of languages. Which one a text is in, languages.py tells, with a model that is large. Pure."""

import re
from functools import lru_cache

_PRIMARY = re.compile(r"[a-zA-Z]{2,3}")
# Old codes, and the languages of which the model tells varieties apart that newspapers do not.
_SAME = {
    "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "sh": "sr", "fil": "tl", "nb": "no", "nn": "no", "cmn": "zh",
    "wuu": "zh", "yue": "zh", "ary": "ar", "arz": "ar", "sdh": "ku", "ckb": "ku", "uzs": "uz", "hbo": "he", "grc": "el",
    "zxx": "", "und": "", "mul": "",
}  # fmt: skip


@lru_cache(maxsize=1_000)  # the model names 140 languages for each page
def primary_tag(tag: str) -> str:
    """Return the language of a BCP-47 tag or a locale in its present form: "EN_us" → "en", "iw" → "he"."""
    found = _PRIMARY.match(tag.strip())
    return _SAME.get(found[0].lower(), found[0].lower()) if found else ""
