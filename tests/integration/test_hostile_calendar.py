"""What a calendar file can carry to readers' screens: every field of the format is hostile in one, or refuses to be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from notifier.catalog.json_schema import events_schema
from tests.hostile_calendar import BAD, FILE, INCLUDED, LINK, Field, changed, keys, leaves, loaded, renamed
from tests.web_site import LANGUAGES

SCHEMA: Mapping[str, Any] = events_schema(LANGUAGES.tags)


def wholly_there(schema: Mapping[str, Any], values: Sequence[Any], at: str = "") -> Iterator[str]:
    """Walk the format and the file together, and yield each part of the format that the file lacks."""
    schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if not values:
        yield at
        return
    mappings = [value for value in values if isinstance(value, dict)]
    lists = [value for value in values if isinstance(value, list)]
    for one in schema.get("anyOf", ()):
        if "required" not in one or "type" in one:
            yield from wholly_there(one, lists if one.get("type") == "array" else mappings or values, at)
    known = schema.get("properties", {})
    for key, below in known.items():
        there = [value[key] for value in mappings if key in value]
        # Where no key is required, keys are names: languages, kinds of day, figures.
        if there or "required" in schema:
            yield from wholly_there(below, there, f"{at}/{key}")
    if schema.get("type") == "object" and "required" not in schema:
        others = [below for value in mappings for key, below in value.items() if key not in known]
        for below in (schema.get("additionalProperties"), *schema.get("patternProperties", {}).values()):
            if isinstance(below, dict):
                yield from wholly_there(below, others, f"{at}/*")
    if "items" in schema:
        yield from wholly_there(schema["items"], [one for value in lists for one in value], f"{at}/-")


def test_the_hostile_calendar_has_every_field_of_the_format() -> None:
    assert list(wholly_there(SCHEMA, [FILE])) == []


def test_what_the_file_lacks_is_found() -> None:
    lacking = json.loads(json.dumps(FILE))
    del lacking["events"][0]["place"], lacking["events"][0]["years"]["2027"]["programme"][0]["place"]
    for event in lacking["events"]:
        event.pop("until", None)

    assert set(wholly_there(SCHEMA, [lacking])) == {
        "/events/-/place",
        "/events/-/until",
        "/events/-/years/*/programme/-/place",
    }


def apart(fields: Iterator[Field]) -> list[Field]:
    """Return one field of each kind, whatever its place in a list."""
    return list({tuple("-" if isinstance(step, int) else step for step in field): field for field in fields}.values())


def is_hostile(value: object) -> bool:
    return isinstance(value, str) and (BAD in value or value in {LINK, INCLUDED})


def named(field: Field) -> str:
    return "/".join(map(str, field))


def test_the_loader_takes_it(tmp_path: Path) -> None:
    assert loaded(tmp_path) is not None


def test_every_value_that_is_not_hostile_in_it_refuses_to_be(tmp_path: Path) -> None:
    tried = apart(at for at, value in leaves(FILE) if not is_hostile(value))
    accepted = [named(at) for at in tried if loaded(tmp_path, changed(at, BAD)) is not None]

    assert len(tried) > 50
    assert accepted == []


def test_no_key_can_be_hostile(tmp_path: Path) -> None:
    """Ids, years, languages and figures become part of addresses, of files' names, and of names in pages."""
    tried = apart(keys(FILE))
    accepted = [named(at) for at in tried if loaded(tmp_path, renamed(at, BAD)) is not None]

    assert len(tried) > 60
    assert accepted == []


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//x.example/",
        "https:javascript:alert(1)",
        'https://x.example/"onclick="alert(1)',
        "https://x.example/<script>alert(1)</script>",
        "https://x.example/ onclick=alert(1)",
        "\u0001javascript:alert(1)",
        "blob:https://x.example/1",
        "file:///etc/passwd",
    ],
)
def test_an_address_is_one_of_the_web_and_ends_no_attribute(tmp_path: Path, link: str) -> None:
    assert loaded(tmp_path, changed(("sources", "source", "url"), link)) is None
    assert loaded(tmp_path, changed(("events", 0, "years", "2027", "programme", 0, "url"), link)) is None
