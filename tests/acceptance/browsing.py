"""Chromium as the browser tests drive it: every complaint of its console and every address it asks for is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.factories import ROOT

ARTEFACTS = ROOT / "test-artefacts"

# Chromium runs as root in a container, and must not call home.
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Scheme = Literal["light", "dark"]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
# Target size (WCAG 2.2, 2.5.8) is off in axe unless it is asked for.
COMPLAINTS = """axe.run({rules: {"target-size": {enabled: true}}}).then(
    found => found.violations.map(one => [one.id, one.nodes.map(node => node.html)]))"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the system's Chromium, and end it."""
    path = shutil.which("chromium")
    assert path is not None, "the browser tests need the command chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, what its console complained of, and which addresses it asked for.

    What breaks the Content Security Policy is an error of the console; that an address answers 404 or 422, where a test
    wants it to, is not.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._heard(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def _heard(self, text: str) -> None:
        if not text.startswith("Failed to load resource: the server responded with a status of 4"):
            self.complaints.append(text)

    def strangers(self, address: str) -> list[str]:
        """Return what was asked of another host."""
        return [url for url in self.asked if not url.startswith((f"{address}/", "data:"))]


@contextmanager
def watching(
    chromium: Browser, address: str, width: int = 1280, scheme: Scheme = "light", *, scripts: bool = True, **more: Any
) -> Iterator[Watched]:
    """Open a page of a site, as wide as that, in the colours of that scheme."""
    context: BrowserContext = chromium.new_context(
        **{
            "base_url": address,
            "viewport": {"width": width, "height": 900},
            "color_scheme": scheme,
            "locale": "en-GB",
            "reduced_motion": "reduce",
            "java_script_enabled": scripts,
            **more,
        }
    )
    yield Watched(context.new_page())
    context.close()
