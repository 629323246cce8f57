"""Bytes → text: the encoding a feed is really in, whatever its server and its first line say. Pure."""

import codecs
import re

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

DAMAGE_ALLOWED = 0.1  # share of characters beyond ASCII that may be unreadable before another encoding is tried
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
    text = body.decode("utf-8", "replace")
    if body.isascii():
        seven_bit = next((encoding for encoding in declared if encoding in _SEVEN_BIT), None)
        return (body.decode(seven_bit, "replace") if seven_bit else text), ""
    if _damage(text) <= DAMAGE_ALLOWED:
        return text, _complaint(text, "utf-8", declared)
    for encoding in declared:
        text = body.decode(encoding, "replace")
        if _damage(text) <= DAMAGE_ALLOWED:
            return text, _complaint(text, encoding, declared)
    encoding = _guess(body)
    text = body.decode(encoding, "replace")
    return text, _complaint(text, encoding, declared or ["utf-8"])


def _wide_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, told by where the zeros of its first character stand."""
    if len(start) < 4:
        return ""
    zeros = tuple(byte == 0 for byte in start)
    return {
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
    }.get(zeros, "")


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


def _damage(text: str) -> float:
    """Share of the characters beyond ASCII that could not be read."""
    unreadable = text.count("\ufffd")
    if not unreadable:
        return 0.0
    return unreadable / sum(not sign.isascii() for sign in text)


def _guess(body: bytes) -> str:
    """The likeliest encoding of text that declares none, or a wrong one."""
    beyond_ascii = next(place for place, byte in enumerate(body) if byte > 127)
    best = from_bytes(body[max(0, beyond_ascii - 512) :][:GUESS_BYTES]).best()
    return (_codec(best.encoding) if best else "") or "cp1252"


def _complaint(text: str, encoding: str, declared: list[str]) -> str:
    if declared and declared[0] != encoding:
        return f"The document is declared as {declared[0]}, but was read as {encoding}."
    if "\ufffd" in text:
        return f"Some characters are not valid {encoding} and could not be read."
    return ""
