"""How long a calendar of 10,000 events takes to load, and how much memory; and how files that are none are refused."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

EVENTS = 10_000
_LOAD = """
import sys, time
from pathlib import Path
from notifier.catalog.load import load_catalog

began, worked = time.perf_counter(), time.process_time()
loaded = load_catalog([Path(sys.argv[1])], ("de", "en"))
took, worked = time.perf_counter() - began, time.process_time() - worked
# Since the process began, which what started it does not count into.
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
print(took, worked, peak, 0 if loaded.catalog is None else len(loaded.catalog.events), len(loaded.problems))
"""


def report() -> None:
    """Print seconds and megabytes; the goals are 5 s and 300 MB."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.yaml"
        file.write_text(calendar(EVENTS), "utf-8")
        size = file.stat().st_size / 1e6
        took, worked, peak, events, _ = load(file)
        assert events == EVENTS
        print(f"catalog, {EVENTS:,} events, {size:.1f} MB: {took:.2f} s (goal 5), {worked:.2f} s of the processor")
        print(f"  at most {peak:.0f} MB resident (goal 300)")
        for what, data in (
            ("100 MB of letters", b"a" * 100_000_000),
            ("2,000,000 brackets", b"a: " + b"[" * 2_000_000),
        ):
            file.write_bytes(data)
            took, _, peak, _, problems = load(file)
            assert problems == 1
            print(f"  {what}: refused in {took:.2f} s, {peak:.0f} MB resident")


def calendar(events: int) -> str:
    """Return a calendar of events in two languages, each with a place, a sourced summary and a figure."""
    head = """\
version: 1
calendar:
  id: days.example.org
  name: {en: Days, de: Tage}
  published: 2026-11-21
  languages: [en, de]
parties: {museum: {name: {en: The museum, de: Das Museum}}}
sources: {page: {title: A page}}
events:
"""
    return head + "".join(map(_event, range(events)))


def _event(number: int) -> str:
    year, day = 1900 + number % 100, number % 28 + 1
    return f"""\
  - id: day-{number}
    heading: {{en: Day {number}, de: Tag {number}}}
    origin: {year}-03-{day:02d}
    counts: {{en: the day, de: der Tag}}
    kind: mourning
    collections: [part-{number % 20}]
    place: {{name: {{en: The town, de: Die Stadt}}, zone: Asia/Baku, at: [40.4, 49.8]}}
    summary:
      - text: {{en: "It happened in {year}.", de: "Es geschah {year}."}}
        source: page
    figures: {{killed: [{{value: {number}, by: museum, source: page}}]}}
    translations: {{en: reviewed, de: machine}}
"""


def load(file: Path) -> tuple[float, float, float, int, int]:
    """Load a file in a process of its own; return seconds, of the processor alone, peak megabytes, events, problems."""
    answer = subprocess.run([sys.executable, "-c", _LOAD, str(file)], check=True, capture_output=True, text=True)
    took, worked, peak, events, problems = answer.stdout.split()
    return float(took), float(worked), float(peak), int(events), int(problems)
