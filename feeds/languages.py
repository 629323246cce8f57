"""Which language a text is in. The model is loaded once, at the first question, and takes 75 MB."""

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

MAX_CHARACTERS = 3_000
SHORT_TEXT = 60  # characters below which the model is believed against a hint only when it is very sure
VERY_SURE, SURE, UNSURE = 0.999, 0.9, 0.5

_PRIMARY = re.compile(r"[a-zA-Z]{2,3}")
_SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "mo": "ro", "cmn": "zh", "sh": "sr", "fil": "tl"}


def language_of(text: str, *, hint: str = "") -> str:
    """Return the primary BCP-47 tag of a text's language, or "" when it cannot be told.

    hint: what the page or the feed says ("en-GB"); a short or mixed text is believed to be in it.
    """
    declared = primary_tag(hint)
    text = " ".join(text[:MAX_CHARACTERS].split())
    letters = sum(character.isalpha() for character in text)
    if letters < 3:
        return declared
    guess, sureness = _model().classify(text)
    guess = primary_tag(guess)
    if guess == declared:
        return declared
    against_hint, without_hint = (VERY_SURE, SURE) if letters < SHORT_TEXT else (SURE, UNSURE)
    return guess if sureness >= (against_hint if declared else without_hint) else declared


def primary_tag(tag: str) -> str:
    """Return the language of a BCP-47 tag or a locale in its present form: "EN_us" → "en", "iw" → "he"."""
    found = _PRIMARY.match(tag.strip())
    return _SAME.get(found[0].lower(), found[0].lower()) if found else ""


@lru_cache(maxsize=1)
def _model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
