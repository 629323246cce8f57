"""Chromium for tests: the one the system has, driven by Playwright. Nothing is downloaded."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, sync_playwright

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]  # what may be well in one theme and not in the other
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium. Without one the test is skipped; in CI, where it must be, that is a failure.

    It ends with the module: Playwright's event loop would be in the way of other tests that run one.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = f"There is no browser: none of {', '.join(NAMES)} is installed."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = ["--disable-dev-shm-usage", "--disable-gpu"] + ["--no-sandbox"] * (os.geteuid() == 0)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty tab of a reader of its own: no cookies, English, UTC."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    yield context.new_page()
    context.close()


def assert_axe_is_content(
    page: Page, where: str = "", context: str | dict | None = None, options: dict | None = None
) -> None:
    """Fail with axe's report where it finds anything on the page as it stands; context, options: as axe.run takes them.

    Whatever is still on its way from one colour to another is let arrive: in between the contrast is nobody's choice.
    Only what it objects to is described and handed over: to describe what is well takes longer than to find that out.
    """
    page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        "    .filter(one => one.effect.getComputedTiming().endTime < Infinity).map(one => one.finished))"
    )
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
