"""Bytes → text: the encoding a feed is really in, whatever its server and its first line say. Pure."""

import codecs
import re
from itertools import pairwise

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROLOG = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)

# What a label means in practice (WHATWG Encoding Standard): the superset that writers really use.
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254",
    "iso8859-11": "cp874", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_SEVEN_BIT = ("iso2022_jp", "iso2022_kr", "hz")
_REFUSED = ("utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "charmap", "mbcs", "oem")

_LANGUAGE = re.compile(rb"""(?:<(?:dc:)?language>|xml:lang=["'])\s*([A-Za-z]{2}(?:-[A-Za-z]{2})?)""")
_ENCODING_OF_LANGUAGE = {
    "pl": "cp1250", "cs": "cp1250", "sk": "cp1250", "hu": "cp1250", "hr": "cp1250", "sl": "cp1250", "ro": "cp1250",
    "ru": "cp1251", "uk": "cp1251", "bg": "cp1251", "be": "cp1251", "mk": "cp1251", "sr": "cp1251", "el": "cp1253",
    "tr": "cp1254", "az": "cp1254", "he": "cp1255", "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "lt": "cp1257",
    "lv": "cp1257", "et": "cp1257", "vi": "cp1258", "th": "cp874", "ja": "cp932", "ko": "cp949", "zh": "gb18030",
    "zh-tw": "big5hkscs", "zh-hk": "big5hkscs", "en": "cp1252", "fr": "cp1252", "de": "cp1252", "es": "cp1252",
    "pt": "cp1252", "it": "cp1252", "nl": "cp1252", "sv": "cp1252", "da": "cp1252", "no": "cp1252", "fi": "cp1252",
}  # fmt: skip

# Share of characters beyond ASCII that may be unreadable before another encoding is tried. Of UTF-8 many may be: no
# other text looks like it, and whatever else is tried garbles all that was well.
DAMAGE_ALLOWED, DAMAGE_ALLOWED_IN_UTF_8 = 0.1, 0.5
GUESS_BYTES = 65_536


def decode(body: bytes, *, content_type: str = "") -> tuple[str, str]:
    """The text, and a sentence for curators where the document is not in the encoding it declares ("" if it is).

    In order: byte order mark; UTF-16 or -32 by its zeros; UTF-8 where the bytes are that, whatever is declared
    (text in another encoding is as good as never valid UTF-8); the charset of the HTTP header, then of the XML
    prolog (RFC 7303, section 3), but a header of ISO-8859-1 is a server's default and comes second; a guess.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), ""
    wide = _wide_encoding(body[:4])
    if wide:
        return body.decode(wide, "replace"), ""
    declared = _declared(body, content_type)
    if body.isascii():
        seven_bit = next((encoding for encoding in declared if encoding in _SEVEN_BIT), "ascii")
        return body.decode(seven_bit, "replace"), ""
    return _decode_beyond_ascii(body, declared)


def _decode_beyond_ascii(body: bytes, declared: list[str]) -> tuple[str, str]:
    for encoding in ["utf-8", *declared, _of_language(body), _guess(body)]:
        text, damage = _try(body, encoding)
        if damage <= (DAMAGE_ALLOWED_IN_UTF_8 if encoding == "utf-8" else DAMAGE_ALLOWED):
            break
    if declared and encoding not in declared:
        return text, f"The document is declared as {declared[0]}, but was read as {encoding}."
    if not declared and encoding != "utf-8":
        return text, f"The document declares no encoding and is not UTF-8; it was read as {encoding}."
    if damage:
        return text, f"Some characters are not valid {encoding} and could not be read."
    return text, ""


def _try(body: bytes, encoding: str) -> tuple[str, float]:
    """The text in an encoding, and the share of its characters beyond ASCII that could not be read."""
    try:
        return body.decode(encoding), 0.0
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
        return text, text.count("\ufffd") / max(1, sum(not sign.isascii() for sign in text))


def _wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, told by where the zeros of its first character stand."""
    if len(start) < 4:
        return ""
    zeros = "".join("." if byte else "0" for byte in start)
    return {".0.0": "utf-16-le", "0.0.": "utf-16-be", ".000": "utf-32-le", "000.": "utf-32-be"}.get(zeros, "")


def _declared(body: bytes, content_type: str) -> list[str]:
    """Python's names of the encodings that the header and the prolog name, the more trustworthy first."""
    header = _CHARSET.search(content_type)
    prolog = _PROLOG.search(body[:1024])
    named = [
        _codec(header[1]) if header else "",
        _codec(prolog[1].decode("ascii")) if prolog else "",
    ]
    if named[0] == "cp1252" and named[1]:
        named.reverse()
    return [name for name in named if name]


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    if name in _REFUSED or name.startswith(("utf-16", "utf-32")) or not codecs.lookup(name)._is_text_encoding:
        return ""
    return _SUPERSETS.get(name, name)


def _of_language(body: bytes) -> str:
    """The usual 8-bit encoding of the language the feed says it is in, or of Western Europe."""
    found = _LANGUAGE.search(body[:8192])
    language = found[1].decode("ascii").lower() if found else ""
    return _ENCODING_OF_LANGUAGE.get(language) or _ENCODING_OF_LANGUAGE.get(language[:2], "utf-8")


def _guess(body: bytes) -> str:
    """The likeliest encoding where nothing tells. Western words have few letters beyond ASCII, others little else."""
    beyond_ascii = [place for place, byte in enumerate(body[:GUESS_BYTES]) if byte > 127]
    is_in_runs = sum(b - a == 1 for a, b in pairwise(beyond_ascii)) > len(beyond_ascii) // 4
    if not is_in_runs:
        return "cp1252"
    best = from_bytes(body[beyond_ascii[0] :][:GUESS_BYTES]).best()
    return (_codec(best.encoding) if best else "") or "cp1252"
