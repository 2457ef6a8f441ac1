"""The JSON Schema of calendar files is in step with the reader: editors complete what is read and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from notifier.catalog import keys
from notifier.catalog.json_schema import events_schema, schema_text
from notifier.catalog.json_texts import ABOUT
from notifier.catalog.load import load_catalog
from notifier.catalog.nodes import Items, Node, NodeStream, Pairs
from notifier.content.language import Languages
from notifier.web.app import build_app
from tests.factories import LOCALES, ROOT
from tests.integration.test_broken_calendars import BROKEN, NAMES
from tests.unit.test_catalog import SMALL
from tests.web_site import SmallSite

LANGUAGES = Languages(LOCALES).tags
SCHEMA = events_schema(LANGUAGES)
PUBLISHED = ROOT / "docs/schema/events.schema.json"
CALENDARS = [ROOT / "events.yaml", ROOT / "tests/golden/calendar.yaml", *sorted((ROOT / "calendars").glob("*.yaml"))]
_PLAIN: dict[str, Any] = {"true": True, "false": False}


def value_of(node: Node) -> Any:
    """Return a node as the JSON value that YAML 1.2's core schema makes of it."""
    match node:
        case Items():
            return [value_of(item) for item in node.items]
        case Pairs():
            return {key.text: value_of(value) for key, value in node.pairs}
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[-+]?[0-9]+\.[0-9]+", node.text) else _PLAIN.get(node.text, node.text)


def document(data: bytes) -> dict[str, Any]:
    stream = NodeStream(data, "events.yaml")
    return {key.text: value_of(stream.value()) for key in stream.top()}


def refusals(data: bytes) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document(data))]


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_published_one_is_of_this_version() -> None:
    """When it is not: start the service and fetch `/api/events.schema.json` into docs/schema/."""
    assert PUBLISHED.read_text("utf-8") == schema_text(LANGUAGES)


@pytest.mark.parametrize("file", CALENDARS, ids=lambda file: file.name)
def test_every_calendar_here_is_of_it(file: Path) -> None:
    assert refusals(file.read_bytes()) == []


def test_editors_and_hooks_can_use_it() -> None:
    program = Path(sys.executable).parent / "check-jsonschema"
    subprocess.run([program, "--schemafile", PUBLISHED, *CALENDARS], check=True, capture_output=True)


def objects(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping of the format whose keys are fixed, by its name in the reader's keys."""
    yield "TOP", schema
    for name, part in schema["$defs"].items():
        if hasattr(keys, name.upper()):
            yield name.upper(), part


def test_it_has_exactly_the_keys_that_are_read() -> None:
    known = {name: value for name, value in vars(keys).items() if isinstance(value, tuple)}

    assert {name: tuple(part["properties"]) for name, part in objects(SCHEMA)} == known
    assert not any(part["additionalProperties"] for _, part in objects(SCHEMA))


def test_every_key_is_explained() -> None:
    explained = {f"{name.lower()}.{key}" for name, part in objects(SCHEMA) for key in part["properties"]}

    assert set(ABOUT) == explained


WHOLE = """\
version: 1
calendar:
  id: days.example.org
  name: {en: Days}
  published: 2026-11-21
  zone: Asia/Baku
  languages: [en]
  leads: [7, 0]
  milestones: {every: [25], leads: [30]}
  release: {mourning: by hand}
include: []
collections: {town: {name: {en: The town}}}
parties: {paper: {name: {en: The Paper}}}
sources:
  page:
    publisher: paper
    title: A page
    by: Somebody
    language: en
    published: 2019-01
    url: https://example.org/page
    accessed: 2026-11-21
    note: {en: A note}
events:
  - id: a-day
    was: [day]
    heading: {en: A day}
    official_name: {text: {en: The Day}, by: paper, source: page}
    origin: 1990
    counts: {en: the day}
    rule: 29 February
    begins: eve
    kind: mourning
    collections: [town]
    place: {name: {en: The town}, zone: Asia/Baku, at: [40.4, 49.8]}
    summary: [{text: {en: It happened}, by: paper, source: [page]}]
    called: [{term: {en: the word}, by: paper, source: page}]
    figures:
      killed: [{value: 3, qualifier: at least, by: paper, source: page, note: {en: in the text}}]
      boats: {label: {en: boats}, claims: [{value: 3, by: paper, source: page}]}
    remembered: [{text: {en: It is remembered}}]
    updates: [{date: 2024-02-23, text: {en: Something was found}, by: paper, source: page}]
    years:
      2028:
        note: {en: A note}
        programme:
          - {id: silence, at: "2028-02-29T10:00", place: {name: {en: Here}}, text: {en: Silence}, url: "https://example.org"}
    translations: {en: reviewed by NAME}
    leads: [30, 0]
    leap_day: 1 March
    exceptions: {2027: {date: 2027-03-02, reason: {en: A storm}}}
    until: 2050
    confirmed: []
    release: at once
"""


def test_a_calendar_with_every_key_is_read_and_of_it(tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    file.write_text(WHOLE, "utf-8")
    written = set(re.findall(r"([a-z_]+): ?", WHOLE))

    assert load_catalog([file], LANGUAGES).problems == ()
    assert refusals(WHOLE.encode()) == []
    assert set(chain.from_iterable(value for value in vars(keys).values() if isinstance(value, tuple))) <= written


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where every mapping of a document is."""
    if isinstance(value, dict):
        yield path
        for key, one in value.items():
            yield from paths(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from paths(one, (*path, number))


@pytest.mark.parametrize(
    "path", list(paths(document(WHOLE.encode()))), ids=lambda path: ".".join(map(str, path)) or "top"
)
def test_a_key_that_is_not_known_is_refused_by_both(tmp_path: Path, path: tuple[Any, ...]) -> None:
    whole = document(WHOLE.encode())
    part = whole
    for key in path:
        part = part[key]
    part["NoSuchKey"] = 1
    file = tmp_path / "events.yaml"
    file.write_text(json.dumps(whole) + "\n", "utf-8")

    assert load_catalog([file], LANGUAGES).catalog is None
    assert refusals(file.read_bytes())


# What only the reader can tell: ids that are looked up, rules, zones and dates that are read, what stands twice.
BEYOND = re.compile(r"\[(E10\d|E204|E206|E207|E30\d|[WN]\d{3})\]$")
LOOSER = {
    "event-heading-lacks-a-language": True,
    "event-heading-of-two-lines": True,
    "event-nothing-seen": True,
    "top-events-before-calendar": True,
    "top-without-calendar": True,
    "include-in-other-languages": True,
    "day-without-rule": True,
}
"""Broken calendars about which the reader says more than a schema can: the language, an event that is not there."""


def within(name: str) -> bool:
    """Whether a schema could tell anything of what is wrong with a broken calendar."""
    lines = (BROKEN / f"{name}.txt").read_text("utf-8").splitlines()
    return (BROKEN / f"{name}.yaml").exists() and not all(BEYOND.search(line) for line in lines)


@pytest.mark.parametrize("name", [name for name in NAMES if within(name)])
def test_a_broken_calendar_is_mostly_not_of_it(name: str) -> None:
    assert (refusals((BROKEN / f"{name}.yaml").read_bytes()) == []) == LOOSER.get(name, False)


def test_it_is_served() -> None:
    answer = TestClient(build_app(SmallSite())).get("/api/events.schema.json")

    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.text == PUBLISHED.read_text("utf-8")


def test_an_included_file_needs_no_head() -> None:
    assert refusals(b"version: 1\nevents: []\n") == []
    assert refusals(SMALL.encode()) == []
