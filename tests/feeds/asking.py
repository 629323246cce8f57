"""Asks for URLs, all at once, as one worker of the site: `python -m tests.feeds.asking URL …`. For tests of several.

Says that it is ready and begins when it hears a line, so that several begin together. Then prints one line of JSON for
each: its URL, and the status or the kind of error.
"""

import asyncio
import json
import os
import sys

import django


async def ask(urls: list[str]) -> list[dict[str, object]]:
    from feeds.errors import FetchError, HostOnHold  # noqa: PLC0415  Django is set up by now
    from feeds.fetching import Fetcher, open_fetcher  # noqa: PLC0415

    async def once(url: str, fetcher: Fetcher) -> dict[str, object]:
        try:
            return {"url": url, "status": (await fetcher.fetch(url)).status}
        except HostOnHold as hold:
            return {"url": url, "error": "HostOnHold", "status": hold.status, "seconds": hold.seconds}
        except FetchError as error:
            return {"url": url, "error": error.reason}

    async with open_fetcher() as fetcher:
        return await asyncio.gather(*(once(url, fetcher) for url in urls))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zisnews.settings")
    django.setup()
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    for answer in asyncio.run(ask(sys.argv[1:])):
        print(json.dumps(answer))  # noqa: T201
