"""The encoding of a page: what its bytes show goes before what headers say. Pure."""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]{2,40})")
_HEADER = re.compile(r"charset\s*=\s*[\"']?([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)

# What labels mean on the web (Encoding Standard, "Names and labels"): the larger code page that includes the named one.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_LANGUAGE = re.compile(rb"<html[^>]{0,300}?\blang\s*=\s*[\"']?([a-zA-Z]{2})", re.IGNORECASE)
_LATIN = frozenset({
    "ascii", "cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "latin_1", "iso8859_2", "iso8859_3", "iso8859_4",
    "iso8859_9", "iso8859_10", "iso8859_13", "iso8859_14", "iso8859_15", "iso8859_16", "cp437", "cp775", "cp850",
    "cp852", "cp857", "cp858", "cp860", "cp861", "cp863", "cp865", "mac_roman", "mac_latin2", "mac_turkish",
    "mac_iceland", "hp_roman8",
})  # fmt: skip
_BY_LANGUAGE = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "bs", "sl", "ro", "sq"), "cp1250"),
    **dict.fromkeys(("tr", "az"), "cp1254"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    "vi": "cp1258",
}
MAX_UNREADABLE = 0.01  # share of characters above which a declared encoding is taken for a mistake


def decode_page(body: bytes, content_type: str = "") -> str:
    """Decode a page by its byte order mark, as UTF-8 where it is that, as declared, or by a guess; never fails.

    Bytes beyond ASCII that read as UTF-8 are UTF-8, whatever was declared: no other text looks so by chance.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    declared = declared_encodings(body, content_type)
    is_seven_bit = any(name.startswith(("iso2022", "hz", "utf-7")) for name in declared)
    if not is_seven_bit and (text := _as_utf8(body)) is not None:
        return text
    for encoding in declared:
        text = body.decode(encoding, errors="replace")
        if text.count("\ufffd") <= MAX_UNREADABLE * len(text):
            return text
    return body.decode(_guess(body), errors="replace")


def _guess(body: bytes) -> str:
    """What undeclared bytes are in. Among the Latin code pages, which look alike, the page's language decides."""
    best = from_bytes(body[:50_000]).best()
    if best is None:
        return "cp1252"
    if best.encoding in _LATIN:
        language = _LANGUAGE.search(body[:8192])
        return _BY_LANGUAGE.get(language[1].decode("ascii").lower() if language else "", "cp1252")
    return best.encoding


def declared_encodings(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that the header, the page's <meta> and its XML declaration name, as Python calls them."""
    labels = [found[1] for found in [_HEADER.search(content_type)] if found]
    labels += [found[1].decode("ascii") for pattern in (_META, _XML) if (found := pattern.search(body[:8192]))]
    return list(dict.fromkeys(filter(None, map(_known, labels))))


def _known(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    if name.startswith("utf-16"):  # a page that could tell us so in ASCII is not in it
        return "utf-8"
    name = _MEANT.get(name, name)
    try:
        "".encode(name)
    except LookupError:  # a codec that is not of text, such as hex
        return ""
    return name


def _as_utf8(body: bytes) -> str | None:
    """The text if it is UTF-8; a character cut in half at the end is forgiven."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3:
            return body[: error.start].decode("utf-8")
        return None
