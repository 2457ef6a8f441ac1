"""Which files make up a calendar."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from notifier.catalog.load import load_catalog, load_contents
from tests.unit.test_catalog import INCLUDED, LANGUAGES, SMALL, catalog_of, lines_of, load

MAIN = SMALL.replace("parties: {}", "include: [calendars/more.yaml]")


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_an_included_file_includes_others_from_its_own_folder(tmp_path: Path) -> None:
    put(tmp_path, "calendars/more.yaml", INCLUDED + "include: [deeper/third.yaml]\n")
    put(tmp_path, "calendars/deeper/third.yaml", INCLUDED.replace("another-day", "third-day"))

    loaded = load(tmp_path, MAIN)

    assert [event.id for event in catalog_of(loaded).events] == ["a-day", "another-day", "third-day"]
    assert [file.path.name for file in loaded.files] == ["events.yaml", "more.yaml", "third.yaml"]
    assert loaded.names == (
        f"{tmp_path}/events.yaml", f"{tmp_path}/calendars/more.yaml", f"{tmp_path}/calendars/deeper/third.yaml",
    )  # fmt: skip


def test_what_the_files_held_makes_the_same_calendar(tmp_path: Path) -> None:
    """The last good calendar is kept so in the database, and served from there."""
    put(tmp_path, "calendars/more.yaml", INCLUDED)
    loaded = load(tmp_path, MAIN)

    assert load_contents(loaded.contents, LANGUAGES).catalog == loaded.catalog


def test_parties_and_sources_of_an_included_file_are_everybodys(tmp_path: Path) -> None:
    put(tmp_path, "calendars/more.yaml", "version: 1\nparties: {paper: {name: {en: P}}}\nsources: {page: {title: T}}\n")
    told = "    summary: [{text: {en: It was so}, by: paper, source: page}]\n"

    assert load(tmp_path, MAIN + told).problems == ()


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "secret.yaml", INCLUDED)
    (tmp_path / "inside/calendars").mkdir(parents=True)
    (tmp_path / "inside/calendars/more.yaml").symlink_to("../../secret.yaml")

    assert lines_of(load(tmp_path / "inside", MAIN), tmp_path / "inside") == [
        'events.yaml:7:11: error: "calendars/more.yaml" leads out of the folder of events.yaml; copy the file into it'
    ]


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    put(tmp_path, "calendars/2026.yaml", INCLUDED)
    (tmp_path / "calendars/more.yaml").symlink_to("2026.yaml")

    assert len(catalog_of(load(tmp_path, MAIN)).events) == 2


def test_a_folder_that_is_a_link_itself_is_read(tmp_path: Path) -> None:
    """As Kubernetes mounts what it configures."""
    put(tmp_path, "real/calendars/more.yaml", INCLUDED)
    put(tmp_path, "real/events.yaml", MAIN)
    (tmp_path / "mounted").symlink_to("real")

    loaded = load_catalog([tmp_path / "mounted/events.yaml"], LANGUAGES)

    assert len(catalog_of(loaded).events) == 2


@pytest.mark.parametrize("path", ["/etc/hosts", "../more.yaml", "a/../../more.yaml", "a/../more.yaml", "~/more.yaml"])
def test_a_path_that_may_leave_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    (line,) = lines_of(load(tmp_path, MAIN.replace("calendars/more.yaml", path)), tmp_path)

    assert line.startswith(f'events.yaml:7:11: error: "{path}" may lie outside the folder of events.yaml; ')


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("none.yaml", "is no file"),
        ("calendars", "is no file"),
        ("a/b/../c", "may lie outside"),
        ('"a\\0b"', "is no path"),
        ("pipe", "is no file"),
        ("loop", "is no file"),
        ("x" * 300, "is no file"),
    ],
)
def test_what_cannot_be_included_gives_one_line(tmp_path: Path, path: str, why: str) -> None:
    (tmp_path / "calendars").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")

    (line,) = lines_of(load(tmp_path, MAIN.replace("calendars/more.yaml", path)), tmp_path)

    assert why in line


def test_a_file_that_includes_itself_through_another_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "calendars/more.yaml", INCLUDED + "include: [more.yaml]\n")

    assert lines_of(load(tmp_path, MAIN), tmp_path) == [
        'calendars/more.yaml:6:11: error: "more.yaml" includes itself; take this line away'
    ]


@pytest.mark.parametrize("order", [("events.yaml", "more.yaml"), ("more.yaml", "events.yaml")])
def test_a_file_that_is_named_and_included_is_told_once(tmp_path: Path, order: tuple[str, ...]) -> None:
    head = MAIN.partition("events:")[0]
    put(tmp_path, "more.yaml", head.replace("include: [calendars/more.yaml]\n", "") + INCLUDED.partition("1\n")[2])
    put(tmp_path, "events.yaml", MAIN.replace("calendars/more.yaml", "more.yaml"))

    loaded = load_catalog([tmp_path / name for name in order], LANGUAGES)

    (line,) = lines_of(loaded, tmp_path)
    assert "already" in line


def test_several_files_make_one_calendar(tmp_path: Path) -> None:
    paths = [put(tmp_path, "one.yaml", SMALL), put(tmp_path, "two.yaml", INCLUDED)]

    assert [event.id for event in catalog_of(load_catalog(paths, LANGUAGES)).events] == ["a-day", "another-day"]


def test_the_same_file_named_twice_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "one.yaml", SMALL)

    assert lines_of(load_catalog([path, path], LANGUAGES), tmp_path) == [
        "one.yaml:1:1: error: the file is named twice, or was read already; name it once"
    ]


STANDALONE = """\
version: 1
calendar:
  id: more.example.org
  name: {en: More, tr: Daha}
  published: 2026-11-21
  languages: [en, tr]
events:
  - id: another-day
    heading: {en: Another day, tr: Bir gün}
    rule: 2 March
    translations: {en: reviewed, tr: machine}
"""


def test_a_calendar_that_stands_alone_can_be_included_in_one_of_fewer_languages(tmp_path: Path) -> None:
    put(tmp_path, "calendars/more.yaml", STANDALONE)

    loaded = load(tmp_path, MAIN)

    assert loaded.problems == ()
    catalog = catalog_of(loaded)
    assert catalog.calendar.id == "days.example.org"
    assert catalog.events[1].heading.languages() == ("en",)
    assert catalog.events[1].translations == {"en": "reviewed"}
    assert load_contents(loaded.contents, LANGUAGES).catalog == catalog


def test_its_languages_hold_for_it_alone(tmp_path: Path) -> None:
    put(tmp_path, "calendars/more.yaml", STANDALONE)
    put(tmp_path, "third.yaml", STANDALONE[:11] + STANDALONE[STANDALONE.index("events:") :].replace("another", "third"))

    loaded = load(tmp_path, MAIN.replace("more.yaml]", "more.yaml, third.yaml]"))

    assert [line.partition(" error: ")[2][:35] for line in lines_of(loaded, tmp_path)] == [
        'unknown language "tr" in heading of', 'unknown language "tr" in translatio',
    ]  # fmt: skip


def test_mistakes_in_its_head_are_told(tmp_path: Path) -> None:
    put(tmp_path, "calendars/more.yaml", STANDALONE.replace("2026-11-21", "soon"))

    assert lines_of(load(tmp_path, MAIN), tmp_path) == [
        'calendars/more.yaml:5:14: error: published is a date such as 2027-01-20, not "soon"'
    ]
