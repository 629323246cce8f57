"""Chromium for tests: the one the system has, driven by Playwright. Nothing is downloaded."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from zisnews.processes import wait_until

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]  # what may be well in one theme and not in the other
RULES_OF_A_WINDOW = [*RULES_OF_COLOURS, "target-size"]  # or in one width; names and roles stay
PATIENCE_MS = 90_000  # costs nothing where all is well; where other tests run beside, a first page takes its time
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
# Modules that zis.js asks for once it runs: the load event does not wait for them, nor for what they listen to.
CALLED_LATER = re.findall(r'import\("\./(\w+\.js)"\)', (SCRIPTS / "zis.js").read_text())
# Asked for until it is "": nothing else ends an evaluate() that waits in the page for what never comes.
AWAITED = """names => {
    const runs = one => one.playState === "running" && one.effect.getComputedTiming().endTime < Infinity;
    const first = document.querySelector("script[src*='/js/zis.']");
    if (first && !window.areCalled) {
        window.areCalled = Promise.all(names.map(name => import(new URL(name, first.src))));
        window.areCalled.then(() => { window.haveCome = true; });
    }
    if (first && !window.haveCome) return "scripts";
    if (document.fonts.status !== "loaded") return "typefaces";
    return document.getAnimations().some(runs) ? "colours" : "";
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium. Without one the test is skipped; in CI, where it must be, that is a failure.

    It ends with the module: Playwright's event loop would be in the way of other tests that run one.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = f"There is no browser: none of {', '.join(NAMES)} is installed."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    expect.set_options(timeout=PATIENCE_MS)
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = ["--disable-dev-shm-usage", "--disable-gpu"] + ["--no-sandbox"] * (os.geteuid() == 0)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        of_chromium = chromium.new_context

        def new_context(**options: Any) -> BrowserContext:
            context = of_chromium(**options)
            context.set_default_timeout(PATIENCE_MS)
            return context

        chromium.new_context = new_context  # type: ignore[method-assign]
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab of a reader of its own: no cookies, English, UTC."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    yield context.new_page()
    context.close()


def arrived(page: Page) -> Page:
    """Wait until the page in the tab stands and listens: style sheets, typefaces, every script, nothing on its way from
    one colour to another. Returns the tab.

    For tests with scripts, after page.goto() or go_by(): a press that leads elsewhere may still show the old page.
    """
    page.wait_for_load_state("load")
    came = wait_until(lambda: not page.evaluate(AWAITED, CALLED_LATER), PATIENCE_MS / 1000)
    assert came, f"{page.url} still waits for its {page.evaluate(AWAITED, CALLED_LATER)}"
    return page


def go_by(pressed: Locator) -> Page:
    """Press what leads to another page, or to this one anew; return the tab once that page is loaded.

    A click waits for neither, and what is looked for next may stand on the page that is about to go.
    """
    with pressed.page.expect_navigation():
        pressed.click()
    return pressed.page


def assert_axe_is_content(
    page: Page, where: str = "", context: str | dict | None = None, options: dict | None = None
) -> None:
    """Fail with axe's report where it finds anything on the page as it stands; context, options: as axe.run takes them.

    Whatever is still on its way from one colour to another is let arrive: in between the contrast is nobody's choice.
    Nothing sets out anew while axe looks, as a button does that comes to lie below the pointer.
    Only what it objects to is described and handed over: to describe what is well takes longer than to find that out.
    """
    page.emulate_media(reduced_motion="reduce")
    arrived(page)
    if page.evaluate("window.axe === undefined"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(
        page.evaluate(
            "async ([context, options]) => ({violations: (await axe.run(context || document, options)).violations})",
            [context, {"resultTypes": ["violations"], "preload": False} | (options or {})],
        )
    )
    assert found.violations_count == 0, f"{where or page.url}: {found.generate_report()}"


def assert_axe_is_content_in_both_themes(
    page: Page, where: str = "", context: str | dict | None = None, options: dict | None = None
) -> None:
    """As assert_axe_is_content in the light theme, then in the dark one by the rules that look at colours."""
    page.emulate_media(color_scheme="light")
    assert_axe_is_content(page, f"{where or page.url}, light", context, options)
    page.emulate_media(color_scheme="dark")
    assert_axe_is_content(page, f"{where or page.url}, dark", context, {"runOnly": RULES_OF_COLOURS})
