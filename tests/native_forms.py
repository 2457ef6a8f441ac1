"""What readers of each language are told, for somebody who speaks it to read over: `python -m tests.native_forms`.

The command writes `tests/golden/native/`; a test compares what is there with what the program says.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from notifier.catalog.load import load_catalog
from notifier.content.editions import render_edition
from notifier.content.feed_heads import everything
from notifier.content.language import Language, Languages
from notifier.content.notice_entries import NoticeWording
from notifier.content.pages import occurrence_page
from notifier.content.site import SiteDay
from notifier.content.templates import Templates
from notifier.domain.events import Catalog
from notifier.domain.notices import Notice
from notifier.domain.occurrences import Occurrence, next_occurrence
from notifier.domain.windows import FeedYears
from tests.factories import LOCALES, ROOT, TEMPLATES
from tests.further_languages import SPOKEN, in_every_language

GOLDEN = ROOT / "tests/golden/native"
LEADS = (0, 1, 2, 5, 7, 21, 30, 100)
DAY = date(2027, 1, 20)
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_WHEN = re.compile(r'<p class="when">(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def native_forms(tag: str) -> str:
    """Return the subject, feed title, and page heading of Black January 2027 for each lead, and a few more forms."""
    catalog, language = in_every_language(_shipped()), Languages(LOCALES)[tag]
    templates = Templates(TEMPLATES)
    event = catalog.event("black-january")
    assert event is not None
    occurrence = next_occurrence(event, DAY)
    assert occurrence is not None
    lines = [f"feed: {everything(catalog, language).name}", ""]
    for lead in LEADS:
        lines += _ahead(Notice(occurrence, lead), catalog, language, templates)
    others = [one for id_ in ("khojaly", "republic-1918") if (one := _next(catalog, id_)) is not None]
    for more in (1, 2):
        notices = [Notice(one, (one.first - DAY).days) for one in (occurrence, *others[:more])]
        lines.append(f"subject of {more + 1} days: {_subject(notices, DAY, catalog, language, templates)}")
    lines.append(f"first of a month: {language.date(date(2027, 2, 1))}; {language.plain_date(date(2027, 2, 1))}")
    lines.append(f"month: {language.edtf('2019-01')}; time: {language.time(datetime(2027, 1, 20, 8, 5, tzinfo=UTC))}")
    lines.append("ordinals: " + "; ".join(language.anniversary(n) for n in (1, 2, 3, 11, 21, 36, 40, 100, 112)))
    lines.append("leads: " + "; ".join(_before(language, n) for n in (1, 2, 5, 21)))
    return "\n".join(lines) + "\n"


def _shipped() -> Catalog:
    catalog = load_catalog([ROOT / "events.yaml"], Languages(LOCALES).tags).catalog
    assert catalog is not None
    return catalog


def _next(catalog: Catalog, id_: str) -> Occurrence | None:
    event = catalog.event(id_)
    return None if event is None else next_occurrence(event, DAY)


def _before(language: Language, n: int) -> str:
    return language.say_many("{n} day before", "{n} days before", n)


def _ahead(notice: Notice, catalog: Catalog, language: Language, templates: Templates) -> list[str]:
    on, years = DAY - timedelta(days=notice.days), FeedYears(2026, 2027, 2030)
    wording = NoticeWording(catalog, language, templates, "https://days.example.org", years)
    entry = wording.entry(notice, datetime(2026, 1, 1, tzinfo=UTC))
    languages = (language,)
    site = SiteDay(catalog, languages, templates, "https://days.example.org", on, years, "/style.css", "/icon.svg")
    page = occurrence_page(site, language, notice.occurrence).body.decode()
    return [
        f"{notice.days} days ahead",
        f"  subject: {_subject([notice], on, catalog, language, templates)}",
        f"  feed:    {entry.title}",
        f"  page:    {_words(_HEADING, page)} | {_words(_WHEN, page)}",
        "",
    ]


def _subject(notices: list[Notice], on: date, catalog: Catalog, language: Language, templates: Templates) -> str:
    return render_edition(
        notices,
        on,
        catalog=catalog,
        language=language,
        templates=templates,
        base_url="https://days.example.org",
        sender="Example Foundation",
        postal_address=None,
        refused_for=lambda _: (),
    ).subject


def _words(place: re.Pattern[str], page: str) -> str:
    found = place.search(page)
    assert found is not None
    return " ".join(_TAG.sub("", found[1]).split())


def write(folder: Path = GOLDEN) -> None:
    """Write the file of each language."""
    for tag in SPOKEN:
        (folder / f"{tag}.txt").write_text(native_forms(tag), encoding="utf-8")


if __name__ == "__main__":
    write()
