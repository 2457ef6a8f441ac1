"""Entries made shorter: what is cut, where, and what always stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from notifier.content.abridging import brief, cut
from notifier.content.contentlines import LONGEST_LINE, plain, text_line
from notifier.content.feeds import Entry, WrittenEntry, write_entry
from notifier.content.shortening import BARE, SHORTER, WHOLE, Length, shorten
from notifier.domain.revisions import first_revision

HOST = "https://days.example.net"
PAGE = f"{HOST}/en/events/khojaly/2027"
ESTIMATE = "The date is an estimate"
FIGURES = (
    "Figures\nSources differ; each figure stands beside who says it.\nKilled:\n- 613, according to X [1]\n- 485, Y [2]"
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=2_000).map(plain)


def entry(text: str, title: str = "Khojaly: 35th anniversary", alarms: bytes = b"") -> WrittenEntry:
    lines = [
        b"DTSTART;VALUE=DATE:20270226\r\nDTEND;VALUE=DATE:20270227\r\n",
        text_line("SUMMARY", title),
        text_line("DESCRIPTION", text) if text else b"",
        b"LOCATION:Khojaly\r\nGEO:39.9;46.8\r\nCATEGORIES:Azerbaijan\r\nSTATUS:CONFIRMED\r\n",
    ]
    revision = first_revision("khojaly.2027@here", "en", "digest", date(2026, 11, 21))
    own = Entry(revision, "/en/events/khojaly/2027", b"".join(lines), "khojaly", 2027, date(2027, 2, 26), ())
    written = write_entry(own, HOST)
    stamp, content, tail = written.parts
    parts = (stamp, content, tail.removesuffix(b"END:VEVENT\r\n") + alarms + b"END:VEVENT\r\n")
    return WrittenEntry.of(own, parts, "digest", len(alarms))


def read(written: WrittenEntry) -> Any:
    return icalendar.Event.from_ical(b"".join(written.parts).decode())


def test_an_entry_that_is_short_enough_is_the_same_one() -> None:
    written = entry("Soldiers entered the town.")

    assert shorten(written, WHOLE).write(HOST) is written
    assert shorten(written, Length(300)).write(HOST) is written
    assert shorten(entry(""), SHORTER[-1]).write(HOST).parts == entry("").parts


def test_a_long_text_ends_with_the_address_of_the_page() -> None:
    found = read(shorten(entry("Soldiers entered the town. " * 100), Length(300)).write(HOST))

    said, _, page = str(found["DESCRIPTION"]).rpartition("\n\n")
    assert page == PAGE
    assert 240 < len(said) <= 300
    assert said.endswith((" Soldiers…", " entered…", " the…", " town.…"))
    assert found["SUMMARY"] == "Khojaly: 35th anniversary"
    assert found["LOCATION"] == "Khojaly"


def test_figures_that_differ_are_all_there_or_none_is() -> None:
    for most in range(0, 700, 10):
        said = brief(f"Soldiers entered. {'It was winter. ' * 30}\n\n{FIGURES}\n\nThe end.", most)
        assert ("613" in said) == ("485" in said) == (FIGURES in said)


def test_a_list_that_does_not_fit_makes_room_for_what_does() -> None:
    assert brief(f"Short.\n\n{FIGURES}\n\nThis translation has not been reviewed.", 60) == (
        "Short.\n\nThis translation has not been reviewed."
    )


def test_statements_are_cut_between_lines_and_keep_who_says_them() -> None:
    lines = [f"Statement {number}, {'word ' * 10}(according to X) [{number}]" for number in range(1, 5)]

    assert brief("\n".join(lines), 170) == f"{lines[0]}\n{lines[1]}\n…"
    alone = brief(f"{'word ' * 100}(according to official data) [1] [3]", 100)
    assert alone.startswith("word word")
    assert alone.endswith("word… (according to official data) [1] [3]")


def test_that_a_date_is_an_estimate_is_said_at_every_length() -> None:
    text = f"{'Soldiers entered the town. ' * 500}\n\nBegins on the eve\n{ESTIMATE}\n\n{FIGURES}"

    for length in (*SHORTER, BARE):
        found = read(shorten(entry(text), length, ESTIMATE).write(HOST))
        assert ESTIMATE in str(found["DESCRIPTION"]).split("\n")
    assert str(read(shorten(entry(text), SHORTER[-1], ESTIMATE).write(HOST))["DESCRIPTION"]) == ESTIMATE
    assert "DESCRIPTION" not in read(shorten(entry(text), SHORTER[-1]).write(HOST))


def test_a_bare_entry_has_its_days_its_title_and_its_page() -> None:
    alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:In 7 days\r\nTRIGGER:-P6DT15H\r\nEND:VALARM\r\n"
    written = entry("Soldiers entered.", "Khojaly " * 100, alarm)

    kept = read(shorten(written, SHORTER[-1]).write(HOST))
    assert len(kept.walk("VALARM")) == 1
    found = read(shorten(written, BARE).write(HOST))
    assert not found.walk("VALARM")
    assert set(found) == {
        "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "URL",
    }  # fmt: skip
    assert len(str(found["SUMMARY"])) <= 201


def test_no_character_is_torn_apart() -> None:
    assert cut("e\u0301" * 10, 5) == "e\u0301" * 2 + "…"
    assert cut("\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}" * 3, 7) == "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}…"
    assert cut("one two three", 9) == "one two…"


def test_hosts_move_no_other_octet() -> None:
    written = shorten(entry("Soldiers entered the town. " * 100), Length(1_000))
    here, there = (b"".join(written.write(f"https://{'h' * length}").parts) for length in (10, 40))

    assert here.replace(b"h" * 10 + b"/", b"/") == there.replace(b"h" * 40 + b"/", b"/")


@given(TEXTS, st.sampled_from([*SHORTER, BARE]), st.text(max_size=300))
def test_whatever_the_text_its_lines_are_short_whole_and_measured(text: str, length: Length, title: str) -> None:
    shortened = shorten(entry(text, plain(title) or "x"), length)
    content = b"".join(shortened.write(HOST).parts)

    assert shortened.octets(len(HOST)) == len(content)
    assert all(len(line) <= LONGEST_LINE for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        line.decode()
    found = icalendar.Event.from_ical(content.decode())
    assert not found.errors
    if length.description and len(text) > length.description + 200:
        assert str(found["DESCRIPTION"]).endswith(PAGE)
        assert len(str(found["DESCRIPTION"])) <= length.description + 200
