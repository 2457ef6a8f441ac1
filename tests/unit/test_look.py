"""Pages, pictures and messages look alike, and can be read: one colour a kind of day, and enough contrast."""

from __future__ import annotations

import re

import pytest

from notifier.domain.events import Kind
from tests.factories import TEMPLATES

STYLE = (TEMPLATES / "web/style.css").read_text("utf-8")
NOTICE = (TEMPLATES / "email/notice.css").read_text("utf-8")
PICTURE = (TEMPLATES / "web/picture.xml").read_text("utf-8")
LIGHT, DARK = re.findall(r":root \{(.+?)\n *\}", STYLE, re.DOTALL)[:2]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_of_day_has_one_colour_on_pages_in_pictures_and_in_messages(kind: Kind) -> None:
    colour = colours(LIGHT)[kind]
    # Mourning is what a message has where nothing else is said.
    told = ".day" if kind is Kind.MOURNING else f".{kind}"
    found = re.search(rf"^{re.escape(told)} \{{.*?(#[0-9a-f]{{6}})", NOTICE, re.MULTILINE)

    assert found is not None
    assert found[1] == colour
    assert f'"{kind}": "{colour}"' in PICTURE


def test_messages_have_the_colours_and_letters_of_the_pages() -> None:
    assert set(re.findall(r"#[0-9a-f]{6}", NOTICE)) <= set(colours(LIGHT).values())
    for family in ("serif", "sans"):
        [of_pages] = re.findall(rf"--{family}: (.+?);", LIGHT)
        assert f"set {family} = '{of_pages}'" in NOTICE
        assert f"font-family: {{{{ {family} }}}}" in NOTICE


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kinds_colour_can_be_read_on_what_lies_behind_it(block: str, kind: Kind) -> None:
    """WCAG 2.2, 1.4.3: as text on a page, and behind the days of a year."""
    shown = colours(block)

    assert contrast(shown[kind], shown["paper"]) >= 4.5
    assert contrast(shown[kind], shown["raised"]) >= 4.5


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_controls_can_be_seen(block: str) -> None:
    """WCAG 2.2, 1.4.11."""
    shown = colours(block)

    assert contrast(shown["control"], shown["raised"]) >= 3
    assert contrast(shown["link"], shown["paper"]) >= 4.5


def test_nothing_is_fetched_from_another_host_nor_laid_out_for_one_direction() -> None:
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert not re.findall(r"(?:margin|padding|border)-(?:left|right)\b|\b(?:left|right):", STYLE)
