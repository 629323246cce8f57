"""Servers that answer to hurt: they cost little time, little memory, and nobody but themselves."""

import asyncio
import gzip
import itertools
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import brotli
import pytest

from feeds.errors import FetchError
from feeds.fetching import Document, Fetcher
from feeds.net.settings import FetchSettings
from feeds.net.unpacking import PIECE_BYTES, Damaged, decoder_for, zstd

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Paper</title></channel></rss>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
MIB = 1024 * 1024


@contextmanager
def server(pieces, *, pause: float = 0) -> Iterator[str]:
    """A server that sends these bytes to everybody, without end if they have none; gives its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            for piece in pieces() if callable(pieces) else pieces:
                if stop.wait(pause) if pause else stop.is_set():
                    return
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    stop.set()
    listener.close()


def fetch(url: str, *, times: int = 1, max_bytes: int = 5 * MIB, **limits) -> Document:
    async def once() -> Document:
        try:
            async with Fetcher(FetchSettings.from_values(allow_networks=["127.0.0.0/8"]), **limits) as fetcher:
                for _ in range(times):
                    document = await fetcher.fetch(url, max_bytes=max_bytes)
            return document
        finally:
            await asyncio.sleep(0.01)  # connections that were cut off go in the next turns of the loop

    return asyncio.run(once())


ENDLESS = {
    "interim answers": [b"HTTP/1.1 100 Continue\r\n\r\n"],
    "early hints": [b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"],
    "headers": [OK, b"X-More: of the same\r\n"],
    "one header": [OK + b"X-Long: ", b"x" * 1_000],
    "folded header": [OK + b"X-Folded: a\r\n", b" and more\r\n"],
    "cookies": [OK, b"Set-Cookie: a=b; Path=/\r\n"],
    "status line": [b"HTTP/1.1 200 ", b"OK"],
    "empty lines": [b"\r\n"],
    "nothing of http": [b"220 mail.example ESMTP\r\n"],
    "chunk extension": [OK + b"Transfer-Encoding: chunked\r\n\r\n5", b";a=b"],
    "chunk size": [OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"],
    "extensions": [OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"x" * 500 + b"\r\na\r\n"],
    "trailers": [OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Trailer: of the same\r\n"],
    "one trailer": [OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: ", b"x" * 1_000],
    "tiny chunks": [OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"],
    "no length": [OK + b"\r\n", b"<item/>"],
    "empty members": [OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")],
    "skippable frames": [OK + b"Content-Encoding: zstd\r\n\r\n", b"\x50\x2a\x4d\x18\x00\x00\x00\x00"],
    "empty deflate blocks": [OK + b"Content-Encoding: deflate\r\n\r\n\x78\x9c", b"\x00\x00\x00\xff\xff"],
    "gzip file name": [OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03", b"name" * 100],
}  # fmt: skip


@pytest.mark.parametrize("what", ENDLESS)
def test_what_never_ends_is_given_up_in_time_and_memory(what):
    first, *then = ENDLESS[what]
    flood = b"".join(then or [first]) * 200

    with server(lambda: itertools.chain([first], itertools.repeat(flood))) as url:
        tracemalloc.start()
        started = monotonic()
        try:
            with pytest.raises(FetchError):
                fetch(url, total_seconds=0.8)
            assert monotonic() - started < 15
            assert tracemalloc.get_traced_memory()[1] < 40 * MIB
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("what", ENDLESS)
def test_what_drips_without_end_is_given_up_in_time(what):
    first, *then = ENDLESS[what]

    with server(lambda: itertools.chain([first], itertools.repeat(b"".join(then or [first]))), pause=0.05) as url:
        started = monotonic()
        with pytest.raises(FetchError):
            fetch(url, total_seconds=0.3)
        assert monotonic() - started < 10


def test_redirects_do_not_begin_the_time_anew():
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: /%d\r\n\r\n"
    numbers = itertools.count()

    with server(lambda: [answer % next(numbers)], pause=0.2) as url:
        started = monotonic()
        with pytest.raises(FetchError, match="took longer"):
            fetch(url, total_seconds=0.5)
        assert monotonic() - started < 10


def test_a_server_that_takes_the_connection_and_no_handshake_is_given_up():
    with server([b""], pause=20) as url:
        started = monotonic()
        with pytest.raises(FetchError):
            fetch(url.replace("http:", "https:"), connect_seconds=0.3, total_seconds=2)
        assert monotonic() - started < 15


def test_a_host_that_takes_no_connection_is_given_up():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        full = []
        for _ in range(4):  # its queue is full now
            waiting = socket.socket()
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
            full.append(waiting)
        started = monotonic()
        with pytest.raises(FetchError):
            fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", connect_seconds=0.3, read_seconds=1)
        assert monotonic() - started < 10
        for waiting in full:
            waiting.close()


def test_a_length_that_is_too_short_gives_so_much_and_the_rest_answers_no_other_question():
    evil = OK + b"Content-Length: 9\r\n\r\nsmuggled!"
    body = RSS + evil

    with server([OK + b"Content-Length: %d\r\n\r\n" % len(RSS) + body]) as url:
        assert fetch(url, times=3).body == RSS


@pytest.mark.parametrize("length", [b"1e3", b"0x10", b"+5", b"5, 5", b"5 5", b"", b"99999999999999999999", b"\xb2"])
def test_a_length_that_is_none_is_an_error(length):
    with server([OK + b"Content-Length: " + length + b"\r\n\r\n12345"]) as url, pytest.raises(FetchError):
        fetch(url)


def test_two_lengths_that_differ_and_a_length_beside_chunks_are_errors():
    for heads in (
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    ):
        with server([OK + heads + b"\r\n12345\r\n0\r\n\r\n"]) as url, pytest.raises(FetchError):
            fetch(url)


BOMB = b"\0" * 64 * MIB
NESTED = {
    "gzip in gzip": ("gzip", gzip.compress(gzip.compress(BOMB))),
    "brotli in gzip": ("gzip", gzip.compress(brotli.compress(BOMB, quality=1))),
    "zstd in brotli": ("br", brotli.compress(zstd.compress(BOMB))),
}


@pytest.mark.parametrize("name", NESTED)
def test_of_nested_packings_the_outer_is_taken_off_and_the_inner_is_no_text(name):
    coding, packed = NESTED[name]
    head = OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(packed))

    with server([head + packed]) as url:
        assert len(fetch(url).body) < MIB


@pytest.mark.parametrize(
    "headers", ["gzip, gzip", "gzip\r\nContent-Encoding: gzip", "br, gzip", "compress", "gzip;q=1"]
)
def test_several_packings_and_such_as_we_did_not_ask_for_are_errors(headers):
    head = OK + f"Content-Encoding: {headers}\r\n\r\n".encode()

    with server([head + gzip.compress(gzip.compress(RSS))]) as url, pytest.raises(FetchError, match="did not ask for"):
        fetch(url)


BOMBS = {
    "gzip": gzip.compress(BOMB),
    "deflate": zlib.compress(BOMB),
    "br": brotli.compress(BOMB),
    "zstd": zstd.compress(BOMB),
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_costs_no_more_memory_than_its_limit_and_a_piece(coding):
    head = OK + b"Content-Encoding: %s\r\n\r\n" % coding.encode()

    with server([head + BOMBS[coding]]) as url:
        tracemalloc.start()
        try:
            with pytest.raises(FetchError, match="1 MiB"):
                fetch(url, max_bytes=MIB)
            assert tracemalloc.get_traced_memory()[1] < 12 * MIB
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("coding", BOMBS)
def test_no_piece_of_a_bomb_is_large(coding):
    pieces = itertools.islice(decoder_for(coding).feed(BOMBS[coding]), 20)

    assert max(map(len, pieces)) <= 4 * PIECE_BYTES


def test_a_window_beyond_eight_megabytes_is_refused():
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    packed = zstd.compress(b"x" * 100, options=options)
    streamed = zstd.ZstdCompressor(options=options)
    packed = streamed.compress(b"x" * 100) + streamed.flush()  # of a length that is not told beforehand

    with pytest.raises(Damaged):
        list(decoder_for("zstd").feed(packed))


@pytest.mark.parametrize("coding", BOMBS)
def test_a_packed_body_that_ends_anywhere_before_its_end_is_an_error(coding):
    compress = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[coding]
    packed = compress(RSS * 50)
    for length in range(1, len(packed)):
        decoder = decoder_for(coding)
        with suppress(Damaged):
            list(decoder.feed(packed[:length]))
            assert not decoder.is_complete, length
