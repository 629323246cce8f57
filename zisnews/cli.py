"""The commands of `./zis`: each finds its surroundings, runs, and answers with an exit code. No traceback is shown."""

import os
import signal
import sys
from collections.abc import Callable

from zisnews.places import ROOT
from zisnews.terminal import complain, say
from zisnews.translations import compile_catalogues
from zisnews.trouble import Trouble

HELP = """\
ZisNews: one story, as each country tells it.

  ./zis up [--port 8000] [--data var] [--demo] [--no-fetch]
                          start everything and say where the site is; Ctrl-C ends it
  ./zis up --demo         the same on invented publishers, no internet needed
  ./zis manage COMMAND    any Django command; `./zis manage help` lists them
                          (createsuperuser makes a curator, status says how things stand)
  ./zis test [ARGUMENTS]  the test suite; arguments go to pytest
  ./zis check             style, types, templates, migrations, translations, deployment
  ./zis bench [NAME …] [--json]
                          how fast is it here?
  ./zis help              this text

Settings come from the environment or a file .env; .env.example lists them."""

WRONG_USAGE = 2
NO_SUCH_TABLE = "42P01"  # Postgres's word for it


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code: 0 done, 1 failed with a line on stderr, 2 wrong usage."""
    command, *rest = arguments or ["help"]
    run = COMMANDS.get(command)
    if run is None:
        complain(f"there is no command {command!r}. `./zis help` lists them.")
        return WRONG_USAGE
    try:
        if run is not show_help:  # which needs no package
            compile_catalogues()
        return run(rest)
    except Trouble as trouble:
        complain(str(trouble))
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # `./zis manage … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def show_help(arguments: list[str]) -> int:
    say(HELP)
    return 0


def up(arguments: list[str]) -> int:
    from zisnews.supervisor import up as run  # noqa: PLC0415  the others start faster without it

    read_dotenv()
    return run(arguments)


def manage(arguments: list[str]) -> int:
    """Run a Django command on the servers of the data folder, which `--data FOLDER` before its name may choose."""
    read_dotenv()
    data = None
    if arguments[:1] == ["--data"]:
        if len(arguments) < 2:
            complain("--data needs a folder.")
            return WRONG_USAGE
        data, arguments = arguments[1], arguments[2:]
    from zisnews.environment import data_folder, servers_of, set_up  # noqa: PLC0415  so that `./zis help` needs no package

    if arguments[:1] == ["inspect"] and arguments[1:2] != ["keywords"]:  # the others ask neither database nor Redis
        set_up(data_folder(data))
        return run_django(arguments)
    with servers_of(data_folder(data)):
        return run_django(arguments)


def run_django(arguments: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  only where Django is wanted
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db import DatabaseError, ProgrammingError  # noqa: PLC0415

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        execute_from_command_line(["./zis manage", *arguments])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except ProgrammingError as error:
        if getattr(error.__cause__, "pgcode", "") != NO_SUCH_TABLE:
            raise Trouble(str(error).strip()) from error
        raise Trouble(
            "This database has no tables yet. Start the site once with `./zis up`, or run `./zis manage migrate`. "
            "What `./zis up --demo` began lies in a folder of its own: `./zis manage --data var/demo …`."
        ) from error
    except (ImproperlyConfigured, DatabaseError) as error:
        raise Trouble(str(error).strip()) from error
    return 0


def test(arguments: list[str]) -> int:
    """Replace this process by pytest, so that its exit code, signals and terminal are its own.

    The whole suite runs on all cores, a file on one of them, and one process more, since many tests wait for servers;
    what is chosen by hand runs in order, as it is asked for.
    """
    os.chdir(ROOT)
    if all(argument.startswith("-") and not argument.startswith("-n") for argument in arguments):
        arguments = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])  # noqa: S606  no shell wanted


def check(arguments: list[str]) -> int:
    from zisnews.quality import check_all  # noqa: PLC0415

    return check_all()


def bench(arguments: list[str]) -> int:
    from zisnews.bench.__main__ import main as run  # noqa: PLC0415

    return run(arguments)


def read_dotenv() -> None:
    """Take the settings of a file .env in the tree for those that the environment does not set."""
    file = ROOT / ".env"
    if file.exists():
        from dotenv import dotenv_values  # noqa: PLC0415  as above

        for name, value in dotenv_values(file).items():
            os.environ.setdefault(name, value or "")


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "help": show_help,
    "-h": show_help,
    "--help": show_help,
    "up": up,
    "manage": manage,
    "test": test,
    "check": check,
    "bench": bench,
}
