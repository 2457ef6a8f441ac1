from __future__ import annotations

from pathlib import Path

import pytest

from notifier.catalog.load import Loaded, load_catalog
from notifier.domain.events import Catalog, Qualifier
from tests.factories import ROOT

SHIPPED = (ROOT / "events.yaml").read_text("utf-8")
WHOLE = (ROOT / "tests/golden/calendar.yaml").read_text("utf-8")
"""A calendar that stays as it is, whatever becomes of the shipped one: lines are counted in it."""
LANGUAGES = ("az", "de", "en", "ru", "tr")

SMALL = """\
version: 1
calendar:
  id: days.example.org
  name: {en: Days}
  published: 2026-11-21
  languages: [en]
parties: {}
sources: {}
events:
  - id: a-day
    heading: {en: A day}
    rule: 1 March
"""


def load(folder: Path, text: str | bytes, name: str = "events.yaml") -> Loaded:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_catalog([path], LANGUAGES)


def catalog_of(loaded: Loaded) -> Catalog:
    assert loaded.catalog is not None, [str(problem) for problem in loaded.problems]
    return loaded.catalog


def lines_of(loaded: Loaded, folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in loaded.problems]


def test_the_shipped_calendar_is_read_without_error_or_warning(tmp_path: Path) -> None:
    loaded = load(tmp_path, SHIPPED)

    assert loaded.problems == ()
    assert [event.id for event in catalog_of(loaded).events] == [
        "black-january",
        "khojaly",
        "azal-8243",
        "march-1918",
        "republic-1918",
        "restoration-1991",
        "remembrance-2020",
    ]


def test_every_figure_of_the_shipped_calendar_has_a_party_and_a_source(tmp_path: Path) -> None:
    catalog = catalog_of(load(tmp_path, SHIPPED))
    claims = [claim for event in catalog.events for figure in event.figures for claim in figure.claims]

    assert len(claims) == 25
    assert all(claim.by in catalog.parties and claim.sources for claim in claims)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("id: a-day\n", "event id"),
        ("id: a-day\n    was: [old]\n", "former id"),
        ("id: a-day\n    collections: [old]\n", "collection"),
    ],
)
def test_an_id_has_at_most_100_characters(tmp_path: Path, text: str, where: str) -> None:
    """It is part of addresses, which calendars take up to 255 characters of, and of files' names."""
    word = "old" if "old" in text else "a-day"
    for length, problems in ((100, []), (101, [f'{where} "{"a" * 40}…" has 101 characters; use at most 100'])):
        written = SMALL.replace("id: a-day\n", text.replace(word, "a" * length))
        found = [line for line in lines_of(load(tmp_path, written), tmp_path) if " error: " in line]
        assert [line.partition(" error: ")[2] for line in found] == problems


@pytest.mark.parametrize("text", ['"\\e"', '"\\x01"', '"\\uFFFE\\uFFFF"', '"\\u200b "', '", ; \\\\"', '"\\u3164"'])
@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("name: {en: Days}", "4:14: error: name in en"),
        ("heading: {en: A day}", '11:19: error: heading of "a-day" in en'),
        ("rule: 1 March", "12:11: error: rule"),
    ],
)
def test_a_text_of_which_nothing_is_seen_is_refused(tmp_path: Path, text: str, written: str, where: str) -> None:
    said = written.rpartition(": ")[2].rstrip("}")
    loaded = load(tmp_path, SMALL.replace(written, written.replace(said, text)))

    assert lines_of(loaded, tmp_path) == [
        f"events.yaml:{where} has nothing that is seen beside , ; and \\; write it or take the key away"
    ]


def test_disagreeing_figures_stand_side_by_side(tmp_path: Path) -> None:
    killed = catalog_of(load(tmp_path, SHIPPED)).events[0].figures[0]

    assert [(claim.value, claim.qualifier) for claim in killed.claims] == [
        (140, Qualifier.AT_LEAST),
        (140, Qualifier.MORE_THAN),
        (100, Qualifier.MORE_THAN),
        (147, Qualifier.EXACTLY),
        (150, Qualifier.EXACTLY),
    ]


MISTAKES = {
    "an unknown key": (
        "    kind: mourning",
        "    knid: mourning",
        '177:5: error: unknown key "knid" in event; did you mean "kind"?',
    ),
    "a misspelt key that has to be there": (
        "    heading: {en: Black",
        "    headng: {en: Black",
        '158:5: error: unknown key "headng" in event; did you mean "heading"?',
    ),
    "a bad date": (
        "published: 2026-11-21",
        "published: 2026-13-21",
        '14:14: error: published is a date such as 2027-01-20, not "2026-13-21"',
    ),
    "a duplicate id": (
        "- id: khojaly",
        "- id: black-january",
        '320:5: error: the event id "black-january" is used twice; the first is on line 157',
    ),
    "a former id that is the present one": (
        "- id: khojaly",
        "- id: khojaly\n    was: [khojaly]",
        '320:5: error: was: of "khojaly" names an id twice, or the one that it has now',
    ),
    "a missing source": (
        "by: official-az, source: jamnews-2019-01}",
        "by: official-az}",
        "259:11: error: claim lacks source; name the document it is found in",
    ),
    "an unknown source": (
        "by: official-az, source: jamnews-2019-01}",
        "by: official-az, source: jamnews-2019-02}",
        '259:49: error: there is no source "jamnews-2019-02" under sources:; did you mean "jamnews-2019-01"?',
    ),
    "a missing translation": (
        "{en: Khojaly, de: Chodschali,",
        "{en: Khojaly,",
        '321:14: error: heading of "khojaly" has no text in de; titles need it in every language',
    ),
    "an indentation by tab": (
        "    kind: mourning",
        "\tkind: mourning",
        "177:1: error: a tab cannot indent a line; use spaces",
    ),
    "a wrong type": (
        "collections: [azerbaijan]",
        "collections: azerbaijan",
        '178:18: error: collections is a list, not "azerbaijan"',
    ),
    "a figure that is not a number": (
        "value: 147",
        "value: many",
        '259:19: error: value is a whole number, not "many"',
    ),
    "an unknown language": (
        "{en: Khojaly, de: Chodschali,",
        "{en: Khojaly, xx: Xx, de: Chodschali,",
        '321:28: error: unknown language "xx" in heading of "khojaly"; this calendar has en, de, az, tr, ru',
    ),
    "a language the service does not speak": (
        "languages: [en, de, az, tr, ru]",
        "languages: [en, de, az, tr, ru, tlh]",
        '16:35: error: unknown language "tlh"; the service speaks az, de, en, ru, tr',
    ),
    "an impossible rule": (
        "rule: 20 January",
        "rule: 31 February",
        '175:11: error: the rule "31 February" can never fall: February has 29 days',
    ),
    "a rule that is not known": (
        "rule: 20 January",
        "rule: 20 Brumaire",
        '175:14: error: the rule "20 Brumaire" cannot be read from "Brumaire" on; expected a month',
    ),
    "an origin in no month": (
        "origin: 1990-01-20",
        "origin: 1990-02-30",
        (
            '168:13: error: "1990-02-30" is a day that there is not; correct the day or the month, or write the month '
            "or year alone"
        ),
    ),
    "a key that stands twice": (
        "    kind: mourning",
        "    kind: mourning\n    kind: national",
        '178:5: error: the key "kind" stands twice in event; the first is on line 177',
    ),
    "a party that is not there, used in many places": (
        "  jamnews:\n    name: {en: JAMnews, de: JAMnews, az: JAMnews, tr: JAMnews, ru: JAMnews}\n",
        "",
        '84:16: error: there is no party "jamnews" under parties: (used 6 times)',
    ),
    "a number of a thousand digits": (
        "value: 147",
        f"value: {'9' * 1000}",
        f'259:19: error: value is a whole number, not "{"9" * 40}…"',
    ),
    "an alias": (
        "zone: Asia/Baku\n  languages",
        "zone: *zone\n  languages",
        "15:9: error: aliases (*name) are not read; write the value again",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gives_one_exact_line(tmp_path: Path, mistake: str) -> None:
    old, new, expected = MISTAKES[mistake]
    assert old in WHOLE

    loaded = load(tmp_path, WHOLE.replace(old, new, 1))

    assert lines_of(loaded, tmp_path) == [f"events.yaml:{expected}"]
    assert loaded.catalog is None


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_file_cut_off_anywhere_in_a_line_gives_one_line(tmp_path: Path, tenth: int) -> None:
    cut = WHOLE[: len(WHOLE) * tenth // 10].rstrip("\n")

    loaded = load(tmp_path, cut)

    assert len(loaded.problems) == 1
    assert loaded.catalog is None


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("value: 147", "value: many", 1).replace("- id: khojaly", "- id: Khojaly", 1)

    lines = lines_of(load(tmp_path, text), tmp_path)

    assert [line.partition(" ")[0] for line in lines] == ["events.yaml:259:19:", "events.yaml:320:9:"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "1:1: error: the file is empty; it begins with version: 1"),
        (b"version: 1\ncalendar: {id: \xff}\n", "2:16: error: the file is not UTF-8 here; save it as UTF-8"),
        (b"- a\n", "1:1: error: a calendar file begins with keys such as version: and calendar:"),
        (b"a: " + b"[" * 60 + b"]" * 60 + b"\n", "1:24: error: values are nested more than 20 deep; write them flat"),
        (
            (SMALL + "---\nversion: 1\n").encode(),
            "13:1: error: a second YAML document begins here; a calendar file holds one",
        ),
    ],
)
def test_what_is_no_calendar_ends_in_one_line(tmp_path: Path, data: bytes, line: str) -> None:
    assert lines_of(load(tmp_path, data), tmp_path) == [f"events.yaml:{line}"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            SMALL.partition("events:")[0],
            "1:1: error: there is no event; either events: is missing, or the file was cut off before it",
        ),
        (
            SMALL.partition("  - id")[0],
            "1:1: error: there is no event; either events: is missing, or the file was cut off before it",
        ),
        (
            SMALL.partition("  - id")[0].replace("events:", "events: {a: b}"),
            "9:1: error: events is a list; each event begins with - id:",
        ),
        (
            SMALL.replace("parties: {}", "include: [{a: b}]"),
            "7:11: error: an included file is a text, not a mapping (key: value)",
        ),
        (SMALL.replace("sources: {}", "sources: []"), "8:10: error: sources is a mapping (key: value), not a list"),
    ],
)
def test_what_is_cut_off_or_misshapen_above_the_events_gives_one_line(tmp_path: Path, text: str, line: str) -> None:
    assert lines_of(load(tmp_path, text), tmp_path) == [f"events.yaml:{line}"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    loaded = load_catalog([tmp_path / "none.yaml"], LANGUAGES)

    assert lines_of(loaded, tmp_path) == [
        "none.yaml:1:1: error: the file cannot be read: No such file or directory; correct its path or its permissions"
    ]


def test_a_text_that_lacks_a_language_is_warned_about_and_still_read(tmp_path: Path) -> None:
    text = SMALL.replace("[en]", "[en, de]").replace("{en: Days}", "{en: Days, de: Tage}")
    text = text.replace("{en: A day}", "{en: A day, de: Ein Tag}\n    counts: {en: the day}")

    loaded = load(tmp_path, text)

    assert lines_of(loaded, tmp_path) == [
        "events.yaml:12:13: warning: counts has no text in de; another language is shown instead"
    ]
    assert catalog_of(loaded).events[0].counts is not None


def test_words_of_yaml_1_1_stay_words(tmp_path: Path) -> None:
    text = SMALL.replace("heading: {en: A day}", "heading: {en: no}").replace("rule:", "counts: {en: 11:00}\n    rule:")

    event = catalog_of(load(tmp_path, text)).events[0]

    assert event.heading.get("en") == "no"
    assert event.counts is not None
    assert event.counts.get("en") == "11:00"


def test_the_origins_day_is_the_rule_where_none_is_written(tmp_path: Path) -> None:
    text = SMALL.replace("rule: 1 March", "origin: 1990-01-20")

    assert str(catalog_of(load(tmp_path, text)).events[0].rule) == "20 January"


def test_an_origin_without_a_day_needs_a_rule(tmp_path: Path) -> None:
    text = SMALL.replace("rule: 1 March", "origin: 1990-01")

    assert lines_of(load(tmp_path, text), tmp_path) == ['events.yaml:10:5: error: event "a-day" lacks rule']


INCLUDED = """\
version: 1
events:
  - id: another-day
    heading: {en: Another day}
    rule: 2 March
"""


def test_an_included_file_adds_its_events(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "more.yaml").write_text(INCLUDED)

    loaded = load(tmp_path, SMALL.replace("parties: {}", "include: [calendars/more.yaml]"))

    assert [event.id for event in catalog_of(loaded).events] == ["a-day", "another-day"]
    assert len(loaded.files) == 2


def test_an_id_used_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(INCLUDED.replace("another-day", "a-day"))

    loaded = load(tmp_path, SMALL.replace("parties: {}", "include: [more.yaml]"))

    assert lines_of(loaded, tmp_path) == [
        f'more.yaml:3:5: error: the event id "a-day" is used twice; the first is on {tmp_path}/events.yaml:10'
    ]


def test_an_include_stays_in_its_folder(tmp_path: Path) -> None:
    loaded = load(tmp_path, SMALL.replace("parties: {}", "include: [../more.yaml]"))

    assert lines_of(loaded, tmp_path) == [
        (
            'events.yaml:7:11: error: "../more.yaml" may lie outside the folder of events.yaml; write the path from '
            "the folder of events.yaml, without .. and without / at its beginning"
        )
    ]
