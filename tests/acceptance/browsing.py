"""Chromium as the browser tests drive it: a complaint of its console fails the test, and what is asked of others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, sync_playwright

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
    """A page, what the console of its context complained of, and which addresses were asked for.

    What breaks the Content Security Policy is an error of the console; that a page itself answers 404 or 422, where a
    test wants it to, is not.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _pages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        context = self.page.context
        context.on("console", self._heard)
        context.on("weberror", lambda said: self.complaints.append(str(said.error)))
        context.on("request", self._asked)
        context.on("dialog", self._dialog)

    def _heard(self, said: ConsoleMessage) -> None:
        refused = said.text.startswith("Failed to load resource: the server responded with a status of 4")
        if not (refused and said.location["url"] in self._pages):
            self.complaints.append(f"{said.text} ({said.location['url']})")

    def _asked(self, request: Request) -> None:
        self.asked.append(request.url)
        if request.is_navigation_request():
            self._pages.add(request.url)

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def strangers(self, address: str) -> list[str]:
        """Return what was asked of another host."""
        return [url for url in self.asked if not url.startswith((f"{address}/", "data:"))]


@contextmanager
def watching(
    chromium: Browser,
    address: str,
    width: int = 1280,
    scheme: Scheme = "light",
    *,
    scripts: bool = True,
    expected: str = "",
    **more: Any,
) -> Iterator[Watched]:
    """Open a page of a site, as wide as that, in the colours of that scheme.

    It fails in the end when the console complained of anything, such as of what breaks the Content Security Policy, or
    something was asked of another host; where a complaint is `expected`, by a part of its words, it has to come.
    """
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
    watched = Watched(context.new_page())
    try:
        yield watched
    finally:
        # What was said before the answer to this is heard before it.
        context.close()
    complaints = [said for said in watched.complaints if not (expected and expected in said)]
    assert not complaints, f"the browser complains: {complaints}"
    strangers = watched.strangers(address)
    assert not strangers, f"asked of another host: {strangers}"
    assert not expected or watched.complaints, f"the browser does not complain: {expected}"


Looks = tuple[tuple[int, Scheme, bool], ...]
"""How a page is looked at: the width, the colours, and whether by every rule or by those that depend on colours."""

NARROW: Final[Looks] = ((375, "light", True), (375, "dark", False))
LOOKS: Final[Looks] = (*NARROW, (1280, "dark", True), (1280, "light", False))

# Target size (WCAG 2.2, 2.5.8) is off in axe unless it is asked for.
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
UNFOLD = """open => {
    window.folded ??= [...document.querySelectorAll("details:not([open])")];
    window.folded.forEach(one => { one.open = open; });
}"""
FAULTS = f"""async rules => ({{
    axe: (await axe.run({{...rules, resultTypes: ["violations"]}})).violations.map(
        one => [one.id, one.nodes.map(node => node.html)]),
    low: ({CONTRAST.strip()})(),
    wide: {TOO_WIDE},
}})"""


def look(page: Page, name: str, looks: Looks = LOOKS) -> None:
    """Look at the page that is open, at a telephone and a desk, in light and in dark; keep a picture of each width.

    Where it is said how it is looked at, it is only so.

    axe finds nothing (WCAG 2.2 AA as far as it can tell, target size included), every text has its contrast, also where
    it was folded up, and nothing is wider than the window. The pictures are `name`-WIDTH-SCHEME.png in the artefacts,
    and a name may have a folder. Afterwards the page is as wide as it was, and light. It needs scripts to be on.
    """
    before = page.viewport_size
    picture = ARTEFACTS / name
    picture.parent.mkdir(parents=True, exist_ok=True)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for width, scheme, every in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if every:
            page.evaluate(UNFOLD, False)
            page.screenshot(path=picture.with_name(f"{picture.name}-{width}-{scheme}.png"), full_page=True)
            page.evaluate(UNFOLD, True)
        found = page.evaluate(FAULTS, EVERY_RULE if every else COLOURS)
        seen = f"{name}, {width} pixels, {scheme}:"
        assert not found["axe"], f"{seen} against rules of accessibility: {found['axe']}"
        assert not found["low"], f"{seen} too little contrast: {found['low']}"
        assert found["wide"] <= 0, f"{seen} {found['wide']} pixels too wide"
    page.evaluate(UNFOLD, False)
    page.emulate_media(color_scheme="light")
    if before is not None:
        page.set_viewport_size(before)
