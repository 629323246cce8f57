"""`./zis manage inspect WHAT`: what would we make of this feed, page, story …? Touches no database rows."""

import json
import math
import os
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.excluding import Wanted
from accounts.keyword_lists import NotAList, read_list
from accounts.keywords import KeywordError, parse_keyword
from aggregator.inspection import Answer, InputError, Inspector


class Command(BaseCommand):
    help = (
        "Show what we would make of a feed, a page, a fragment of HTML or an address, "
        "which keywords hide an article, which articles are one story, how countries tell it, "
        "or which category an article is of. "
        "Nothing is stored or fetched."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(
            dest="what", required=True, metavar="feed|page|html|url|keywords|stories|compare|category"
        )
        feed = kinds.add_parser("feed", help="a feed document on stdin → its items")
        feed.add_argument("--url", default="", help="where it came from; relative addresses stand on it")
        feed.add_argument("--content-type", default="", help="the HTTP header, for its charset")
        page = kinds.add_parser("page", help="a page on stdin → the article on it")
        page.add_argument("--url", default="", help="where it came from (needed, but with --jsonl)")
        page.add_argument("--content-type", default="", help="the HTTP header, for its charset")
        html = kinds.add_parser("html", help="a fragment of HTML on stdin → what a reader would be served")
        html.add_argument("--base", default="", help="what relative addresses stand on")
        url = kinds.add_parser("url", help="would we fetch this address? (no request is sent)")
        url.add_argument("address", nargs="?", default="", metavar="URL", help="the address (needed, but with --jsonl)")
        url.add_argument("--resolve", action="append", default=[], metavar="HOST=IP[,IP]", help="in place of DNS")
        keywords = kinds.add_parser("keywords", help="articles on stdin, one JSON object a line → what hides each")
        keywords.add_argument("--keyword", action="append", default=[], metavar="K", help="a keyword; may be repeated")
        keywords.add_argument("--blocked", type=Path, metavar="FILE", help="keywords, one a line, as CSV or JSON")
        kinds.add_parser(
            "compare", help="the articles of one story on stdin, one JSON object a line → how its countries tell it"
        )
        kinds.add_parser(
            "stories", help="articles on stdin in order of arrival, one JSON object a line → the story of each"
        ).add_argument("--jsonl", action="store_true", help="as it is without")
        category = kinds.add_parser("category", help="articles on stdin, one JSON object a line → the category of each")
        category.add_argument("--train", type=Path, metavar="FILE", help="articles with their category to learn from")
        for kind in (feed, page, html, url, keywords, category):
            kind.add_argument("--jsonl", action="store_true", help="many questions, one JSON object a line")

    def handle(self, *, what: str, jsonl: bool = False, **options: Any) -> None:
        if what == "stories":
            self.inspect_stories()
            return
        if what == "category":
            self.inspect_categories(options["train"])
            return
        if what == "compare":
            self.inspect_comparison()
            return
        if what == "keywords":
            self.inspect_keywords(**options)
            return
        with Inspector(datetime.now(UTC), processes=(os.cpu_count() or 1) if jsonl else 1) as inspector:
            if jsonl:
                for answer in inspector.answer_all(what, map(parsed, filter(bytes.strip, sys.stdin.buffer))):
                    self.print(answer)
                return
            answer = inspector.answer(what, self.question(what, options))
        self.print(answer)
        if not answer["ok"]:
            raise CommandError(answer["error"])

    def inspect_keywords(self, *, keyword: list[str], blocked: Path | None, **options: Any) -> None:
        """Answer line by line. Raises CommandError, with exit code 2, for a keyword that is none."""
        from aggregator.keyword_inspection import inspect_keywords  # noqa: PLC0415  the others need no database

        try:
            wanted = [Wanted(text) for text in keyword] + (read_list(blocked.read_bytes()) if blocked else [])
            shared = [parse_keyword(one.text, where=one.where, capitals_matter=one.capitals_matter) for one in wanted]
        except (KeywordError, NotAList, OSError) as error:
            raise CommandError(f"inspect keywords: {error}", returncode=2) from error
        for answer in inspect_keywords(map(parsed, filter(bytes.strip, sys.stdin.buffer)), shared):
            self.print(answer)

    def inspect_stories(self) -> None:
        """Answer line by line, once all are read."""
        from aggregator.story_inspection import inspect_stories  # noqa: PLC0415  of no use to the others

        lines = map(parsed, filter(bytes.strip, sys.stdin.buffer))
        for answer in inspect_stories(lines, now=datetime.now(UTC)):
            self.print(answer)

    def inspect_categories(self, train: Path | None) -> None:
        """Answer line by line. Raises CommandError where the file to learn from is none."""
        from aggregator import category_inspection  # noqa: PLC0415  of no use to the others

        try:
            model = category_inspection.model_of_file(train) if train else category_inspection.model_of_site()
        except InputError as error:
            raise CommandError(f"inspect category: {error}") from error
        lines = map(parsed, filter(bytes.strip, sys.stdin.buffer))
        for answer in category_inspection.inspect_categories(lines, model):
            self.print(answer)

    def inspect_comparison(self) -> None:
        """Answer with one object for all lines. Raises CommandError where a line is none."""
        from aggregator.story_comparison import inspect_comparison  # noqa: PLC0415  of no use to the others

        lines = map(parsed, filter(bytes.strip, sys.stdin.buffer))
        try:
            self.print(inspect_comparison(lines, now=datetime.now(UTC)))
        except InputError as error:
            self.print({"ok": False, "error": str(error)})
            raise CommandError(f"inspect compare: {error}") from error

    def question(self, what: str, options: dict[str, Any]) -> dict[str, Any]:
        """The question of the command line and stdin. Raises CommandError, with exit code 2, where it is incomplete."""
        if what == "url":
            if not options["address"]:
                raise CommandError("inspect url: give the URL, or --jsonl.", returncode=2)
            return {"url": options["address"], "resolve": dict(map(resolution, options["resolve"]))}
        if what == "page" and not options["url"]:
            raise CommandError("inspect page: give --url, or --jsonl.", returncode=2)
        named = {name: options[name] for name in ("url", "content_type", "base") if options.get(name)}
        if sys.stdin.buffer.isatty():
            self.stderr.write(f"inspect {what} reads the document from standard input: … inspect {what} < FILE")
        return named | {"body": sys.stdin.buffer.read()}

    def print(self, answer: Answer) -> None:
        text = json.dumps(answer, ensure_ascii=False)
        try:
            text.encode(getattr(self.stdout, "encoding", None) or "utf-8")
        except UnicodeEncodeError:  # a terminal of another encoding, or half a surrogate pair in an id
            text = json.dumps(answer)
        self.stdout.write(text)


def parsed(line: bytes) -> dict[str, Any]:
    """A line's question; where it is none, one whose answer says so."""
    try:
        question = json.loads(line, parse_float=finite, parse_constant=finite)
    except NotFinite as error:
        return {"id": None, "fault": f"The line has {error}, which is no number of JSON."}
    except (ValueError, RecursionError):
        question = None
    return question if isinstance(question, dict) else {"id": None, "fault": "The line is not a JSON object."}


class NotFinite(ValueError):
    """Written like a number, and none that an answer could give back."""


def finite(written: str) -> float:
    """Raises NotFinite for what is as large as 1e999, and for NaN and Infinity, which are none of JSON's."""
    number = float(written)
    if not math.isfinite(number):
        raise NotFinite(written[:40])
    return number


def resolution(text: str) -> tuple[str, list[str]]:
    """HOST=IP[,IP] as (host, addresses). Raises CommandError, with exit code 2, for anything else."""
    host, sign, addresses = text.partition("=")
    if not sign or not host or not addresses:
        raise CommandError(f"inspect url: --resolve takes HOST=IP[,IP], not “{text}”.", returncode=2)
    return host, addresses.split(",")
