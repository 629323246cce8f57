"""`./zis bench [NAME …] [--json]`: runs benchmarks one after the other and prints a line for each value."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from zisnews.bench import ALONE, ARTICLES, BENCHMARKS, FILLED, TRIAL_SECONDS, TRIALS, Line
from zisnews.bench.comparison import FEWEST_RUNS, compared
from zisnews.bench.explaining import explained
from zisnews.bench.filled import filled_site
from zisnews.bench.surroundings import throw_away_site
from zisnews.terminal import say

KNOWN = BENCHMARKS | FILLED | ALONE | TRIALS
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
        "--articles", type=one_or_more, default=ARTICLES, help="of pages: over how many (default: 100,000)"
    )
    parser.add_argument("--data", default="", metavar="FOLDER", help="of pages: over what this data folder holds")
    parser.add_argument("--against", metavar="FILE", help="compare with runs saved by --json >> FILE, run in turns")
    parser.add_argument("--saved", metavar="FILE", help="with --against: compare these saved runs instead of measuring")
    parser.add_argument("--runs", type=one_or_more, default=FEWEST_RUNS, help="with --against: how often to measure")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(KNOWN):
        parser.error(f"there is no benchmark {sorted(unknown)[0]!r}; choose from: {', '.join(KNOWN)}")
    names = chosen.names or [*BENCHMARKS, *FILLED, *ALONE]
    if chosen.against:
        return compare(names, chosen)
    if len(names) > 1:
        return max(measure_alone(name, chosen) for name in names)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the servers end too
    for line in lines(names[0], chosen):
        say(line.as_json() if chosen.json else line.as_text())
    return 0


def lines(name: str, chosen: argparse.Namespace) -> Iterator[Line]:
    """Run one benchmark in the site it needs."""
    measure = import_module(KNOWN[name]).measure
    if name in FILLED:
        with filled_site(chosen.articles, chosen.data):
            yield from measure()
        return
    if name in ALONE:
        yield from measure()
        return
    with throw_away_site() as servers:
        yield from measure(servers, chosen.seconds) if name in TRIALS else measure(servers)


def compare(names: list[str], chosen: argparse.Namespace) -> int:
    """Say of each value whether it is better, the same or worse than in saved runs."""
    old = lines_of(chosen.against)
    if chosen.saved:
        new = lines_of(chosen.saved)
    else:
        commands = [command_of(name, chosen, "--json") for _ in range(chosen.runs) for name in names]
        runs = [subprocess.run(command, check=True, capture_output=True, text=True) for command in commands]  # noqa: S603
        new = [line for run in runs for line in run.stdout.splitlines()]
    try:
        verdicts = list(compared(old, new))
    except (KeyError, TypeError, ValueError):
        raise SystemExit("./zis bench: these are not the lines that --json writes.") from None
    for line in verdicts:
        say(line)
    return 0


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


def more_than_none(text: str) -> float:
    """A time in seconds; ValueError for what is none."""
    if not 0 < (seconds := float(text)) < MOST_SECONDS:
        raise ValueError(text)
    return seconds


def measure_alone(name: str, chosen: argparse.Namespace) -> int:
    """Measure one of several in a process of its own: what an earlier one left in memory would count."""
    command = command_of(name, chosen, *(["--json"] if chosen.json else []))
    return subprocess.run(command, check=False).returncode  # noqa: S603


def command_of(name: str, chosen: argparse.Namespace, *more: str) -> list[str]:
    options = ["--seconds", str(chosen.seconds), "--articles", str(chosen.articles), "--data", chosen.data]
    return [sys.executable, "-m", "zisnews.bench", name, *options, *more]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
