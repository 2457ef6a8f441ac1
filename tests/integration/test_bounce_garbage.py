"""What strangers write into the bounce mailbox: anybody can."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.delivery.bounce_reports import Verdict, read_report
from notifier.delivery.mailboxes import READ_MOST
from tests.factories import ROOT

_FRAGMENTS = st.sampled_from([
    b"\n", b"\r\n", b"\n\n", b" ", b";", b'"', b"(", b"=?utf-8?q?=", b"\x00", b"\xff\xfe", b"--b", b"--b--", b"<", b">",
    b"Content-Type: multipart/report; boundary=b\n\n", b"Content-Type: message/delivery-status\n\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Type: message/feedback-report\n\n", b"To: ",
    b"Content-Transfer-Encoding: base64\n", b"Action: failed\n", b"Final-Recipient: rfc822;", b"a@b.example",
    b"X-Failed-Recipients: ", b"Auto-Submitted: ", b"Feedback-Type: abuse\n", b"List-Unsubscribe: <",
])  # fmt: skip


@given(st.one_of(st.binary(max_size=400), st.lists(_FRAGMENTS, max_size=40).map(b"".join)))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_is_judged_and_breaks_nothing(raw: bytes) -> None:
    report = read_report(raw)

    assert report.detail
    assert report.detail.isprintable()
    assert len(report.addresses) <= 50


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4_000)),
        b"From: a@b.example\n" + b"Content-Type: message/rfc822\n\n" * 10_000,
        b"X-Failed-Recipients: " + b"(" * 100_000 + b"\n\n",
    ],
)
def test_what_is_nested_too_deeply_waits_for_a_person(raw: bytes) -> None:
    assert read_report(raw).verdict is Verdict.UNREADABLE


def test_a_megabyte_of_nothing_costs_no_minutes() -> None:
    began = time.monotonic()

    assert read_report(b"From: a@b.example\n\n" + b"\n" * READ_MOST).verdict is Verdict.UNREADABLE
    assert time.monotonic() - began < 20


def test_a_report_whose_end_is_missing_is_judged_by_its_beginning() -> None:
    whole = (ROOT / "tests/golden/bounces/postfix-failed.eml").read_bytes()
    oversized = whole + b"x" * 72 * 100_000
    assert read_report(oversized[:READ_MOST]).verdict is Verdict.FAILED
    assert read_report(whole[: whole.index(b"Content-Description: Undelivered")]).verdict is Verdict.FAILED
