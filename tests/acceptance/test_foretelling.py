"""What operators ask before and after: simulate, preview, explain."""

from __future__ import annotations

import json
from email import message_from_string, policy

import pytest

from tests.acceptance.conftest import Place
from tests.factories import ROOT

READER = (
    "subscribers", "add", "leser@example.org", "--lang", "de", "--zone", "Europe/Berlin", "--hour", "9",
    "--leads", "7,1,0", "--digest", "weekly:mon", "--consent", "asked by letter", "--at", "2027-01-10T12:00:00+01:00",
)  # fmt: skip


@pytest.fixture
def reader(place: Place) -> Place:
    added = place.run(*READER)
    assert added.returncode == 0, added.stderr
    return place


def lines(place: Place, *arguments: str) -> list[str]:
    done = place.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_digest_comes_beside_the_notices(reader: Place) -> None:
    """Asked for in nextcloud/server#1505: single notices and a digest, by own choice."""
    for day in (11, 13, 18, 19, 20):
        lines(reader, "tick", "--at", f"2027-01-{day}T09:00:00+01:00")

    assert [message["Subject"] for message in reader.messages()] == [
        "Gedenktage in den nächsten fünf Wochen: 1",
        "Schwarzer Januar: 37. Jahrestag, in 7 Tagen",
        "Gedenktage in den nächsten fünf Wochen: 1",
        "Schwarzer Januar: 37. Jahrestag, morgen",
        "Schwarzer Januar: 37. Jahrestag, heute",
    ]


def test_a_period_is_foretold_line_by_line(reader: Place) -> None:
    assert lines(reader, "simulate", "--from", "2026-12-31", "--to", "2027-01-20") == [
        "2027-01-01  feeds: the years shown turn",
        "2027-01-11  de  1 person  released: Gedenktage in den nächsten fünf Wochen: 1",
        "2027-01-13  feeds: black-january of 2027, 7 days ahead, in all, azerbaijan, events/black-january",
        "2027-01-13  de  1 person  released: Schwarzer Januar: 37. Jahrestag, in 7 Tagen",
        "2027-01-18  de  1 person  released: Gedenktage in den nächsten fünf Wochen: 1",
        "2027-01-19  de  1 person  released: Schwarzer Januar: 37. Jahrestag, morgen",
        "2027-01-20  feeds: black-january of 2027, 0 days ahead, in all, azerbaijan, events/black-january",
        "2027-01-20  de  1 person  released: Schwarzer Januar: 37. Jahrestag, heute",
    ]
    assert reader.messages() == []


def test_a_period_is_foretold_for_machines(reader: Place) -> None:
    found = json.loads("\n".join(lines(reader, "simulate", "--from", "2027-01-13", "--to", "2027-01-13", "--json")))

    [edition] = found["editions"]
    [notice] = edition.pop("notices")
    assert edition == {
        "date": "2027-01-13", "language": "de", "state": "released", "key": None, "people": 1, "outlook": [],
    }  # fmt: skip
    assert (notice["event"], notice["year"], notice["days"], notice["date"]) == ("black-january", 2027, 7, "2027-01-20")
    assert [(one["change"], one["event"], one["days"]) for one in found["feeds"]] == [("announced", "black-january", 7)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("simulate", "--from", "2027-02-01", "--to", "2027-01-01"),
            "error: 2027-02-01 to 2027-01-01 is not a period of 1 to 400 days; give the earlier date first",
        ),
        (
            ("simulate", "--from", "2027-02-01", "--to", "2028-03-07"),
            "error: 2027-02-01 to 2028-03-07 is not a period of 1 to 400 days; give the earlier date first",
        ),
        (
            ("preview", "black-januar"),
            'error: the calendar has no event "black-januar"; did you mean black-january?',
        ),
        (("preview", "khojaly", "--on", "soon"), 'error: "soon" is not a date; write it as 2027-01-20'),
    ],
)
def test_a_wrong_question_gets_one_sentence(place: Place, arguments: tuple[str, ...], sentence: str) -> None:
    done = place.run(*arguments)

    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (2, "", [sentence])


def test_what_is_previewed_is_what_goes_out(reader: Place) -> None:
    previewed = reader.run("preview", "black-january", "--on", "2027-01-13", "--lang", "de", "--format", "eml").stdout
    lines(reader, "tick", "--at", "2027-01-13T09:00:00+01:00")

    shown, [sent] = message_from_string(previewed, policy=policy.default), reader.messages()
    assert shown["Subject"] == sent["Subject"]
    assert set(shown.keys()) == set(sent.keys()) - {"Return-Path"}
    for form, kind in (("text", "plain"), ("html", "html")):
        alone = reader.run("preview", "black-january", "--on", "2027-01-13", "--lang", "de", "--format", form).stdout
        parts = [message.get_body((kind,)) for message in (shown, sent)]
        texts = [part.get_content().split() for part in parts if part is not None]
        without_token = [[word for word in words if "/unsubscribe/" not in word] for words in texts]
        assert without_token[0] == without_token[1]
        assert texts[0] == alone.split()


def test_an_entry_is_previewed_as_the_feed_has_it(place: Place) -> None:
    entry = lines(place, "preview", "black-january", "--on", "2027-01-13", "--format", "ics")

    assert entry[0] == "BEGIN:VCALENDAR"
    assert "UID:black-january.2027@remembrance.example.org" in entry
    assert "DTSTART;VALUE=DATE:20270120" in entry
    assert sum(line == "BEGIN:VEVENT" for line in entry) == 1


def test_why_somebody_got_a_message_and_did_not_get_another_is_said_in_sentences(reader: Place) -> None:
    lines(reader, "tick", "--at", "2027-01-13T09:00:00+01:00")

    said = lines(reader, "explain", "leser@example.org", "--on", "2027-01-13")
    assert said[0].startswith("leser@example.org is active, and is there since ")
    assert "They read de at 9:00, Europe/Berlin; leads: 7,1,0; digest: weekly:mon; selection: all." in said
    assert "black-january of 2027 falls on 2027-01-20, 7 days before: announced by a lead of 7, their own." in said
    assert any(
        "A message of the kind notice was planned for 2027-01-13" in line and "It is sent" in line for line in said
    )

    none = lines(reader, "explain", "leser@example.org", "--on", "2027-01-14")
    assert any(line.startswith("Nothing of their choice is announced to them on 2027-01-14") for line in none)
    assert none[-1] == "No message of notices was planned for 2027-01-14: there was nothing to say."

    assert lines(reader, "explain", "nobody@example.org") == ["Nobody is there with the address nobody@example.org."]


def test_an_operator_reads_a_day_ahead_what_waits_for_them_and_lets_it_go(reader: Place) -> None:
    shipped = (ROOT / "tests/golden/calendar.yaml").read_text("utf-8")
    by_hand = shipped.replace("  leads: [7, 0]\n", "  leads: [7, 0]\n  release: {mourning: by hand}\n", 1)
    (reader.folder / "events.yaml").write_text(by_hand, "utf-8")
    reader.settings["NOTIFIER_OPERATOR"] = "operator@example.org"

    lines(reader, "tick", "--at", "2027-01-12T09:00:00+01:00")
    lines(reader, "tick", "--at", "2027-01-12T11:00:00+01:00")
    *_, letter = reader.messages()
    assert [message["To"] for message in reader.messages()].count("operator@example.org") == 1
    assert letter["Subject"].endswith("Schwarzer Januar: 37. Jahrestag, in 7 Tagen (de, 2027-01-13)")
    text = letter.get_content()
    assert "for 1 person" in text
    key = text.partition("notifier release ")[2].split()[0]

    before = len(reader.messages())
    assert json.loads("\n".join(lines(reader, "tick", "--json", "--at", "2027-01-13T09:00:00+01:00")))["held"] == 1
    lines(reader, "release", key)
    lines(reader, "tick", "--at", "2027-01-13T10:00:00+01:00")
    assert [m["Subject"] for m in reader.messages()[before:]] == ["Schwarzer Januar: 37. Jahrestag, in 7 Tagen"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_date_in_another_age_is_one_sentence(reader: Place, day: str) -> None:
    for asked in (
        ("explain", "leser@example.org", "--on", day),
        ("preview", "black-january", "--on", day, "--format", "eml"),
        ("simulate", "--from", day, "--to", day),
    ):
        done = reader.run(*asked)

        assert done.returncode == 2
        assert done.stderr == f"error: no message is of {day}; use a date from 1900-01-01 through 2200-12-31\n"


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
def test_the_first_and_the_last_date_are_foretold(reader: Place, day: str) -> None:
    assert f"On {day} messages to them may leave" in "".join(lines(reader, "explain", "leser@example.org", "--on", day))
    lines(reader, "simulate", "--from", day, "--to", day, "--json")
    assert reader.run("preview", "black-january", "--on", day, "--format", "eml").returncode in {0, 1}
