"""A calendar in whose every field somebody tries to run a script, as a file that the loader reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

from notifier.catalog.load import load_catalog
from notifier.domain.events import Catalog
from tests.web_site import LANGUAGES

ENDS_EVERYTHING = """"'`>]]>--></title></textarea></style></script></svg>"""
RUNS = (
    """<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><iframe srcdoc="&lt;script&gt;">"""
    """<base href=//x.example/><meta http-equiv=refresh content=0;url=//x.example/>"""
)
WITHIN = """" onfocus="alert(4)" autofocus x=' onclick='alert(5)' style='x:y"""
TEMPLATE = """{{ 7 * 191 }}{% include "x" %}{n}{0}%(n)s%s${7*191}#{7*191}"""
OTHERWISE = """&#60;script&#62;&lt;script&gt;\\u003cscript\\u003e<!--<script> \u2028javascript:alert(6)"""
BAD = f"{ENDS_EVERYTHING}{RUNS}{WITHIN}{TEMPLATE}{OTHERWISE}"
"""On one line. What a template would make of it is 1337."""

BAD_LINES = f"{BAD}\n\n<script>\nalert(7)\n</script>\n  <pre onclick=alert(8)>\n"
LINK = """https://x.example'onclick=alert(9)/'onmouseover='alert(10)'&quot;&#34;onfocus=alert(11)&lt;script&gt;{{7*191}}`"""
"""As much as an address may have."""

Field = tuple[str | int, ...]
"""Where a value stands in the file: keys of mappings, and places in lists."""


def _by_language(text: str) -> dict[str, str]:
    return {"en": f"{text} (English)", "fa": f"{text} (فارسی)"}


_LINE, _TEXT, _FALLEN_BACK = _by_language(BAD), _by_language(BAD_LINES), {"fa": BAD}
_SAID = {"by": "party", "source": ["source", "bare"]}
_CLAIM = {"qualifier": "at least", **_SAID, "note": _LINE}
_PLACE = {"name": _LINE, "zone": "Asia/Baku", "at": [40.3, 49.8]}
INCLUDED = "'\"><img src=x onerror=alert(12)>.yaml"

_FILE: dict[str, Any] = {
    "version": 1,
    "calendar": {
        "id": "hostile.example.org",
        "name": _LINE,
        "published": "2026-01-01",
        "zone": "Asia/Baku",
        "languages": ["en", "fa"],
        "leads": [7, 0],
        "milestones": {"every": [25], "leads": [30]},
        "release": {"mourning": "by hand"},
    },
    "include": [INCLUDED],
    "collections": {"collected": {"name": _LINE}},
    "parties": {"party": {"name": _LINE}, "other": {"name": _FALLEN_BACK}},
    "sources": {
        "source": {
            "publisher": "party",
            "title": BAD,
            "by": BAD,
            "language": "de",
            "published": "2019-01-20",
            "url": LINK,
            "accessed": "2026-01-01",
            "note": _TEXT,
        },
        "bare": {"title": BAD, "note": _FALLEN_BACK},
        "untitled": {"publisher": "party", "url": LINK},
        "said": {"by": BAD},
    },
    "events": [
        {
            "id": "worst",
            "was": ["once-worst"],
            "heading": _LINE,
            "official_name": {"text": _LINE, **_SAID},
            "origin": "1990-01-20",
            "counts": _LINE,
            "rule": "20 January",
            "begins": "eve",
            "kind": "mourning",
            "collections": ["collected"],
            "place": _PLACE,
            "summary": [{"text": _TEXT, **_SAID}, {"text": _FALLEN_BACK}],
            "called": [{"term": _LINE, **_SAID}, {"term": _FALLEN_BACK, "by": "other", "source": "bare"}],
            "figures": {
                "killed": [
                    {"value": 147, **_CLAIM},
                    {"value": 90, "by": "other", "source": ["bare", "untitled", "said"]},
                ],
                "another": {"label": _LINE, "claims": [{"value": 3, **_CLAIM}, {"value": 5, **_CLAIM}]},
            },
            "remembered": [{"text": _TEXT, **_SAID}],
            "updates": [{"date": "2026-05-01", "text": _TEXT, **_SAID}],
            "years": {
                "2027": {
                    "note": _TEXT,
                    "programme": [
                        {"id": "silence", "at": "2027-01-20T10:00", "place": _PLACE, "text": _TEXT, "url": LINK},
                        {"id": "later", "at": "2027-01-20T19:00+01:00", "text": _FALLEN_BACK},
                        {"id": "last", "at": "2027-01-20T22:00", "text": _TEXT},
                    ],
                },
            },
            "translations": {"fa": "machine", "en": f"reviewed by {BAD}"},
            "leads": [30, 7, 0],
            "leap_day": "28 February",
            "exceptions": {"2028": {"date": "2028-01-21", "reason": _TEXT}},
            "until": 2100,
            "confirmed": [2027],
            "release": "at once",
        },
        {
            "id": "other-day",
            "heading": _LINE,
            "origin": "1992-02-26",
            "rule": "26 February",
            "kind": "memorial",
            "figures": {"killed": {"label": _LINE, "claims": [{"value": 1, **_CLAIM}]}},
        },
        {"id": "estimated", "heading": _LINE, "rule": "10 Muharram", "collections": ["collected"], "kind": "religious"},
    ],
}


def leaves(value: object, at: Field = ()) -> Iterator[tuple[Field, object]]:
    """Yield every single value of a file, and where it stands."""
    match value:
        case dict():
            for key, below in value.items():
                yield from leaves(below, (*at, key))
        case list():
            for number, below in enumerate(value):
                yield from leaves(below, (*at, number))
        case _:
            yield at, value


def _marked(value: Any, marks: Iterator[int]) -> Any:
    """Return the file with a number of its own after each hostile text, by which it is found again on pages."""
    match value:
        case dict():
            return {key: _marked(below, marks) for key, below in value.items()}
        case list():
            return [_marked(below, marks) for below in value]
        case str() if BAD in value:
            return f"{value} №{next(marks)}."
        case _:
            return value


FILE: dict[str, Any] = _marked(_FILE, count(1))
"""The file, as YAML reads JSON."""


CROWD = 160
"""Days in one month, and of one collection: no list of them is short enough for one page."""

SHORT = """"'><script>alert(17)</script>{{7*191}}&lt;b&gt;"""


def crowded() -> dict[str, Any]:
    """Return the file with very many days more, all hostile, in very many collections."""
    file, parts = deepcopy(FILE), [f"part-{n}" for n in range(31)]
    # A day that was moved, of which feeds tell today.
    file["events"][0]["exceptions"]["2027"] = {"date": "2027-01-19", "reason": _TEXT}
    file["collections"] |= {part: {"name": {"fa": f"{SHORT} {part}"}} for part in parts}
    for n in range(CROWD):
        day = n % 28 + 1
        event = {
            "id": f"day-{n}",
            "heading": _by_language(f"{SHORT} {n}"),
            "origin": f"2002-01-{day:02}",
            "counts": _by_language(f"{SHORT} counted"),
            "rule": f"{day} January",
            "kind": "memorial",
            "collections": ["collected", parts[n % len(parts)]],
        }
        file["events"].append(event)
    return file


def marks() -> dict[str, Field]:
    """Return what stands after each hostile text, and where that text stands in the file."""
    found = ((re.search(r"№\d+\.", value), at) for at, value in leaves(FILE) if isinstance(value, str))
    return {mark.group(): at for mark, at in found if mark is not None}


def keys(value: object, at: Field = ()) -> Iterator[Field]:
    """Yield where each key of each mapping stands."""
    match value:
        case dict():
            for key, below in value.items():
                yield (*at, key)
                yield from keys(below, (*at, key))
        case list():
            for number, below in enumerate(value):
                yield from keys(below, (*at, number))


def changed(field: Field, value: object) -> dict[str, Any]:
    """Return the file with another value in one place."""
    file = deepcopy(FILE)
    _around(file, field)[field[-1]] = value
    return file


def renamed(field: Field, key: str) -> dict[str, Any]:
    """Return the file with another key in one place."""
    file = deepcopy(FILE)
    around = _around(file, field)
    around[key] = around.pop(field[-1])
    return file


def _around(file: Any, field: Field) -> Any:
    for step in field[:-1]:
        file = file[step]
    return file


def loaded(folder: Path, file: Mapping[str, Any] = FILE) -> Catalog | None:
    """Return what the loader makes of a file; None where it refuses it."""
    (folder / INCLUDED).write_text(json.dumps({"version": 1}) + "\n", encoding="utf-8")
    path = folder / "events.yaml"
    path.write_text(json.dumps(file) + "\n", encoding="utf-8")
    return load_catalog([path], LANGUAGES.tags).catalog
