"""Content codings (gzip, deflate, br, zstd) taken off piece by piece, so that a reader can stop at any size.

Our own because the HTTP client's takes a body that was cut in the middle for a whole one. Touches no network.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE_BYTES = 256 * 1024  # no decoder hands out much more at once, however small its input
MAX_MEMBERS = 100  # a stream may be several glued together; more than a few is somebody wasting our time
ZSTD_WINDOW_LOG = 23  # 8 MiB, the most that RFC 9659 lets a web server ask of us

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
IDENTITY = {"", "identity", "none", "utf-8", "utf8", "binary", "8bit"}  # the latter are seen, and mean nothing


class Damaged(Exception):
    """The bytes are not what their coding says."""


class UnknownCoding(Exception):
    """A coding we did not ask for, or several on top of each other."""


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces of about PIECE_BYTES, made only as they are taken. Raises Damaged."""

    @property
    def is_complete(self) -> bool:
        """Did the coding's own end mark arrive? An empty body is complete."""


def decoder_for(content_encoding: str) -> Decoder:
    """The decoder for a Content-Encoding header ("" where there was none). Raises UnknownCoding."""
    coding = content_encoding.strip().lower().removeprefix("x-")
    if coding in IDENTITY:
        return _Identity()
    if coding in {"gzip", "zstd"}:
        return _Members(_Gzip if coding == "gzip" else _Zstd)
    if coding == "deflate":
        return _Deflate()
    if coding == "br":
        return _Brotli()
    raise UnknownCoding(content_encoding[:60])


class _Identity:
    is_complete = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib:
    """One zlib stream; what follows its end stays in ``rest``."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)
        self.rest = b""

    @property
    def eof(self) -> bool:
        return self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.eof:
            piece = _attempt(zlib.error, self._stream.decompress, data, PIECE_BYTES)
            if piece:
                yield piece
            data = self._stream.unconsumed_tail
            if not data and len(piece) < PIECE_BYTES:
                break
        self.rest = self._stream.unused_data


class _Gzip(_Zlib):
    magic = (b"\x1f\x8b",)

    def __init__(self) -> None:
        super().__init__(zlib.MAX_WBITS + 16)


class _Deflate:
    """zlib's format as RFC 9110 wants it, or the bare stream that many servers send under the same name."""

    def __init__(self) -> None:
        self._stream: _Zlib | None = None

    @property
    def is_complete(self) -> bool:
        return self._stream is None or self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and self._stream is None:
            has_header = data[0] & 0x0F == 8  # RFC 1950, 2.2: the low half of the first byte is the method, 8
            self._stream = _Zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        if self._stream is not None:
            yield from self._stream.feed(data)


class _Zstd:
    """One zstd frame; what follows its end stays in ``rest``."""

    magic = (b"\x28\xb5\x2f\xfd", *(bytes([n]) + b"\x2a\x4d\x18" for n in range(0x50, 0x60)))  # the latter: skippable

    def __init__(self) -> None:
        self._frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})
        self.rest = b""

    @property
    def eof(self) -> bool:
        return self._frame.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._frame.eof:
            piece = _attempt(zstd.ZstdError, self._frame.decompress, data, PIECE_BYTES)
            if piece:
                yield piece
            data = b""
            if self._frame.needs_input:
                break
        self.rest = self._frame.unused_data if self._frame.eof else b""


class _Members:
    """Streams of one kind glued together, as gzip and zstd allow; what follows and is none of them is padding."""

    def __init__(self, kind: type[_Gzip] | type[_Zstd]) -> None:
        self._kind = kind
        self._magic_size = len(kind.magic[0])
        self._member: _Gzip | _Zstd | None = None
        self._members = 0
        self._waiting = b""

    @property
    def is_complete(self) -> bool:
        return self._member is None

    def feed(self, data: bytes) -> Iterator[bytes]:
        data = self._waiting + data
        self._waiting = b""
        while data:
            if self._member is None and not self._begin(data):
                return
            assert self._member is not None
            yield from self._member.feed(data)
            if not self._member.eof:
                return
            data, self._member = self._member.rest, None

    def _begin(self, data: bytes) -> bool:
        """Start a member if the data begins one; the first must, so that an error shows."""
        if self._members:
            if len(data) < self._magic_size:
                self._waiting = data
                return False
            if not data.startswith(self._kind.magic):
                return False
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise Damaged(f"more than {MAX_MEMBERS} compressed streams in one")
        self._member = self._kind()
        return True


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        return not self._has_begun or self._stream.is_finished()

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._has_begun = self._has_begun or bool(data)
        while not self._stream.is_finished():
            piece = _attempt(brotli.error, self._stream.process, data, output_buffer_limit=PIECE_BYTES)
            if piece:
                yield piece
            data = b""
            if not piece and self._stream.can_accept_more_data():  # it says so while output is still inside, too
                return


def _attempt(error: type[Exception], decode: Callable[..., bytes], *args: Any, **kwargs: Any) -> bytes:
    try:
        return decode(*args, **kwargs)
    except error as problem:
        raise Damaged(str(problem)) from problem
