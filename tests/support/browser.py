"""A headless Chromium for the tests that look at a page as a reader would."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# The tests may run as root, where Chromium has no sandbox; and it must not call home at its start.
_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@dataclass
class Watched:
    """A page, and what it said and asked for since it was opened."""

    page: Page
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def chromium(*options: str) -> Iterator[Any]:
    """The machine's Chromium; the test is skipped where it has none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run this test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_OPTIONS, *options])
        yield browser
        browser.close()


def open_report(
    browser: Any, path: Path, lang: str = "en", width: int = 1280, **options: Any
) -> Watched:
    """The report, opened from disk and drawn to its last chart."""
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    watched = Watched(page)
    page.on("console", lambda message: watched.said.append(message.text))
    page.on("pageerror", lambda error: watched.said.append(str(error)))
    page.on("dialog", lambda dialog: (watched.said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: watched.requests.append(request.url))
    page.goto(f"{path.as_uri()}?lang={lang}")
    page.wait_for_selector(f"html[data-ready={lang}]", timeout=30_000)
    return watched
