"""The format of calendar files as a JSON Schema (draft 2020-12), by which editors complete and underline.

It is looser than the reader: ids are not looked up, and rules and dates are not read, only their outer shape is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from notifier.catalog import keys
from notifier.catalog.event_schema import FIGURES
from notifier.catalog.head_schema import VERSION
from notifier.catalog.json_texts import ABOUT
from notifier.catalog.reading import LONGEST_LINE, LONGEST_TEXT
from notifier.domain.events import Begins, Kind, Qualifier, Release
from notifier.domain.leads import LONGEST_LEAD
from notifier.domain.rules.gregorian import LeapDay
from notifier.domain.selections import ID

Schema = Mapping[str, object]

_WORD: Schema = {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": LONGEST_LINE}
"""One line; YAML reads a heading such as 1918 as a number, the reader does not."""
_ID: Schema = {"type": ["string", "integer"], "pattern": f"^{ID.pattern}$", "maxLength": 100}
_DAY: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WHEN: Schema = {"type": ["string", "integer"], "minLength": 1}
_YEAR: Schema = {"type": "integer", "minimum": 1, "maximum": 9999}
_LINK: Schema = {"type": "string", "pattern": "^https?://"}
_ZONE: Schema = {"type": "string", "pattern": "^[A-Za-z]"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_LEADS: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": LONGEST_LEAD}}
_YEARS = "^[0-9]{1,4}$"


def events_schema(languages: Iterable[str]) -> dict[str, object]:
    """Return the schema of a calendar file for a service that speaks `languages`."""
    properties: dict[str, Schema] = {
        "version": {"const": VERSION},
        "calendar": _ref("calendar"),
        "include": _list(_WORD),
        "collections": _by_id(_ref("collection")),
        "parties": _by_id(_ref("party")),
        "sources": _by_id(_ref("source")),
        "events": _list(_ref("event")),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:remembrance-notifier:events:1",
        "title": "A calendar of events to remember",
        **_object("top", keys.TOP, ("version",), properties),
        "$defs": {**_texts(sorted(languages)), **_head(), **_who(), **_event(), **_of_events()},
    }


def schema_text(languages: Iterable[str]) -> str:
    """Return the schema as it is published in docs/schema and served."""
    return json.dumps(events_schema(languages), ensure_ascii=False, indent=2) + "\n"


def _texts(languages: list[str]) -> dict[str, Schema]:
    def by_language(longest: int) -> Schema:
        text = {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": longest}
        return {
            "type": "object",
            "minProperties": 1,
            "properties": dict.fromkeys(languages, text),
            "additionalProperties": False,
        }

    states = {
        "type": "string",
        "pattern": "^(machine|reviewed( by \\S.*)?)$",
        "examples": ["machine", "reviewed by NAME"],
    }
    return {
        "line": by_language(LONGEST_LINE),
        "text": by_language(LONGEST_TEXT),
        "language": {"enum": languages},
        "states": {"type": "object", "properties": dict.fromkeys(languages, states), "additionalProperties": False},
    }


def _head() -> dict[str, Schema]:
    calendar = {
        "id": {
            "type": "string",
            "pattern": r"^[a-z0-9]+([.-][a-z0-9]+)*\.[a-z0-9]+([.-][a-z0-9]+)*$",
            "maxLength": 100,
        },
        "name": _ref("line"),
        "published": _DAY,
        "zone": _ZONE,
        "languages": {**_list(_ref("language")), "minItems": 1, "uniqueItems": True},
        "leads": _LEADS,
        "milestones": _ref("milestones"),
        "release": {
            "type": "object",
            "properties": {str(kind): _enum(Release) for kind in Kind},
            "additionalProperties": False,
        },
    }
    milestones = {"every": _list({"type": "integer", "minimum": 1, "maximum": 1000}), "leads": _LEADS}
    return {
        "calendar": _object("calendar", keys.CALENDAR, ("id", "name", "published", "languages"), calendar),
        "milestones": _object("milestones", keys.MILESTONES, keys.MILESTONES, milestones),
    }


def _who() -> dict[str, Schema]:
    source = {
        "publisher": _ID,
        "title": _WORD,
        "by": _WORD,
        "language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
        "published": _WHEN,
        "url": _LINK,
        "accessed": _DAY,
        "note": _ref("text"),
    }
    return {
        "collection": _object("collection", keys.COLLECTION, keys.COLLECTION, {"name": _ref("line")}),
        "party": _object("party", keys.PARTY, keys.PARTY, {"name": _ref("line")}),
        "source": _object("source", keys.SOURCE, (), source),
        "source_ids": {"anyOf": [_ID, {**_list(_ID), "minItems": 1}]},
    }


def _event() -> dict[str, Schema]:
    event = {
        "id": _ID,
        "was": _list(_ID),
        "heading": _ref("line"),
        "official_name": _ref("official_name"),
        "origin": _WHEN,
        "counts": _ref("line"),
        "rule": {"type": "string", "minLength": 1, "examples": ["20 January", "last Monday of May", "Easter - 2 days"]},
        "begins": _enum(Begins),
        "kind": _enum(Kind),
        "collections": _list(_ID),
        "place": _ref("place"),
        "summary": _list(_ref("statement")),
        "called": _list(_ref("called")),
        "figures": _ref("figures"),
        "remembered": _list(_ref("statement")),
        "updates": _list(_ref("update")),
        "years": _by_year("year"),
        "translations": _ref("states"),
        "leads": _LEADS,
        "leap_day": _enum(LeapDay),
        "exceptions": _by_year("exception"),
        "until": _YEAR,
        "confirmed": _list(_YEAR),
        "release": _enum(Release),
    }
    return {"event": _object("event", keys.EVENT, ("id", "heading"), event)}


def _of_events() -> dict[str, Schema]:
    said = {"by": _ID, "source": _ref("source_ids")}
    at = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"}
    item = {"id": _ID, "at": at, "place": _ref("place"), "text": _ref("text"), "url": _LINK}
    claim = {"value": _COUNT, "qualifier": _enum(Qualifier), **said, "note": _ref("line")}
    figure = _object("figure", keys.FIGURE, keys.FIGURE, {"label": _ref("line"), "claims": _list(_ref("claim"))})
    place = {"name": _ref("line"), "zone": _ZONE, "at": {"prefixItems": [_degrees(90), _degrees(180)], **_EXACTLY_TWO}}
    return {
        "official_name": _object(
            "official_name", keys.OFFICIAL_NAME, keys.OFFICIAL_NAME, {"text": _ref("line"), **said}
        ),
        "called": _object("called", keys.CALLED, keys.CALLED, {"term": _ref("line"), **said}),
        "statement": _object("statement", keys.STATEMENT, ("text",), {"text": _ref("text"), **said}),
        "update": _object(
            "update", keys.UPDATE, ("date", "text", "source"), {"date": _DAY, "text": _ref("text"), **said}
        ),
        "claim": _object("claim", keys.CLAIM, ("value", "by", "source"), claim),
        "figure": figure,
        "figures": {
            "type": "object",
            "properties": {what: {"anyOf": [_list(_ref("claim")), _ref("figure")]} for what in FIGURES},
            "propertyNames": {"pattern": f"^{ID.pattern}$"},
            "additionalProperties": _ref("figure"),
        },
        "place": {**_object("place", keys.PLACE, (), place), "anyOf": [{"required": ["name"]}, {"required": ["at"]}]},
        "year": _object("year", keys.YEAR, (), {"note": _ref("text"), "programme": _list(_ref("programme_item"))}),
        "programme_item": _object("programme_item", keys.PROGRAMME_ITEM, ("at", "text"), item),
        "exception": _object("exception", keys.EXCEPTION, keys.EXCEPTION, {"date": _DAY, "reason": _ref("text")}),
    }


_EXACTLY_TWO: Schema = {"type": "array", "minItems": 2, "maxItems": 2}


def _object(name: str, known: Iterable[str], required: Iterable[str], properties: Mapping[str, Schema]) -> Schema:
    """Return a mapping with exactly the known keys, each with what is told of it."""
    told = {key: {**properties[key], **_told(name, key)} for key in known}
    return {"type": "object", "required": list(required), "properties": told, "additionalProperties": False}


def _told(name: str, key: str) -> Schema:
    about = ABOUT.get(f"{name}.{key}")
    return {} if about is None else {"description": about}


def _by_id(value: Schema) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": f"^{ID.pattern}$"}, "additionalProperties": value}


def _by_year(name: str) -> Schema:
    return {"type": "object", "patternProperties": {_YEARS: _ref(name)}, "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _degrees(most: int) -> Schema:
    return {"type": "number", "minimum": -most, "maximum": most}


def _enum(known: Iterable[str]) -> Schema:
    return {"enum": [str(member) for member in known]}


def _ref(name: str) -> dict[str, object]:
    return {"$ref": f"#/$defs/{name}"}
