"""`./zis bench [NAME …] [--json]`: runs benchmarks one after the other and prints a line for each value."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from zisnews.bench import ALONE, ARTICLES, BENCHMARKS, FILLED, PARTS, TRIAL_SECONDS, TRIALS, Line
from zisnews.bench.comparison import FEWEST_RUNS, compared
from zisnews.bench.explaining import explained
from zisnews.bench.filled import filled_site
from zisnews.bench.surroundings import throw_away_site
from zisnews.environment import ROOT
from zisnews.terminal import say

KNOWN = BENCHMARKS | PARTS | FILLED | ALONE | TRIALS
OPTIONS = {"traffic": ("only",), "start": ("minutes",)}  # what some are told besides
MOST_SECONDS = 1_000_000


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="./zis bench",
        description="How fast is it here?",
        epilog=f"what each NAME measures:\n{explained(KNOWN)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(KNOWN)}")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--seconds", type=more_than_none, default=TRIAL_SECONDS, help="how long a trial lasts (default: 600)"
    )
    parser.add_argument(
        "--articles",
        type=numbers,
        default=[ARTICLES],
        metavar="N[,N…]",
        help="of pages and traffic: over how many, one size after the other (default: 100000)",
    )
    parser.add_argument("--only", default="", metavar="PART", help="of traffic: only pages in whose name this stands")
    parser.add_argument("--minutes", type=more_than_none, default=1.0, help="of start: how long the site rests (1)")
    parser.add_argument("--data", default="", metavar="FOLDER", help="of pages: over what this data folder holds")
    parser.add_argument("--against", metavar="FILE", help="compare with runs saved by --json >> FILE, run in turns")
    parser.add_argument("--beside", metavar="FOLDER", help="compare with the tree in this folder, measured in turns")
    parser.add_argument("--saved", metavar="FILE", help="with --against: compare these saved runs instead of measuring")
    parser.add_argument("--runs", type=one_or_more, default=FEWEST_RUNS, help="with these two: how often to measure")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(KNOWN):
        parser.error(f"there is no benchmark {sorted(unknown)[0]!r}; choose from: {', '.join(KNOWN)}")
    names = chosen.names or [*BENCHMARKS, *FILLED, *ALONE]
    if chosen.against or chosen.beside:
        return compare(names, chosen)
    if len(names) > 1 or len(chosen.articles) > 1:
        return max(subprocess.run(command, check=False).returncode for command in commands(names, chosen))  # noqa: S603
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the servers end too
    for line in lines(names[0], chosen):
        say(line.as_json() if chosen.json else line.as_text())
    return 0


def lines(name: str, chosen: argparse.Namespace) -> Iterator[Line]:
    """Run one benchmark in the site it needs."""
    measure = import_module(KNOWN[name]).measure
    asked = {option: getattr(chosen, option) for option in OPTIONS.get(name, ())}
    if name in FILLED:
        with filled_site(chosen.articles[0], chosen.data):
            yield from measure(**asked)
        return
    if name in ALONE:
        yield from measure(**asked)
        return
    with throw_away_site() as servers:
        yield from measure(servers, chosen.seconds) if name in TRIALS else measure(servers)


def compare(names: list[str], chosen: argparse.Namespace) -> int:
    """Say of each value whether it is better, the same or worse than in saved runs, or than in another tree.

    What is measured is measured in turns with the other tree, so that the machine changes under both.
    """
    old = lines_of(chosen.against) if chosen.against else []
    new = lines_of(chosen.saved) if chosen.saved else []
    if not new:
        for command in commands(names, chosen, "--json") * chosen.runs:
            if chosen.beside:
                old += output_of(command, Path(chosen.beside))
            new += output_of(command, ROOT)
    try:
        verdicts = list(compared(old, new))
    except (KeyError, TypeError, ValueError):
        raise SystemExit("./zis bench: these are not the lines that --json writes.") from None
    for line in verdicts:
        say(line)
    return 0


def output_of(command: list[str], tree: Path) -> list[str]:
    """The lines that a benchmark of a tree writes. Exits with its code where it goes wrong; it has said how."""
    done = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout.splitlines()


def lines_of(path: str) -> list[str]:
    """The lines of a file of runs. Exits with a sentence where it can not be read."""
    try:
        return Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(
            f"./zis bench: {path} can not be read: {getattr(error, 'strerror', None) or error}."
        ) from error


def one_or_more(text: str) -> int:
    """A number of articles or runs; ValueError for what is none."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def numbers(text: str) -> list[int]:
    """Such as "10000,1000000"; ValueError for what is none."""
    return [one_or_more(part) for part in text.split(",")]


def more_than_none(text: str) -> float:
    """A time in seconds; ValueError for what is none."""
    if not 0 < (seconds := float(text)) < MOST_SECONDS:
        raise ValueError(text)
    return seconds


def commands(names: list[str], chosen: argparse.Namespace, *more: str) -> list[list[str]]:
    """A command for each benchmark and size, each a process of its own: what an earlier one left in memory would
    count, and Django's settings are read once.
    """
    options = [*more, *(["--json"] if chosen.json and "--json" not in more else [])]
    options += ["--seconds", str(chosen.seconds), "--data", chosen.data]
    if chosen.only:  # an older tree does not know of it
        options += ["--only", chosen.only]
    if chosen.minutes != 1:
        options += ["--minutes", str(chosen.minutes)]
    return [
        [sys.executable, "-m", "zisnews.bench", name, *options, "--articles", str(size)]
        for name in names
        for size in (chosen.articles if name in FILLED else chosen.articles[:1])
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
