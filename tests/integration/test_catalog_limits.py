"""Files that are no calendar end in one line, soon, and in little memory; a large calendar loads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from benchmarks.catalog import calendar, load

HEAD = "version: 1\ncalendar: {id: days.example.org, name: {en: D}, published: 2026-01-01, languages: [en]}\n"
EVENT = "- {id: day, heading: {en: A day}, rule: 1 May}\n"

CHECK = """
import sys, time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from notifier.usecases.check import check_calendar

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024

before, began = peak(), time.process_time()
catalog, problems = check_calendar([Path(sys.argv[1])], ("de", "en"), date(2026, 11, 22))
print(time.process_time() - began, peak() - before, 0 if catalog is None else len(catalog.events))
for problem in problems:
    print(problem.line)
"""


class Checked(NamedTuple):
    seconds: float
    megabytes: float
    events: int
    lines: list[str]


def check(file: Path) -> Checked:
    """Check a file in a process of its own; seconds are the processor's, megabytes those that checking added."""
    done = subprocess.run([sys.executable, "-c", CHECK, str(file)], check=True, capture_output=True, text=True)
    figures, *lines = done.stdout.splitlines()
    seconds, megabytes, events = figures.split()
    return Checked(float(seconds), float(megabytes), int(events), [line.removeprefix(f"{file}:") for line in lines])


def a_bomb() -> bytes:
    """Return nine levels of nine aliases each: 387,420,489 values when they are followed."""
    levels = [b"a: &a [x, x, x, x, x, x, x, x, x]\n"]
    for here, there in zip("bcdefghi", "abcdefgh", strict=True):
        levels.append(f"{here}: &{here} [{', '.join([f'*{there}'] * 9)}]\n".encode())
    return b"version: 1\n" + b"".join(levels)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb of aliases": (a_bomb, "2:4: error: anchors (&name) are not read; write the value at each place"),
    "100 MB": (lambda: b"a" * 100_000_000, "1:1: error: the file is larger than 50 MB; a calendar has at most that"),
    "2,000,000 brackets": (lambda: b"a: " + b"[" * 2_000_000, "1:24: error: values are nested more than 20 deep"),
    "500,000 levels of a list": (
        lambda: b"a:\n" + b"- " * 500_000 + b"\n",
        "2:41: error: values are nested more than 20",
    ),
    "3,000 levels of indentation": (
        lambda: b"".join(b" " * level + b"a:\n" for level in range(3_000)),
        "21:21: error: values are nested more than 20 deep",
    ),
    "a key of 2.5 MB": (
        lambda: b"version: 1\n" + b"x" * 2_500_000 + b": 1\nevents: []\n",
        "2:2500001: error: this is not YAML: could not find expected ':'",
    ),
    "a rule of 2.5 MB": (
        lambda: b"%sevents:\n%s" % (HEAD.encode(), EVENT.replace("1 May", "May " * 625_000).encode()),
        "4:41: error: rule has 2,499,999 characters; use at most 2,000",
    ),
    "20,000,000 values in one section": (
        lambda: b"parties: [" + b"a," * 20_000_000 + b"]\n",
        "1:600009: error: more than 300,000 values stand in one event or section",
    ),
    "40 MB of null bytes": (lambda: b"\0" * 40_000_000, "1:1: error: the character U+0000 cannot stand in YAML"),
    "40 MB in Latin-1": (lambda: b"a: \xe4" * 10_000_000, "1:4: error: the file is not UTF-8 here; save it as UTF-8"),
    "40 MB of a text that does not end": (
        lambda: b"a: '" + b"x" * 40_000_000,
        "1:40000005: error: the file ends too early",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_calendar_ends_in_one_line_soon_and_in_little_memory(tmp_path: Path, what: str) -> None:
    make, expected = REFUSED[what]
    file = tmp_path / "events.yaml"
    file.write_bytes(make())

    checked = check(file)

    (line,) = checked.lines
    assert line.startswith(expected)
    assert len(line) < 300
    assert checked.seconds < 5
    assert checked.megabytes < 200


def test_a_million_mistakes_are_not_all_told(tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    file.write_text(HEAD + "events:\n" + "- {idd: 1}\n" * 1_000_000)

    checked = check(file)

    assert len(checked.lines) == 1_001
    assert checked.lines[-2].endswith("1,000 errors up to here; the rest of the file was not looked at [E104]")
    assert checked.megabytes < 200


def test_a_thousand_unknown_names_are_told_soon(tmp_path: Path) -> None:
    parties = "".join(f"  p{n}: {{name: {{en: A}}}}\n" for n in range(5_000))
    told = "".join(EVENT.replace("day,", f"day-{n}, summary: [{{text: {{en: A}}, by: q{n}}}],") for n in range(2_000))
    file = tmp_path / "events.yaml"
    file.write_text(f"{HEAD}parties:\n{parties}events:\n{told}")

    checked = check(file)

    assert len(checked.lines) == 1_001
    assert checked.seconds < 10


def test_ten_thousand_events_are_loaded_in_300_mb() -> None:
    """How long it takes is measured by benchmarks/catalog.py, on a machine that does nothing else."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "events.yaml"
        file.write_text(calendar(10_000), "utf-8")

        _, seconds, megabytes, events, problems = load(file)

    assert (events, problems) == (10_000, 0)
    assert megabytes < 300
    assert seconds < 15
