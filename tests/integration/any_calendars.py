"""Calendars that say anything at all, as files that the service reads; and what is said in them.

Every text is written with escapes, so that whatever the catalog lets through reaches the feeds. It refuses a text that
says nothing, a line feed in a text of one line, and halves of surrogate pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from notifier.catalog.load import load_contents
from notifier.domain.events import Catalog
from notifier.domain.texts import says_something
from tests.integration.publishing import LANGUAGES

LONGEST = 2_000

Said = Mapping[str, str]
"""One text by language."""

# What is escaped, folded at, joined, turned around, or taken for markup, for a line end or for nothing.
AWKWARD = [
    "\\", ",", ";", ":", "n", "N", '"', "^", "'", " ", "\t", "\r", "\n", "\r\n", "\\n", "\\N", "\\,", "\x00", "\x07",
    "\x0b", "\x0c", "\x1b", "\x1c", "\x1f", "\x7f", "\x85", "\x9f", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u2003",
    "\u2028", "\u2029", "\u200f", "\u202e", "\u2066", "\u2069", "\u3000", "\ufe0f", "\ufeff", "\ufffd", "\ufffe",
    "\uffff", "\U0001ffff", "\U000e0001", "\U0010fffd", "ə", "Д", "ß", "İ", "ı", "中", "한", "क्षि", "e\u0301",
    "Z\u0351\u036b\u0343", "שלום", "مرحبا", "🕯", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇦🇿",
    "<b>", "</b>", "<script>", "&", "&amp;",
    "]]>", "<!--", "{{ 7*7 }}", "%s", "{heading}", "=", "+", "-", "@", "＝", "BEGIN:VEVENT", "\r\nEND:VCALENDAR\r\n",
    "\r\nSTATUS:CONFIRMED\r\n", "DESCRIPTION:", "https://example.net/?a=1&b=2",
]  # fmt: skip

# --- what a text is by the time it is read ----------------------------------------------------------------------------

_BECOMES: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFEFF]),
    **dict.fromkeys(map(ord, "\r\n\v\f\x85\u2028\u2029"), "\n"),
    ord("\t"): " ",
}


def normal(text: str) -> str:
    """Return a text as documented: every line end is one, tabs are spaces, what cannot be seen or sent is gone."""
    return text.replace("\r\n", "\n").translate(_BECOMES).strip()


def on_one_line(text: str) -> str:
    """Return a text as `normal`, its white space as single spaces."""
    return " ".join(normal(text).split())


def in_xml(text: str) -> str:
    """Return a text without the two characters that XML cannot hold and that are no control characters."""
    return text.replace("\ufffe", "").replace("\uffff", "")


# --- texts ---

_characters = st.characters(exclude_categories=["Cs"])
_short = st.text(_characters, min_size=1, max_size=30)
_awkward = st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=25).map("".join)
_sayings = (_short | _awkward).filter(says_something)
# Long ones repeat a few pieces; the first one shifts where their lines are folded.
_long = (
    st.tuples(_sayings, _awkward, st.sampled_from([300, LONGEST]))
    .map(lambda made: (made[0] + made[1] * LONGEST)[: made[2]])
    .filter(says_something)
)


any_text = _short | _awkward | _long


def on_a_line(text: str) -> str:
    """Return a text without a line feed, as the catalog wants headings and names; other line ends may be in it."""
    return text.strip().replace("\n", "\u2029")


def as_category(text: str) -> str:
    """Return a collection's name as documented: on one line, without what some readers divide categories at."""
    return on_one_line(re.sub(r"[,;\\]", " ", normal(text)))


_urls = st.text(_characters | st.sampled_from("".join(AWKWARD)), max_size=40).map(
    lambda text: "https://example.net/" + re.sub(r"[\s\"<>]", "", text)
)


@dataclass(frozen=True)
class AnyCalendar:
    """A calendar file's content. `events` are what it was made from."""

    languages: tuple[str, ...]
    content: dict[str, Any]

    @property
    def events(self) -> dict[str, dict[str, Any]]:
        return {event["id"]: event for event in self.content["events"]}

    def catalog(self) -> Catalog:
        """Return the calendar as the service reads it."""
        loaded = load_contents([written(self.content).encode() + b"\n"], LANGUAGES.tags)
        assert loaded.catalog is not None, loaded.problems
        return loaded.catalog

    def shown(self, text: Said, language: str) -> str:
        """Return the wording a reader of a language is shown."""
        return next(text[tag] for tag in (language, *self.languages) if tag in text)

    def told(self, event: Mapping[str, Any], year: int) -> Iterator[Said]:
        """Yield all that is said of an event, and of one year of it, in descriptions."""
        yield from (one["text"] for key in ("summary", "remembered", "updates") for one in event.get(key, ()))
        yield from (one["term"] for one in event.get("called", ()))
        for figure in event.get("figures", {}).values():
            yield from (claim["note"] for claim in (figure if isinstance(figure, list) else figure["claims"]))
            yield from () if isinstance(figure, list) else (figure["label"],)
        if "official_name" in event:
            yield event["official_name"]["text"]
        if year - 1990 > 0 and "counts" in event:
            yield event["counts"]
        own = event.get("years", {}).get(str(year), {})
        yield from (own[key] for key in ("note",) if key in own)
        yield from (item["text"] for item in own.get("programme", ()))
        if "exceptions" in event and str(year) in event["exceptions"]:
            yield event["exceptions"][str(year)]["reason"]


def written(value: Any) -> str:
    """Return a value as YAML, each text in quotes and with every character but letters and digits as an escape."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(key)}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    return '"' + re.sub(r"[^A-Za-z0-9 ]", lambda found: f"\\U{ord(found[0]):08x}", str(value)) + '"'


# --- the calendars ----------------------------------------------------------------------------------------------------


@st.composite
def any_calendars(draw: st.DrawFn) -> AnyCalendar:
    """Two events, all of whose texts come from a few; headings are in every language, the others in some."""
    languages = draw(st.permutations(["en", "de", "az", "tr", "ru"]))[: draw(st.integers(1, 2))]
    pool = [*draw(st.lists(_sayings, min_size=3, max_size=5)), draw(_long)]
    some = st.sampled_from(pool)
    some_lines = st.sampled_from([*map(on_a_line, pool), "@A day, and \\ more; still"])

    def said(words: st.SearchStrategy[str], *, complete: bool = False) -> st.SearchStrategy[dict[str, str]]:
        tags = st.just(languages) if complete else st.permutations(languages).map(lambda tags: tags[:1])
        return tags.flatmap(lambda tags: st.fixed_dictionaries(dict.fromkeys(sorted(tags), words)))

    line, text = said(some_lines), said(some)
    events = [draw(_events(id_, said(some_lines, complete=True), line, text)) for id_ in ("day-a", "day-b")]
    source = {"publisher": "party", "title": draw(some_lines), "url": draw(_urls), "note": draw(text)}
    content = {
        "version": 1,
        "calendar": {
            "id": "remembrance.example.org",
            "name": draw(said(some_lines, complete=True)),
            "published": "2026-11-21",
            "zone": "Asia/Baku",
            "languages": languages,
        },
        "collections": {"everything": {"name": draw(line)}},
        "parties": {"party": {"name": draw(line)}},
        "sources": {"page": source},
        "events": events,
    }
    return AnyCalendar(tuple(languages), content)


def _events(
    id_: str,
    heading: st.SearchStrategy[dict[str, str]],
    line: st.SearchStrategy[dict[str, str]],
    text: st.SearchStrategy[dict[str, str]],
) -> st.SearchStrategy[dict[str, Any]]:
    by = {"by": st.just("party"), "source": st.just("page")}
    statements = st.lists(st.fixed_dictionaries({"text": text}, optional=by), min_size=1, max_size=2)
    claims = st.lists(
        st.fixed_dictionaries({"value": st.integers(0, 9999), "note": line, **by}), min_size=1, max_size=2
    )
    place = st.fixed_dictionaries(
        {"name": line},
        optional={
            "zone": st.sampled_from(["Asia/Baku", "America/St_Johns", "Asia/Kathmandu", "Europe/Dublin"]),
            "at": st.tuples(st.integers(-90, 90), st.sampled_from(["49.8128", "-0.00001", "180"])),
        },
    )
    item = st.fixed_dictionaries(
        {"at": st.sampled_from(["2027-01-20T10:00", "2027-02-28T23:59:59", "2027-01-19T12:00-10:00"]), "text": text},
        optional={"place": place, "url": _urls},
    )
    notes = st.fixed_dictionaries({"note": text, "programme": st.lists(item, min_size=1, max_size=2)})
    return st.fixed_dictionaries(
        {
            "id": st.just(id_),
            "heading": heading,
            "origin": st.just("1990-01-20"),
            "collections": st.just(["everything"]),
            "summary": statements,
            "years": st.fixed_dictionaries({"2027": notes}),
        },
        optional={
            "counts": line,
            "kind": st.sampled_from(["mourning", "national"]),
            "begins": st.just("eve"),
            "place": place,
            "official_name": st.fixed_dictionaries({"text": line, **by}),
            "called": st.lists(st.fixed_dictionaries({"term": line, **by}), min_size=1, max_size=2),
            "figures": st.fixed_dictionaries(
                {"killed": claims}, optional={"lost": st.fixed_dictionaries({"label": line, "claims": claims})}
            ),
            "remembered": statements,
            "updates": st.lists(st.fixed_dictionaries({"date": st.just("2024-02-23"), "text": text, **by}), max_size=1),
            "exceptions": st.fixed_dictionaries(
                {"2028": st.fixed_dictionaries({"date": st.just("2028-02-29"), "reason": text})}
            ),
        },
    )
