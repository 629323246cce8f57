import gzip
import os
import zlib

import brotli
import pytest

from feeds.net.unpacking import PIECE_BYTES, Damaged, UnknownCoding, decoder_for, zstd

TEXT = b"All the news of the morning. " * 40_000 + os.urandom(50_000)


def deflate_raw(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODINGS = [
    ("gzip", gzip.compress),
    ("GZip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", deflate_raw),
    ("br", lambda data: brotli.compress(data, quality=4)),
    ("zstd", zstd.compress),
]


def decode(coding: str, data: bytes, step: int) -> tuple[bytes, bool]:
    decoder = decoder_for(coding)
    pieces = [piece for start in range(0, len(data), step) for piece in decoder.feed(data[start : start + step])]
    assert max(map(len, pieces), default=0) <= 2 * PIECE_BYTES
    return b"".join(pieces), decoder.is_complete


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
@pytest.mark.parametrize("step", [1_000, 4_099, 10_000_000])
def test_a_body_comes_back_whole_however_it_was_cut_into_packets(coding, compress, step):
    assert decode(coding, compress(TEXT), step) == (TEXT, True)


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_a_body_that_is_cut_short_is_not_complete(coding, compress):
    whole = compress(TEXT)
    for kept in (1, len(whole) // 2, len(whole) - 1):
        decoder = decoder_for(coding)
        assert TEXT.startswith(b"".join(decoder.feed(whole[:kept])))
        assert not decoder.is_complete


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_an_empty_body_is_complete(coding, compress):
    assert decode(coding, b"", 1) == (b"", True)
    assert decode(coding, compress(b""), 1) == (b"", True)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_bytes_that_are_not_compressed_at_all_are_damaged(coding):
    with pytest.raises(Damaged):
        list(decoder_for(coding).feed(b"<?xml version='1.0'?><rss>" + b"\xff" * 100))


@pytest.mark.parametrize(("coding", "compress"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_streams_glued_together_are_read_one_after_the_other(coding, compress, step):
    assert decode(coding, compress(b"one ") + compress(b"two ") + compress(b"three"), step) == (b"one two three", True)
    assert decode(coding, compress(b"one") + b"\0" * 512, step) == (b"one", True)


def test_a_body_of_a_great_many_streams_is_damaged():
    with pytest.raises(Damaged):
        list(decoder_for("gzip").feed(gzip.compress(b"") * 1_000))


def test_only_as_much_is_decoded_as_is_taken():
    bomb = brotli.compress(b"\0" * 300_000_000, quality=1)

    piece = next(decoder_for("br").feed(bomb))

    assert len(piece) <= 2 * PIECE_BYTES


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,br", "compress", "exi", "dcb"])
def test_codings_on_top_of_each_other_and_unknown_ones_are_named(coding):
    with pytest.raises(UnknownCoding):
        decoder_for(coding)


@pytest.mark.parametrize("coding", ["", "identity", " UTF-8 ", "none"])
def test_a_coding_that_means_nothing_leaves_the_body_alone(coding):
    assert decode(coding, TEXT, 100_000) == (TEXT, True)
