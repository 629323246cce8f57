"""Text to words in one normal form, shared by search, keywords and stories. Touches neither network nor database.

The rules are those of the keyword promise: whatever a reader blocks, searches or compares meets the same words.
A *word* is the normal form readers' words are compared in; a *lexeme* is what is stored for it. One word may
leave several lexemes at its position: ``Bob's`` leaves ``bob's`` and ``bob``, ``US`` leaves ``us`` and ``US``
(capitals are how a stored lexeme says "this stood in capitals").
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex


class Token(NamedTuple):
    """A word where it stands.

    position:       counts from 1; two neighbours differ by 1, or by 2 where punctuation parts unspaced scripts
    is_acronym:     it stood in capitals, 2 to 4 letters, with or without dots: US, U.S.
    is_hyphenated:  a hyphen ties it to the next token, as "super" in super-bad
    """

    word: str
    position: int
    is_acronym: bool = False
    is_hyphenated: bool = False


def tokens(text: str) -> list[Token]:
    """The words of a text in order, hyphenated ones as their parts; a token per character in unspaced scripts."""
    found: list[Token] = []
    position = 1
    for words, _, width in map(_placed, pieces(text)):
        for place, (word, is_acronym) in enumerate(words, 1):
            found.append(Token(word, position, is_acronym, place < len(words)))
            position += 1
        position += width - len(words)
    return found


def lexemes(text: str) -> list[tuple[str, int]]:
    """Everything a text is found by, as (lexeme, position), positions as in `tokens`.

    The joined form of a hyphenated word stands at the first and at the last of its parts, so that a phrase may
    begin or end with it: ``superbad`` finds super-bad, and so does ``superbad movie`` find "super-bad movie".
    """
    found: list[tuple[str, int]] = []
    position = 1
    for _, placed, width in map(_placed, pieces(text)):
        for lexeme, offset in placed:
            found.append((lexeme, position + offset))
        position += width
    return found


def normalise(text: str) -> str:
    """The words of a text in their normal form, a space between them."""
    return " ".join(token.word for token in tokens(text))


def acronym_lexeme(word: str) -> str:
    """The lexeme under which a word in its normal form is stored where it stood in capitals."""
    return word.upper()


def is_unspaced(word: str) -> bool:
    """Whether a word is one character of a script that writes no spaces: Han, kana, Thai, Lao, Khmer, Burmese."""
    return len(word) == 1 and word > "\u0dff" and _UNSPACED_CHARACTER.match(word) is not None


def is_hangul(word: str) -> bool:
    """Whether a word is Korean, where particles follow the noun within the word."""
    return _HANGUL.match(word) is not None


def cleaned(text: str) -> str:
    """The text in NFKC, one kind of apostrophe and one of hyphen, nothing invisible. Case stays."""
    if text.isascii():
        return text.replace("`", "'")
    text = _INVISIBLE.sub("", text).translate(_PUNCTUATION)
    return _GERSHAYIM.sub("", unicodedata.normalize("NFKC", text))


# The scripts whose words stand without spaces; the katakana length mark and the kana repeat marks belong to several
# scripts at once, hence to none by property.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー〆〱-〵"
_CHARACTER = rf"[[\p{{L}}\p{{N}}\p{{M}}]&&[{_UNSPACED}]]"
_START = rf"[[\p{{L}}\p{{N}}]--[{_UNSPACED}\p{{Hangul}}]]"
_REST = rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{_UNSPACED}\p{{Hangul}}]]"


def _piece_pattern(start: str, rest: str, letter: str, digit: str) -> str:
    """A run of units tied by hyphens. A unit: a dotted acronym, or letters with apostrophes, digits with 3.5 or 1,000.

    Each repeated part begins with a character the part before it can not hold, so matching stays linear.
    """
    acronym = rf"{letter}(?:\.{letter})+(?!{rest})"
    letters = rf"{start}{rest}*+(?:(?<={digit})[.,](?={digit}){rest}++)*+"
    unit = rf"(?:{acronym}|{letters})(?:'{start}{rest}*+)*+"
    return rf"{unit}(?:-{unit})*+"


# Of the two engines the standard one reads plain letters in a third of the time.
_ASCII_PIECE = re.compile(_piece_pattern("[A-Za-z0-9]", "[A-Za-z0-9]", "[A-Za-z]", "[0-9]"))
_PIECE = regex.compile(
    _piece_pattern(_START, _REST, rf"[\p{{L}}--[{_UNSPACED}\p{{Hangul}}]]", r"\p{N}")
    + r"|\p{Hangul}++"
    + rf"|{_CHARACTER}"
    + rf"|(?<={_CHARACTER})[^\p{{L}}\p{{N}}\p{{M}}]++(?={_CHARACTER})",
    regex.V1,
)
_UNSPACED_CHARACTER = regex.compile(_CHARACTER, regex.V1)
_HANGUL = regex.compile(r"\p{Hangul}")
_WORDLESS = regex.compile(r"[^\p{L}\p{N}\p{M}]++")
# Between unspaced characters a sentence may end (挑战。争取 does not hold 战争), but a space is only layout and a
# middle dot stands inside names (唐纳德·特朗普).
_NO_BREAK = regex.compile(r"[\s·・‧•'-]++")

_INVISIBLE = regex.compile(r"[\p{Cf}\p{DI}]++")
# Hebrew acronyms carry a double quote before their last letter.
_GERSHAYIM = regex.compile(r"(?<=\p{Hebrew})[\"″״](?=\p{Hebrew}(?!\p{Hebrew}))")
# Typographic quotes and dashes become plain ones, so that most texts in English are ASCII, and read twice as fast.
_PUNCTUATION = str.maketrans(
    dict.fromkeys("`´‘’‚‛′ʹʻʼʽʾʿˈ׳՚ꞌꞋ＇᾽᾿", "'")
    | dict.fromkeys("‐‑‒–−־֊﹣－", "-")
    | dict.fromkeys("“”„«»", '"')
    | {"—": ";", "ŉ": "'n"}
)


def pieces(text: str) -> list[str]:
    """The runs of a text that `words_of` reads; between characters of unspaced scripts also what parts them."""
    text = cleaned(text)
    return (_ASCII_PIECE if text.isascii() else _PIECE).findall(text)


def words_of(piece: str) -> list[str]:
    """The words of one piece, as `tokens` gives them: who asks once for each piece he meets is spared the tokens."""
    return [word for word, _is_acronym in _placed(piece).words]


class _Placed(NamedTuple):
    """What one piece of text leaves: its words in order, (lexeme, offset) pairs, and how many positions it takes."""

    words: tuple[tuple[str, bool], ...]
    lexemes: tuple[tuple[str, int], ...]
    width: int


@lru_cache(maxsize=30_000)
def _placed(piece: str) -> _Placed:
    if piece.isascii() and piece.isalnum() and not piece.isupper():  # most are, and have one form
        word = piece.lower()
        return _Placed(((word, False),), ((word, 0),), 1)
    if _WORDLESS.match(piece):
        return _Placed((), (), 0 if _NO_BREAK.fullmatch(piece) else 1)
    units = [unit for unit in map(_unit, piece.split("-")) if unit.forms[0]]
    found = [(form, offset) for offset, unit in enumerate(units) for form in unit.forms]
    if len(units) > 1:
        found += [(form, offset) for form in _joined(units) for offset in (0, len(units) - 1)]
    words = tuple((unit.forms[0], unit.is_acronym) for unit in units)
    return _Placed(words, tuple(dict.fromkeys(found)), len(units))


class _Unit(NamedTuple):
    """A word without hyphens: its lexemes, the normal form first."""

    forms: tuple[str, ...]
    is_acronym: bool


def _unit(raw: str) -> _Unit:
    raw = _DOT_BETWEEN_LETTERS.sub("", raw)
    forms: list[str] = []
    for form in [raw, *_released(raw)]:
        word = folded(form)
        forms.append(word)
        if _in_capitals(form):
            forms.append(acronym_lexeme(word))
    return _Unit(tuple(forms), _in_capitals(raw) and len(raw) <= 4 and raw.isalpha())


def _joined(units: list[_Unit]) -> list[str]:
    """``superbad`` for super-bad; without its elision and possessive too, as each part alone would be."""
    middle = "".join(unit.forms[0] for unit in units[1:-1])
    starts = [form for form in units[0].forms if not form.isupper()]
    ends = [form for form in units[-1].forms if not form.isupper()]
    return [start + middle + end for start in starts for end in ends]


_DOT_BETWEEN_LETTERS = regex.compile(r"(?<=\p{L})\.(?=\p{L})")
_LATIN = regex.compile(r"[\p{Latin}\p{N}]")
_LONG_ELISIONS = {
    *("all", "dall", "dell", "nell", "sull", "coll", "quell", "quest", "bell", "sant"),
    *("lorsqu", "puisqu", "quoiqu", "jusqu", "presqu"),
}
_ELIDED_ARTICLES = _LONG_ELISIONS | {"l", "d"}
_CONTRACTIONS = {"t", "re", "ve", "ll", "d", "m", "em"}


def _released(word: str) -> Iterator[str]:
    """The words an apostrophe ties to something shorter: Bob's → Bob, l'orange → orange, Ankara'nın → Ankara.

    An elision of one or two letters releases four letters or more, so that j'ai does not hold AI; capitals after an
    article (l'UE) can only be the acronym. English contractions (won't, she'll) release nothing.
    """
    if "'" not in word or not _LATIN.match(word):
        return
    elision, _, stem = word.partition("'")
    is_elision = len(elision) <= 2 or elision.lower() in _LONG_ELISIONS
    is_acronym = _in_capitals(stem) and (elision.islower() or elision.lower() in _ELIDED_ARTICLES)
    if is_elision and (len(stem) >= 4 or is_acronym):
        yield stem
    stem, _, suffix = word.rpartition("'")
    suffix = suffix.lower()
    is_inflected = len(suffix) <= 5 and suffix not in _CONTRACTIONS and (len(stem) >= 3 or _in_capitals(stem))
    if suffix == "s" or is_inflected:
        yield stem


def _in_capitals(word: str) -> bool:
    return len(word) >= 2 and word.isupper() and "'" not in word


_ACCENTS = regex.compile(r"(?<=[\p{Latin}\p{Greek}\p{N}])\p{M}++")
_ARABIC_AND_HEBREW_POINTS = (
    *range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7,
    0x0640, *range(0x064B, 0x0654), *range(0x0656, 0x0660), 0x0670,
    *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE),
)  # fmt: skip
_LETTERS: dict[int, int | str | None] = {
    **dict.fromkeys(_ARABIC_AND_HEBREW_POINTS),
    **str.maketrans("أإآٱ", "اااا"),
    **str.maketrans("ёıłøđðħŧ", "еiloddht"),
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
}


def folded(word: str) -> str:
    """Letters without case, without accents in Latin and Greek; Cyrillic й and every other script's marks stay."""
    if word.isascii():
        return word.lower()
    word = _ACCENTS.sub("", unicodedata.normalize("NFD", word)).casefold()
    word = unicodedata.normalize("NFC", word).translate(_LETTERS)
    return unicodedata.normalize("NFC", word)
