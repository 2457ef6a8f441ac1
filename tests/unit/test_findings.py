"""How findings are printed, and that each has a code that is explained."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from notifier.catalog.problems import Code, Place, Problem, Severity
from notifier.cli.findings import Form, fails, print_findings
from tests.factories import ROOT

ERROR = Problem(Place("a,b:c/100%.yaml", 3, 7), Severity.ERROR, "100% wrong:\nyes, so", Code.VALUE)
WARNING = Problem(Place("a.yaml", 1, 1), Severity.WARNING, "look", Code.CONTESTED)
NOTE = Problem(Place("a.yaml", 2, 1), Severity.NOTE, "by the way", Code.UNREVIEWED)
ALL = (NOTE, WARNING, ERROR)


def printed(problems: Sequence[Problem], form: Form, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    print_findings(problems, form)
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_errors_come_first_and_notes_stand_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(ALL, "text", capsys)

    assert out.splitlines() == [
        "a,b:c/100%.yaml:3:7: error: 100% wrong:\\u{a}yes, so [E203]",
        "a.yaml:1:1: warning: look [W601]",
    ]
    assert err.splitlines() == ["a.yaml:2:1: note: by the way [N504]", "1 error, 1 warning"]


def test_json_is_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(ALL, "json", capsys)

    answer = json.loads(out)
    assert err == ""
    assert (answer["errors"], answer["warnings"]) == (1, 1)
    assert [one["code"] for one in answer["problems"]] == ["E203", "W601"]
    assert answer["notes"] == [
        {"file": "a.yaml", "line": 2, "column": 1, "severity": "note", "code": "N504", "message": "by the way"}
    ]


def test_github_reads_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(ALL, "github", capsys)

    assert err == ""
    assert out.splitlines() == [
        "::error file=a%2Cb%3Ac/100%25.yaml,line=3,col=7::100%25 wrong:%0Ayes, so [E203]",
        "::warning file=a.yaml,line=1,col=1::look [W601]",
        "::notice file=a.yaml,line=2,col=1::by the way [N504]",
    ]


@pytest.mark.parametrize(
    ("problems", "strict", "failed"),
    [
        ((), True, False),
        ((NOTE,), True, False),
        ((WARNING,), False, False),
        ((WARNING,), True, True),
        ((ERROR,), False, True),
    ],
)
def test_what_ends_with_1(problems: Sequence[Problem], strict: bool, failed: bool) -> None:  # noqa: FBT001 -- a case
    assert fails(problems, strict=strict) is failed


def test_every_code_is_explained_once() -> None:
    explained = re.findall(r"^\| ([EWN]\d{3}) \|", (ROOT / "docs/checks.md").read_text("utf-8"), re.MULTILINE)

    assert explained == [str(code) for code in Code]
