"""What comes back, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Place
from tests.acceptance.test_notices import READER, tick
from tests.factories import ROOT

SAMPLES = ROOT / "tests/golden/bounces"
OURS = b"bounces+1.abcdefghijklmnop@example.org"


@pytest.fixture
def mailbox(place: Place) -> Path:
    """The Maildir that settings name, in a file beside it."""
    for part in ("tmp", "new", "cur"):
        (place.folder / "bounces" / part).mkdir(parents=True)
    (place.folder / "mailbox").write_text("maildir:bounces\n", "utf-8")
    place.settings["NOTIFIER_BOUNCE_ADDRESS"] = "bounces@example.org"
    place.settings["NOTIFIER_BOUNCE_MAILBOX_FILE"] = "mailbox"
    return place.folder / "bounces"


def test_what_came_back_is_read_counted_and_listed(place: Place, mailbox: Path) -> None:
    assert place.run(*READER).returncode == 0
    tick(place, "2027-01-13T09:00:00+01:00")
    [message] = place.messages()
    left_from = str(message["Return-Path"]).strip("<>").encode()
    (mailbox / "new/1.a").write_bytes((SAMPLES / "postfix-failed.eml").read_bytes().replace(OURS, left_from))
    (mailbox / "new/2.b").write_bytes((SAMPLES / "personal.eml").read_bytes())
    (mailbox / "new/3.c").write_bytes((SAMPLES / "exim-failed.eml").read_bytes())

    done = place.run("bounces", "process", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "failed": 1, "delayed": 0, "complaints": 0, "unsubscribed": 0, "suspended": 0, "other": 0, "ignored": 1,
        "repeated": 0, "unreadable": 1,
    }  # fmt: skip
    assert list((mailbox / "new").iterdir()) == []
    assert (mailbox / ".unreadable/new/2.b").exists()
    rows = json.loads(place.run("bounces", "list", "--json").stdout)["bounces"]
    assert {(row["kind"], row["email"]) for row in rows} == {("failed", "leser@example.org"), ("unreadable", None)}
    [line] = place.run("bounces", "list", "--unreadable").stdout.splitlines()
    assert line.endswith("unreadable  -  neither a report nor a program's answer that is known here")
    again = place.run("bounces", "process")
    assert again.stdout.startswith("0 failed, 0 delayed, 0 complaints, 0 unsubscribed, 0 suspended")


def test_a_mailbox_that_cannot_be_read_ends_with_one(place: Place, mailbox: Path) -> None:
    (mailbox / "new").rmdir()

    done = place.run("bounces", "process", "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: the mailbox bounces cannot be read: it is no Maildir: it has no folder new\n"
    assert "NOTIFIER_BOUNCE_MAILBOX:1:1: error: the mailbox bounces cannot be read" in place.run("check").stdout


def test_without_a_mailbox_there_is_nothing_to_read(place: Place) -> None:
    done = place.run("bounces", "process")

    assert done.returncode == 2
    assert done.stderr.startswith("error: NOTIFIER_BOUNCE_MAILBOX: set it")
