"""What comes back, as mail servers write it."""

from __future__ import annotations

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from notifier.delivery.bounce_reports import BounceReport, Verdict, read_report
from tests.factories import ROOT

SAMPLES = ROOT / "tests" / "golden" / "bounces"
OURS = "bounces+1.abcdefghijklmnop@example.org"
THEIRS = "bounces@example.org"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


@pytest.mark.parametrize(
    ("name", "verdict", "detail"),
    [
        ("postfix-failed", Verdict.FAILED, "5.1.1 550 5.1.1 <reader@example.net>: no such mailbox here"),
        (
            "postfix-delayed",
            Verdict.DELAYED,
            "4.4.1 connect to mx.example.net[192.0.2.25]:25: Connection timed out",
        ),
        ("exim-failed", Verdict.FAILED, "failed, by its wording"),
        ("exim-report", Verdict.FAILED, "5.0.0 552 5.2.2 mailbox is full"),
        ("sendmail-failed", Verdict.FAILED, "5.1.1 550 5.1.1 nobody has this address"),
        (
            "exchange-online-failed",
            Verdict.FAILED,
            "5.1.10 550 5.1.10 RESOLVER.ADR.RecipientNotFound; nobody found by SMTP address lookup",
        ),
        (
            "gmail-failed",
            Verdict.FAILED,
            "5.1.1 550-5.1.1 The account that you wrote to is not there. 550 5.1.1 ask its owner - gsmtp",
        ),
        ("qmail-failed", Verdict.FAILED, "failed, by its wording"),
        # RFC 6533: an address that is not ASCII
        ("global-failed", Verdict.FAILED, "5.1.1"),
        # In a wrapper of a gateway, and returning a report about something else.
        ("nested", Verdict.DELAYED, "4.2.1"),
    ],
)
def test_a_report_says_what_became_of_which_delivery(name: str, verdict: Verdict, detail: str) -> None:
    report = read_report(sample(name))

    assert (report.verdict, report.detail) == (verdict, detail)
    assert OURS in report.addresses
    assert "reader@example.net" not in report.addresses


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("vacation", "an answer by a program"),
        ("absence-exchange", "an answer by a program"),
        ("receipt", "a receipt"),
        ("success", "a note of success"),
        ("not-spam", "feedback of the type not-spam"),
    ],
)
def test_nothing_follows_from_answers_receipts_and_good_news(name: str, detail: str) -> None:
    assert read_report(sample(name)) == BounceReport(Verdict.OTHER, detail)


@pytest.mark.parametrize("name", ["personal", "forwarded"])
def test_what_is_no_report_waits_for_a_person(name: str) -> None:
    assert read_report(sample(name)).verdict is Verdict.UNREADABLE


def test_a_complaint_names_the_return_address_of_the_message_it_returns() -> None:
    report = read_report(sample("complaint"))

    assert report.verdict is Verdict.COMPLAINT
    assert report.detail == "abuse, reported by ProviderFBL/2.1"
    assert report.addresses == (OURS, THEIRS)


def test_a_complaint_with_headers_alone_names_it_in_its_own_fields() -> None:
    report = read_report(sample("complaint-headers"))

    assert report.verdict is Verdict.COMPLAINT
    assert OURS in report.addresses


def test_a_complaint_without_addresses_still_has_the_link_for_leaving() -> None:
    token = "k" * 32 + "." + "s" * 43
    report = read_report(sample("complaint-redacted").replace(b"TOKEN", token.encode()))

    assert report.addresses == (THEIRS,)
    assert set(report.tokens) == {token}


def test_a_subject_that_is_a_token_and_nothing_else_is_somebody_who_leaves() -> None:
    report = read_report(sample("leaving"))

    assert (report.verdict, report.addresses) == (Verdict.LEAVING, ())
    assert report.tokens == ("k" * 16 + "~" * 16 + "." + "s" * 43,)


def test_an_address_in_a_returned_message_is_not_taken_for_the_recipient() -> None:
    """A report to no signed address that returns a message with one: whoever got a message could have written it."""
    forged = sample("postfix-failed").replace(b"Delivered-To: " + OURS.encode(), b"Delivered-To: bounces@example.org")
    forged = forged.replace(b"\nTo: " + OURS.encode(), b"\nTo: bounces@example.org")

    assert read_report(forged).addresses == (THEIRS,)


def test_a_report_that_a_program_built_is_read_like_one_that_came() -> None:
    report = MIMEMultipart("report", report_type="delivery-status")
    report["To"] = OURS
    report.attach(MIMEText("it failed"))

    assert read_report(report.as_bytes()).verdict is Verdict.UNREADABLE


def test_samples_are_all_looked_at() -> None:
    names = {path.stem for path in SAMPLES.glob("*.eml")}

    assert len(names) == 21
    assert all(name in Path(__file__).read_text("utf-8") for name in names)
