"""Weekdays and dates are computed, never written: a written one is wrong the year after (okfn/opendataday#373)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from jinja2 import Environment

from notifier.catalog.load import load_catalog
from notifier.domain.events import Event
from notifier.domain.texts import Text
from tests.factories import LOCALES, ROOT, TEMPLATES
from tests.further_languages import SPOKEN
from tests.web_site import LANGUAGES

TEMPLATE_FILES = sorted(path for path in TEMPLATES.glob("*/*") if path.suffix in {".html", ".txt"})

# Words that are no date where they stand: "every week" (Armenian calls Saturday so too), and the Hebrew month Nisan.
OTHER_WORDS = {"hy": {"շաբաթ"}, "tr": {"Nisan"}}
FIELD = re.compile(r"\{[^{}]*\}")
# As a form shows how one is written.
ISO_EXAMPLE = "2027-01-20"
WRITTEN = re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b(?:19|20)\d\d\b|[۰-۹]{4}")


def weekdays(tag: str) -> set[str]:
    days = Locale.parse(tag).days
    return {name for form in ("format", "stand-alone") for name in days[form]["wide"].values()}


def months(tag: str) -> set[str]:
    names = Locale.parse(tag).months
    return {name for form in ("format", "stand-alone") for name in names[form]["wide"].values()}


def named(text: str, names: Iterable[str], tag: str) -> list[str]:
    """Return the names that stand in a text as words of their own; capitals count, as "may" is no month."""
    whole = (name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))
    return [name for name in whole if name not in OTHER_WORDS.get(tag, ())]


def messages(tag: str) -> Iterator[str]:
    with (LOCALES / tag / "LC_MESSAGES/notifier.po").open("rb") as file:
        for one in read_po(file):
            if one.id:
                yield from (*parts(one.id), *parts(one.string))


def parts(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def test_a_written_date_would_be_found() -> None:
    assert set(named("on Wednesday, 20 January", weekdays("en") | months("en"), "en")) == {"Wednesday", "January"}
    assert WRITTEN.findall("20.01.2027, 2027-01-20, 1/2/27") == ["20.01.2027", "2027-01-20", "1/2/27"]
    assert named("you may march", months("en"), "en") == []


@pytest.mark.parametrize("tag", SPOKEN)
def test_no_message_has_a_weekday_a_month_or_a_date_in_it(tag: str) -> None:
    for message in messages(tag):
        said = FIELD.sub(" ", message).replace(ISO_EXAMPLE, " ")

        assert named(said, weekdays(tag) | months(tag), tag) == [], message
        assert WRITTEN.findall(said) == [], message


@pytest.mark.parametrize(
    "path", TEMPLATE_FILES, ids=[path.relative_to(TEMPLATES).as_posix() for path in TEMPLATE_FILES]
)
def test_no_template_has_one(path: Path) -> None:
    source = path.read_text("utf-8")
    written = " ".join(text for _, kind, text in Environment(autoescape=True).lex(source) if kind == "data")

    for tag in SPOKEN:
        assert named(written, weekdays(tag), tag) == []
    assert named(written, months("en"), "en") == []
    assert WRITTEN.findall(written) == []


def texts_of(event: Event) -> Iterator[Text]:
    """Yield what is said of an event for every year alike; names may have a weekday in them (Remembrance Sunday)."""
    if event.counts is not None:
        yield event.counts
    yield from (statement.text for statement in (*event.summary, *event.remembered))
    yield from (update.text for update in event.updates)
    yield from (claim.note for figure in event.figures for claim in figure.claims if claim.note is not None)


@pytest.mark.parametrize("name", ["events.yaml", "calendars/world.yaml"])
def test_no_shipped_text_names_a_weekday(name: str) -> None:
    """What happened has its date in words; on which weekday the next one falls is the program's to say."""
    catalog = load_catalog([ROOT / name], LANGUAGES.tags).catalog
    assert catalog is not None
    for event in catalog.events:
        for text in texts_of(event):
            for wording in text:
                assert named(wording.text, weekdays(wording.language), wording.language) == []
