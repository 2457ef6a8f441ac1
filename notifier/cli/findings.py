"""How what `notifier check` finds is printed: lines for people and editors, JSON, or GitHub's annotations.

Errors come before warnings, each in the order of the files. Notes are no findings: they stand beside the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from notifier.cli.output import say_json, tell, tell_beside

if TYPE_CHECKING:
    from notifier.catalog.problems import Problem

Form = Literal["text", "json", "github"]


def print_findings(problems: Sequence[Problem], form: Form) -> None:
    """Print findings alone on stdout; in text, notes go to stderr, and last how many findings there are."""
    from notifier.catalog.problems import Severity, counted

    errors, warnings, notes = ([one for one in problems if one.severity is severity] for severity in Severity)
    if form == "json":
        found = [_fields(problem) for problem in (*errors, *warnings)]
        counts = {"errors": len(errors), "warnings": len(warnings)}
        say_json({**counts, "problems": found, "notes": [_fields(note) for note in notes]})
        return
    for problem in (*errors, *warnings):
        tell(problem.line if form == "text" else _annotation(problem))
    for note in notes:
        if form == "github":
            tell(_annotation(note))
        else:
            tell_beside(note.line)
    if form == "text":
        tell_beside(counted(problems))


def _fields(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
    }


def _annotation(problem: Problem) -> str:
    """Return a workflow command. GitHub reads %, CR and LF as escapes, in properties also : and the comma."""
    place = problem.place
    name = "notice" if problem.severity == "note" else problem.severity
    file = _escaped(place.file).replace(":", "%3A").replace(",", "%2C")
    said = _escaped(f"{problem.message} [{problem.code}]")
    return f"::{name} file={file},line={place.line},col={place.column}::{said}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def fails(problems: Sequence[Problem], *, strict: bool) -> bool:
    """Whether what was found ends the command with 1: errors do, and warnings where they count as such."""
    from notifier.catalog.problems import Severity

    return any(one.severity is Severity.ERROR or (strict and one.severity is Severity.WARNING) for one in problems)
