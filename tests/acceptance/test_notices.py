"""What a reader in Berlin gets, from the command line to the Maildir."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest

from tests.acceptance.conftest import Place

READER = (
    "subscribers", "add", "leser@example.org", "--lang", "de", "--zone", "Europe/Berlin", "--hour", "9",
    "--leads", "7,1,0", "--select", "all", "--consent", "asked by letter", "--at", "2027-01-10T12:00:00+01:00",
)  # fmt: skip


@pytest.fixture
def reader(place: Place) -> Place:
    added = place.run(*READER)
    assert added.returncode == 0, added.stderr
    return place


def tick(place: Place, at: str) -> dict[str, int]:
    done = place.run("tick", "--json", "--at", at)
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_the_notice_leaves_at_the_readers_hour_and_once(reader: Place) -> None:
    assert tick(reader, "2027-01-13T08:59:00+01:00")["sent"] == 0
    assert tick(reader, "2027-01-13T09:00:00+01:00") == {
        "planned": 1,
        "sent": 1,
        "deferred": 0,
        "refused": 0,
        "unknown": 0,
        "expired": 0,
        "held": 0,
    }
    assert tick(reader, "2027-01-13T09:00:00+01:00")["sent"] == 0
    assert tick(reader, "2027-01-13T23:00:00+01:00")["sent"] == 0

    assert len(reader.messages()) == 1


def test_the_notice_says_in_german_what_when_and_who_says_so(reader: Place) -> None:
    tick(reader, "2027-01-13T09:00:00+01:00")

    [message] = reader.messages()
    assert message["Subject"] == "Schwarzer Januar: 37. Jahrestag, in 7 Tagen"
    for kind in ("plain", "html"):
        said = " ".join(body(message, kind).split())
        for words in ("37. Jahrestag", "Mittwoch, 20. Januar 2027", "in 7 Tagen"):
            assert words in said
        for figure in (
            "147",
            "mindestens 140",
            "mehr als 140",
            "mehr als 100",
            "150",
            "744",
            "mehr als 700",
            "841",
            "840",
        ):
            assert figure in said
        for party in ("Euronews", "JAMnews", "amtliche Angaben", "deutschsprachiger Text von 2024"):
            assert party in said


def test_the_notice_can_be_recognised_and_left(reader: Place) -> None:
    tick(reader, "2027-01-13T09:00:00+01:00")

    [message] = reader.messages()
    assert message["Message-ID"].endswith("@remembrance.example.org>")
    assert "<remembrance.example.org>" in message["List-Id"]
    assert message["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "leser@example.org"


def test_after_a_pause_the_days_left_are_true(reader: Place) -> None:
    tick(reader, "2027-01-15T09:00:00+01:00")

    [message] = reader.messages()
    assert message["Subject"] == "Schwarzer Januar: 37. Jahrestag, in 5 Tagen"
    assert "in 5 Tagen" in body(message, "plain")


def test_each_lead_is_one_message(reader: Place) -> None:
    for day in (13, 19, 20):
        tick(reader, f"2027-01-{day}T09:00:00+01:00")

    assert [message["Subject"] for message in reader.messages()] == [
        "Schwarzer Januar: 37. Jahrestag, in 7 Tagen",
        "Schwarzer Januar: 37. Jahrestag, morgen",
        "Schwarzer Januar: 37. Jahrestag, heute",
    ]


def test_nothing_is_announced_after_its_day(reader: Place) -> None:
    tick(reader, "2027-01-12T09:00:00+01:00")

    counts = tick(reader, "2027-01-21T09:00:00+01:00")

    assert (counts["sent"], counts["expired"]) == (0, 1)
    assert reader.messages() == []


def test_a_rehearsal_does_not_reach_a_real_server(reader: Place) -> None:
    reader.settings["NOTIFIER_MAIL_URL"] = "smtp://mail.example.org:587"

    done = reader.run("tick", "--at", "2027-01-13T09:00:00+01:00")

    assert done.returncode == 2
    assert "more than a day from now" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("--zone", "Europe/Berln"),
            'error: "Europe/Berln" is not a time zone; use a name such as Europe/Berlin; did you mean Europe/Berlin?',
        ),
        (("--lang", "xx"), 'error: "xx" is not a language of this calendar; it has en, de, az, tr, ru'),
        (("--hour", "25"), "error: 25 is not an hour of the day; use 0 to 23"),
        (
            ("--leads", "7,-1"),
            'error: "7,-1" are not leads; write whole days from 0 to 366 with commas between, such as 7,1,0',
        ),
        (("--select", "khojali"), 'error: the calendar has no event "khojali"; did you mean khojaly?'),
        (
            ("--digest", "weekly"),
            'error: "weekly" is not a digest; use none, weekly:mon (to sun) or monthly',
        ),
        (
            ("--at", "2027-01-13"),
            'error: "2027-01-13" is not an instant; write it as 2027-01-13T09:00:00+01:00, with the offset from UTC',
        ),
    ],
)
def test_a_wrong_choice_gets_one_sentence(place: Place, arguments: tuple[str, ...], sentence: str) -> None:
    done = place.run("subscribers", "add", "reader@example.org", *arguments)

    assert done.stderr.splitlines() == [sentence]
    assert (done.returncode, done.stdout) == (2, "")


def test_an_address_is_added_once(reader: Place) -> None:
    done = reader.run("subscribers", "add", "Leser@Example.org")

    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["error: Leser@example.org is there already, with the status active"],
    )
    assert "status: active" in reader.run("subscribers", "show", "leser@example.org").stdout
