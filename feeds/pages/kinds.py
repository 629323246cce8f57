"""What a document is instead of a page, told by its Content-Type or its first bytes, in words for a curator. Pure."""

import re

READ_WITHOUT = "the article has what the feed says of it"

# The first that fits. HTML is sent as plain text, as XML and as bytes of no kind too, so these are read.
_KINDS = {
    r"application/(?:x-)?pdf": "a PDF document",
    r"image/": "a picture",
    r"application/(?:ogg|vnd\.apple\.mpegurl|x-mpegurl|dash\+xml)": "a sound or video stream",
    r"audio/": "a sound recording",
    r"video/": "a video",
    r"font/": "a font",
    r"(?:application|text)/(?:feed\+json|rss\+xml|atom\+xml|rdf\+xml)": "a feed",
    r"(?:application|text)/(?:[\w.-]+\+)?json": "data for programs (JSON)",
    r"(?:application|text)/(?:x-)?javascript|text/css": "a program's code",
    r"application/(?:x-)?(?:zip|gzip|tar|rar|rar-compressed|7z-compressed|bzip2)": "an archive",
    r"application/(?:epub\+zip|x-mobipocket-ebook)": "an electronic book",
    r"application/(?:msword|rtf|vnd\.(?:openxmlformats|oasis|ms-))": "an office document",
    r"text/(?:csv|tab-separated-values)": "a table of data",
    r"text/(?:x-)?v?calendar": "a calendar",
}
_KIND = [(re.compile(pattern), kind) for pattern, kind in _KINDS.items()]

_BEGINNINGS = {
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a sound",
    b"PK\x03\x04": "an archive or an office document",
    b"\x1f\x8b": "compressed data",
    b"ID3": "a sound recording",
    b"OggS": "a sound or a video",
    b"\x00\x00\x00": "a video",
}


def no_page_by_type(content_type: str) -> str:
    """Return why a document of this Content-Type is not read as a page, or "" where it may be one."""
    told = content_type[:200].partition(";")[0].strip().lower()
    return next((_sentence(f"{kind} ({told})") for pattern, kind in _KIND if pattern.match(told)), "")


def no_page_by_bytes(body: bytes) -> str:
    """Return the same by how a document begins."""
    return next((_sentence(kind) for beginning, kind in _BEGINNINGS.items() if body.startswith(beginning)), "")


def _sentence(kind: str) -> str:
    return f"This is {kind}, not a page; {READ_WITHOUT}."
