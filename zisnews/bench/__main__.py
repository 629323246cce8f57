"""`./zis bench [NAME …] [--json]`: runs benchmarks one after the other and prints a line for each value."""

import argparse
import signal
import subprocess
import sys
from importlib import import_module

from zisnews.bench import BENCHMARKS
from zisnews.bench.surroundings import throw_away_site
from zisnews.terminal import say


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything; return the exit code."""
    parser = argparse.ArgumentParser(prog="./zis bench", description="How fast is it here?")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {sorted(unknown)[0]!r}; choose from: {', '.join(BENCHMARKS)}")
    names = chosen.names or list(BENCHMARKS)
    if len(names) > 1:
        return max(measure_alone(name, arguments) for name in names)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the servers end too
    with throw_away_site() as servers:
        for line in import_module(BENCHMARKS[names[0]]).measure(servers):
            say(line.as_json() if chosen.json else line.as_text())
    return 0


def measure_alone(name: str, arguments: list[str]) -> int:
    """Measure one of several in a process of its own: what an earlier one left in memory would count."""
    options = [argument for argument in arguments if argument.startswith("-")]
    return subprocess.run([sys.executable, "-m", "zisnews.bench", name, *options], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
