"""What an anniversary falls on besides: public holidays, weekends, other days that are remembered."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from notifier.cli import app
from notifier.content.language import Languages
from notifier.domain.errors import NotifierError
from notifier.domain.occurrences import Occurrence, next_occurrence
from notifier.domain.rules.grammar import parse_rule
from notifier.usecases.clashes import Clashes, EventClash, HolidayClash, WeekendClash
from tests.factories import LOCALES, ROOT, make_catalog, make_event, text

LANGUAGES = Languages(LOCALES)


def kept(rule: str, id_: str = "a-day", on: date = date(2027, 1, 1)) -> Occurrence:
    event = make_event(id_, rule=parse_rule(rule), origin=None, counts=None, heading=text(en="A day", de="Ein Tag"))
    occurrence = next_occurrence(event, on)
    assert occurrence is not None
    return occurrence


def test_a_public_holiday_is_named_in_the_readers_language() -> None:
    clashes = Clashes(make_catalog(), ["DE:BE"])

    assert clashes.of(kept("3 October"), LANGUAGES["de"])[0] == HolidayClash(
        date(2027, 10, 3), "DE:BE", "Tag der Deutschen Einheit", "de", substitute=False, estimated=False
    )
    assert clashes.phrases(kept("8 March"), LANGUAGES["de"]) == ["gesetzlicher Feiertag (Deutschland, BE): Frauentag"]


def test_a_holiday_without_a_name_in_the_readers_language_is_named_in_english() -> None:
    clashes = Clashes(make_catalog(), ["DE"])

    assert clashes.phrases(kept("1 January"), LANGUAGES["az"])[0].endswith(": New Year's Day")


def test_a_day_off_in_place_of_another_says_so() -> None:
    """alphagov/calendars#132: say when a day is a substitute."""
    clashes = Clashes(make_catalog(), ["GB"])

    # Christmas Day 2027 is a Saturday, and Monday the 27th free instead of it.
    assert clashes.phrases(kept("27 December"), LANGUAGES["en"]) == [
        "day off in place of another (United Kingdom): Christmas Day"
    ]
    assert [clash for clash in clashes.of(kept("25 December"), LANGUAGES["en"]) if isinstance(clash, HolidayClash)] == [
        HolidayClash(date(2027, 12, 25), "GB", "Christmas Day", "en", substitute=False, estimated=False)
    ]


def test_a_holiday_by_the_moon_is_said_to_be_estimated() -> None:
    (phrase,) = Clashes(make_catalog(), ["AZ"]).phrases(kept("9 March"), LANGUAGES["en"])

    assert phrase == "public holiday, date estimated (Azerbaijan): Eid al-Fitr"


def test_each_country_has_its_own_weekend() -> None:
    clashes = Clashes(make_catalog(), ["SA", "DE"])

    # 26 February 2027 is a Friday, the day after it a Saturday.
    assert clashes.of(kept("26 February"), LANGUAGES["en"])[0] == WeekendClash(date(2027, 2, 26), ("SA",))
    assert clashes.phrases(kept("27 February"), LANGUAGES["en"]) == ["weekend (Saudi Arabia and Germany)"]


def test_another_day_that_is_remembered_is_named() -> None:
    clashes = Clashes(make_catalog(), [])

    found = clashes.of(kept("20 January"), LANGUAGES["en"])

    assert found == [EventClash(date(2027, 1, 20), "black-january", 2027, "Black January: 37th anniversary")]
    assert clashes.phrases(kept("20 January"), LANGUAGES["de"]) == ["am selben Tag: Schwarzer Januar: 37. Jahrestag"]


def test_every_day_of_a_span_is_looked_at() -> None:
    clashes = Clashes(make_catalog(make_event("span", rule=parse_rule("8 May to 9 May"))), [])

    assert [clash.date for clash in clashes.of(kept("7 May to 10 May"), LANGUAGES["en"])] == [
        date(2027, 5, 8), date(2027, 5, 9),
    ]  # fmt: skip


def test_a_day_does_not_clash_with_itself() -> None:
    event = make_event()
    occurrence = next_occurrence(event, date(2027, 1, 1))
    assert occurrence is not None

    assert Clashes(make_catalog(event), []).of(occurrence, LANGUAGES["en"]) == []


def test_every_clash_can_be_written_as_json() -> None:
    clashes = Clashes(make_catalog(), ["AZ"])

    for clash in clashes.of(kept("20 January"), LANGUAGES["en"]):
        assert json.loads(json.dumps(asdict(clash), default=str))["kind"] in {"holiday", "weekend", "event"}


@pytest.mark.parametrize("country", ["XX", "DE:ZZ", "de"])
def test_an_unknown_country_is_one_sentence(country: str) -> None:
    with pytest.raises(NotifierError, match="is not known to the package holidays"):
        Clashes(make_catalog(), [country])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "events.yaml", tmp_path / "events.yaml")
    if (ROOT / "calendars").is_dir():
        shutil.copytree(ROOT / "calendars", tmp_path / "calendars")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_upcoming_says_what_else_falls_on_a_day(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("upcoming", "--on", "2027-01-20", "--days", "0", "--select", "black-january")
    plain = said(*asked)

    monkeypatch.setenv("NOTIFIER_HOLIDAY_COUNTRIES", "AZ")

    assert said(*asked).strip() == f"{plain.strip()}; public holiday (Azerbaijan): Martyrs' Day"


def test_json_has_clashes_only_when_they_are_asked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of an occurrence are the same from the command line and the API."""
    monkeypatch.setenv("NOTIFIER_HOLIDAY_COUNTRIES", "AZ")
    asked = ("upcoming", "--on", "2027-01-20", "--days", "0", "--select", "black-january", "--json")

    (plain,) = json.loads(said(*asked))["occurrences"]
    (more,) = json.loads(said(*asked, "--clashes"))["occurrences"]

    assert "clashes" not in plain
    assert {key: more[key] for key in plain} == plain
    assert [(one["kind"], one["name"]) for one in more["clashes"]] == [("holiday", "Martyrs' Day")]


def test_simulate_says_what_else_falls_on_the_days_it_announces(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_HOLIDAY_COUNTRIES", "AZ")
    consent = ("--consent", "asked by letter", "--at", "2027-01-01T12:00:00+04:00")
    said("subscribers", "add", "reader@example.org", "--zone", "Asia/Baku", "--select", "black-january", *consent)
    period = ("--from", "2027-01-13", "--to", "2027-01-14")

    lines = said("simulate", *period).splitlines()
    found = json.loads(said("simulate", *period, "--json", "--clashes"))

    assert "2027-01-13  en    2027-01-20, black-january: public holiday (Azerbaijan): Martyrs' Day" in lines
    assert found["editions"][0]["notices"][0]["clashes"][0]["region"] == "AZ"


def test_an_unknown_country_names_the_setting(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_HOLIDAY_COUNTRIES", "XX")

    done = CliRunner().invoke(app, ["upcoming"])

    assert "NOTIFIER_HOLIDAY_COUNTRIES: XX is not known" in str(done.exception)


def test_check_finds_an_unknown_country_before_anybody_asks(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_HOLIDAY_COUNTRIES", "AZ,XX,DE:ZZ")

    done = CliRunner().invoke(app, ["check"])

    assert done.exit_code == 1
    assert "NOTIFIER_HOLIDAY_COUNTRIES:1:1: error: XX is not known" in done.stdout
    assert "NOTIFIER_HOLIDAY_COUNTRIES:1:1: error: DE:ZZ is not known" in done.stdout
    assert "AZ is not known" not in done.stdout


def test_whoever_asks_for_no_country_does_not_wait_for_the_packages() -> None:
    script = "import sys; from notifier.cli import app; import notifier.services; "
    script += "print({'holidays', 'openpyxl', 'ruamel.yaml'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "set()"
