"""Every kind of message in every language as a reader sees it: in a browser, narrow and wide, light and forced dark."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.acceptance.browsing import ARTEFACTS, AXE, CONTRAST, running_chromium
from tests.acceptance.photographs import photograph
from tests.every_message import NAMES, Message, every_message, of_languages, presses

HERE = Path(__file__).parent
TEXTS = (HERE / "texts.js").read_text("utf-8")
SEEN_CONTRAST = (HERE / "seen_contrast.js").read_text("utf-8")

PICTURES = ARTEFACTS / "messages"
WIDTHS = (375, 700)
_A_FEW = {"notice-of-two-days", "digest", "confirm", "welcome", "correction"}
SEEN = [(name, tag) for name, tag in of_languages(NAMES) if tag not in {"fr", "fa", "hy"} or name in _A_FEW]
"""The shipped calendar lacks French, Persian and Armenian: of these a few are enough."""

BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
COMPLAINTS = "axe.run().then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html)]))"


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Message]:
    with presses(tmp_path_factory.mktemp("press")) as (press, accepting):
        return every_message(press, accepting)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@dataclass
class Reader:
    """A mail programme's window, what it asked others for, and a page of its own to measure pictures on."""

    page: Page
    measuring: Page
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.route("**/*", self._refuse)

    def _refuse(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.abort()

    def open(self, html: str, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.set_content(html)

    def force_dark(self, *, enabled: bool) -> None:
        """Do as the telephones' mail programmes do that turn every message dark."""
        self.page.emulate_media(color_scheme="dark" if enabled else "light")
        session = self.page.context.new_cdp_session(self.page)
        session.send("Emulation.setAutoDarkModeOverride", {"enabled": enabled})

    def picture(self, name: str) -> bytes:
        return photograph(self.page, PICTURES / f"{name}.png")

    def texts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(TEXTS)
        return found

    def too_faint(self, picture: bytes) -> list[str]:
        """Return the texts that cannot be told well from what is behind them in a picture."""
        seen = {"picture": base64.b64encode(picture).decode("ascii"), "texts": self.texts()}
        found: list[str] = self.measuring.evaluate(SEEN_CONTRAST, seen)
        return found


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Reader]:
    context = chromium.new_context(locale="en-GB")
    # Pictures of the page that was opened last are taken at once; those of one behind it take half a second.
    measuring = context.new_page()
    yield Reader(context.new_page(), measuring)
    context.close()


@pytest.fixture
def light(reader: Reader) -> Reader:
    reader.force_dark(enabled=False)
    return reader


@pytest.fixture
def dark(reader: Reader) -> Reader:
    reader.force_dark(enabled=True)
    return reader


def test_what_is_faint_is_seen_in_either_light(reader: Reader) -> None:
    """Otherwise the tests below could find nothing because they look at nothing."""
    pictures = []
    for enabled in (False, True):
        reader.force_dark(enabled=enabled)
        reader.open("<!DOCTYPE html><p>plain words</p><p style='opacity: 0.4'>faint words</p>", 375)
        pictures.append(reader.page.screenshot())
        assert [line.partition(" ")[2] for line in reader.too_faint(pictures[-1])] == ["faint words"]
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize(("name", "tag"), SEEN)
def test_a_message_can_be_read_at_any_width(
    light: Reader, messages: Mapping[tuple[str, str], Message], name: str, tag: str
) -> None:
    for width in WIDTHS:
        light.open(messages[name, tag].content.html, width)
        light.picture(f"{name}-{tag}-{width}-light")

        assert light.page.evaluate(BEYOND) == 0, f"too wide for {width} pixels"
        assert {text["text"] for text in light.texts() if text["size"] < 16} == set()
        assert light.page.evaluate(CONTRAST) == []
    assert light.asked == []


@pytest.mark.parametrize(("name", "tag"), SEEN)
def test_a_message_survives_forced_dark_colours(
    dark: Reader, messages: Mapping[tuple[str, str], Message], name: str, tag: str
) -> None:
    for width in WIDTHS:
        dark.open(messages[name, tag].content.html, width)
        picture = dark.picture(f"{name}-{tag}-{width}-dark")
        # Colours do not depend on the width; the wide picture is for whoever looks.
        assert width > WIDTHS[0] or dark.too_faint(picture) == []
    assert dark.asked == []


@pytest.mark.parametrize(("name", "tag"), SEEN)
def test_a_message_is_accessible(
    light: Reader, messages: Mapping[tuple[str, str], Message], name: str, tag: str
) -> None:
    light.open(messages[name, tag].content.html, 375)
    light.page.evaluate(AXE)

    assert light.page.evaluate(COMPLAINTS) == []
