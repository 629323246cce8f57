"""The body of an answer, decoded as it comes and never beyond its limit."""

import aiohttp

from feeds.errors import FetchError
from feeds.net.unpacking import Damaged, UnknownCoding, decoder_for


async def read_body(url: str, response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The decoded body; stops at the limit, before or while unpacking. Raises FetchError, or what the client raises."""
    if (response.content_length or 0) > max_bytes:
        raise _too_large(url, max_bytes)
    encodings = response.headers.getall("Content-Encoding", [])
    try:
        decoder = decoder_for(", ".join(encodings))
        pieces, size = [], 0
        async for packet in response.content.iter_any():
            for piece in decoder.feed(packet):
                pieces.append(piece)
                size += len(piece)
                if size > max_bytes:
                    raise _too_large(url, max_bytes)
    except UnknownCoding as coding:
        raise FetchError(url, f"The server packed its answer in a way we did not ask for ({coding}).") from coding
    except Damaged as damage:
        raise FetchError(url, f"The server's answer is damaged: it does not unpack ({damage}).") from damage
    if not decoder.is_complete:
        raise FetchError(url, "The server's answer ends in the middle; we ask again later.")
    return b"".join(pieces)


def _too_large(url: str, max_bytes: int) -> FetchError:
    return FetchError(url, f"The answer is larger than the {max_bytes / 1024 / 1024:g} MiB we read of such a document.")
