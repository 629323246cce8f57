"""`./zis check`: every check that needs no test run. All are run; each says one line, and its words where it fails."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from zisnews.embedded import Servers
from zisnews.places import ROOT
from zisnews.terminal import complain, say

PACKAGES = ("zisnews", "feeds", "accounts", "aggregator", "comments", "tests")


@dataclass(frozen=True, slots=True)
class Check:
    """A program that ends with 0 when all is well. `environment` is added to ours."""

    title: str
    arguments: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


def check_all() -> int:
    """Run all checks; return 0 when every one passed, 1 otherwise."""
    with tempfile.TemporaryDirectory(prefix="zis-check-") as folder:
        data = Path(folder) / "data"
        with Servers(data, throw_away=True) as servers:
            failed = [
                check.title for check in checks(servers.environment | {"ZIS_DATA": str(data)}) if not passes(check)
            ]
    if not translations_pass():
        failed.append("translations")
    if failed:
        complain(f"{len(failed)} failed: {', '.join(failed)}")
    return 1 if failed else 0


def checks(addresses: dict[str, str]) -> Iterator[Check]:
    """List the checks; `addresses` leads to an empty database, which Django wants to see."""
    site = addresses | {"SECRET_KEY": secrets.token_urlsafe(50), "DJANGO_SETTINGS_MODULE": "zisnews.settings"}
    python = sys.executable
    templates = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("templates/**/*.html"))]
    packages = [package for package in PACKAGES if (ROOT / package).is_dir()]
    yield Check("style", [python, "-m", "ruff", "check", "--quiet", "."])
    yield Check("format", [python, "-m", "ruff", "format", "--check", "--quiet", "."])
    yield Check("types", [python, "-m", "mypy", "--no-error-summary", *packages], site)
    yield Check("templates", [str(Path(python).with_name("djade")), "--check", "--target-version", "5.2", *templates])
    manage = [python, "-W", "error::RuntimeWarning", "-m", "django"]
    yield Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"], site)
    production = {"SITE_URL": "https://news.example", "DEBUG": "false", "EMAIL_URL": "smtp://localhost:25"}
    for name in ("ALLOWED_HOSTS", "ZIS_FETCH_HOST_MAP", "ZIS_FETCH_ALLOW_NETWORKS"):
        production[name] = ""
    yield Check("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], site | production)


def passes(check: Check) -> bool:
    """Run one check and say how it went; what it printed is shown only when it failed."""
    begun = time.monotonic()
    done = subprocess.run(  # noqa: S603  a list, no shell
        check.arguments,
        cwd=ROOT,
        env=os.environ | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    verdict = "FAILED" if done.returncode else "ok"
    say(f"{check.title:12} {verdict:6} {time.monotonic() - begun:5.1f} s")
    if done.returncode:
        say(done.stdout.decode(errors="replace").rstrip())
    return not done.returncode


def translations_pass() -> bool:
    """Read every message file as a compiler would: its syntax, its placeholders against the original's."""
    problems = [problem for path in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")) for problem in problems_of(path)]
    say(f"{'translations':12} {'FAILED' if problems else 'ok'}")
    for problem in problems:
        say(problem)
    return not problems


def problems_of(path: Path) -> Iterator[str]:
    """Say, a line each, what is wrong with a .po file."""
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        yield f"{path.relative_to(ROOT)}: {error}"
        return
    for message, faults in catalogue.check():
        for fault in faults:
            yield f"{path.relative_to(ROOT)}:{message.lineno}: {fault}"
