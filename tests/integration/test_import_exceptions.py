"""A single year's date that differs from the rule is written as an exception, with the reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from notifier.catalog.importers.imported import Exceptional, Import, ImportedEvent, Origin
from notifier.catalog.importers.writing import Taken, new_file
from notifier.catalog.load import load_catalog
from notifier.content.language import Languages
from tests.factories import LOCALES, make_calendar

NONE = frozenset[str]()
ORIGIN = Origin("holidays-gb", "holidays-package", "holidays (Python)", "holidays: GB", date(2026, 11, 22))


def test_a_year_that_is_moved_is_an_exception_with_its_reason(tmp_path: Path) -> None:
    moved = ImportedEvent(
        mark="holidays GB: May Day",
        slug="GB May Day",
        names={"en": "May Day"},
        rule="first Monday of May",
        exceptions=(Exceptional(2027, date(2027, 5, 7)),),
        until=2050,
    )
    reasons = {"en": "As the package has it.", "tr": "not a language of this calendar"}

    written = new_file(Import(ORIGIN, (moved,), ()), make_calendar(), Taken(NONE, NONE, NONE, NONE), reasons)

    path = tmp_path / "gb.yaml"
    path.write_text(written.text, "utf-8")
    catalog = load_catalog([path], Languages(LOCALES).tags).catalog
    assert catalog is not None
    (event,) = catalog.events
    assert (event.exceptions[2027].date, event.until) == (date(2027, 5, 7), 2050)
    assert event.exceptions[2027].reason.languages() == ("en",)
    assert written.borrowed == ("de",)


def test_lines_stay_within_120_columns_where_that_can_be_chosen(tmp_path: Path) -> None:
    names = {
        "en": "A day on which a great deal happened in the town",
        "de": "Ein Tag, an dem in der Stadt sehr viel geschah",
    }
    event = ImportedEvent(mark="long", slug="long", names=names, rule="1 May")

    written = new_file(Import(ORIGIN, (event,), ()), make_calendar(), Taken(NONE, NONE, NONE, NONE), {})

    assert max(map(len, written.text.splitlines())) <= 120
