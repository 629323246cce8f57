"""Which language a text is in. The model is loaded once, at the first question, and takes 75 MB."""

import lzma
import struct
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from feeds.language_tags import primary_tag

if TYPE_CHECKING:
    import numpy as np
    from py3langid.langid import LanguageIdentifier

MAX_CHARACTERS = 1_200  # more cost time and tell no more
SHORT_TEXT = 60  # letters below which the model is believed against a hint only when it is very sure
VERY_SURE, SURE, UNSURE, RULED_OUT = 0.999, 0.9, 0.5, 0.02

# The languages of a script, by the first word of its letters' Unicode names; the likeliest first.
_BY_SCRIPT = {
    "ARABIC": "ar fa ur ps ku ug sd pa az",
    "ARMENIAN": "hy",
    "BENGALI": "bn as",
    "CJK": "zh ja ko",
    "CYRILLIC": "ru uk bg sr mk be kk ky mn tg tt ba uz az bs",
    "DEVANAGARI": "hi mr ne sa gom bho mai",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he yi",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
    "TIBETAN": "bo dz",
}


def language_of(text: str, *, hint: str = "") -> str:
    """Return the primary BCP-47 tag of a text's language, or "" when it cannot be told.

    hint: what the page or the feed says ("en-GB"); a short or mixed text is believed to be in it, unless it is
          written in letters that language does not use.
    """
    declared = primary_tag(hint)
    text = " ".join(text[:MAX_CHARACTERS].split())
    letters = [character for character in text if character.isalpha()]
    if len(letters) < 3:
        return declared
    possible = _BY_SCRIPT.get(_script(letters), "").split()
    if len(possible) == 1:
        return possible[0]
    if possible and declared not in possible:
        declared = ""
    likelihood = _likelihood(text)
    guess = max(likelihood, key=likelihood.__getitem__)
    if possible and (guess not in possible or likelihood[guess] < UNSURE):
        return declared or possible[0]
    if not declared:
        return guess if likelihood[guess] >= (SURE if len(letters) < SHORT_TEXT else UNSURE) else ""
    if len(letters) < SHORT_TEXT:
        return guess if likelihood[guess] >= VERY_SURE else declared
    return guess if likelihood.get(declared, 0) < RULED_OUT else declared


def _likelihood(text: str) -> dict[str, float]:
    """The model's probability of each language, those of its varieties added up."""
    languages: dict[str, float] = {}
    for tag, probability in _model().rank(text):
        language = primary_tag(tag)
        languages[language] = languages.get(language, 0.0) + float(probability)
    return languages


def _script(letters: list[str]) -> str:
    """The script most of the letters are of; Japanese is told by its syllables, few as they may be."""
    scripts: Counter[str] = Counter()
    for letter, times in Counter(letters[:400]).items():
        scripts[unicodedata.name(letter, "").partition(" ")[0]] += times
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > len(letters[:400]) / 20:
        return "HIRAGANA"
    return scripts.most_common(1)[0][0]


@lru_cache(maxsize=1)
def _model() -> "LanguageIdentifier":
    """The model, unpacked as it is read: py3langid does it in a temporary file, which the sandbox does not allow."""
    # Only the sandboxes ask; whoever merely names language_of as their task is spared 17 MB.
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
        parts = dict(_arrays(packed))
    return LanguageIdentifier(
        parts["ptc"],
        parts["pc"],
        parts["classes"].tolist(),
        _numbers(parts.pop("nextmove")),
        array("i", parts["out_feat"].tobytes()),
        norm_probs=True,
        tk_row=_numbers(parts["nextmove_row"]),
    )


def _arrays(file: IO[bytes]) -> "Iterator[tuple[str, np.ndarray]]":
    """Yield the arrays of an .npz file with their names, in one pass: numpy's reader goes back and forth.

    Each member stands there unpacked after a header of its own (PKWARE's APPNOTE.TXT, 4.3.7).
    """
    import numpy as np  # noqa: PLC0415

    while (header := file.read(30)).startswith(b"PK\x03\x04"):
        name_length, extra_length = struct.unpack("<2H", header[26:])
        name = file.read(name_length).decode()
        file.read(extra_length)
        yield name.removesuffix(".npy"), np.lib.format.read_array(file, allow_pickle=False)


def _numbers(values: "np.ndarray") -> array:
    """As an array of the standard library, which Python indexes faster than numpy's."""
    found = array({2: "H", 4: "I", 8: "L"}[values.dtype.itemsize])
    found.frombytes(memoryview(values.data).cast("B"))
    return found
