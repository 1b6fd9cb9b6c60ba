"""A headless Chromium for tests of pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium cannot use its sandbox as root. Its own requests at startup are disabled.
_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@dataclass
class Watched:
    """A page with the console messages, errors, dialogs and requests since it was opened."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def chromium(*options: str) -> Iterator[Any]:
    """The Chromium of the machine; the test is skipped if there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run this test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_OPTIONS, *options])
        yield browser
        browser.close()


def open_report(
    browser: Any,
    path: Path,
    lang: str = "en",
    width: int = 1280,
    fragment: str = "",
    before: str = "",
    **options: Any,
) -> Watched:
    """Open the report from disk and wait until all charts are drawn, or the page of a company.

    `fragment` is the part of the address after `#`; `before` is a script that runs first.
    """
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    watched = Watched(page)
    page.on("console", lambda message: watched.messages.append(message.text))
    page.on("pageerror", lambda error: watched.messages.append(str(error)))
    page.on("dialog", lambda dialog: (watched.messages.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: watched.requests.append(request.url))
    page.add_init_script(before)
    page.goto(f"{path.as_uri()}?lang={lang}{fragment and '#'}{fragment}")
    page.wait_for_selector(f"html[data-ready={lang}]", timeout=30_000)
    return watched
