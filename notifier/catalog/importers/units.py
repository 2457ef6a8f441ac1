"""The texts of a calendar file as units for translators, and new wordings back into the file.

A unit is one text: which file, which event (or which party, source, …), where in it; what it says in the source
language and in the other. It carries a mark of the wording it went out with, so that what changed meanwhile is seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from notifier.catalog.importers.yaml_text import Value

SOURCE = "en"
"""What translators translate from, where a text has it; else its first language."""

NONE = "-"
"""The mark of a text that is not translated yet."""

STATES = "translations"
"""A mapping by language that holds no text."""

_LINES = frozenset({"name", "heading", "counts", "term", "label"})
"""Keys of texts that are a line; official names and notes of figures are, too."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One text. `state` is that of the whole event's translation; empty where it says none."""

    file: str
    owner: str
    path: str
    line: int
    source: str
    wording: str
    state: str

    @property
    def place(self) -> str:
        """What names the text within the calendar."""
        return f"{self.file}|{self.owner}|{self.path}"

    @property
    def is_line(self) -> bool:
        """Whether it is one of the texts that are a line, which is shorter than others may be."""
        last = self.path.rpartition(".")[2]
        return (
            last in _LINES or self.path == "official_name.text" or (self.path.startswith("figures.") and last == "note")
        )

    @property
    def key(self) -> str:
        """The place and the mark of the wording: what goes out and comes back."""
        return f"{self.place}|{mark(self.wording)}"


@dataclass(frozen=True, slots=True)
class Found:
    """A unit, with the text by language that it is one wording of, and its event."""

    unit: Unit
    texts: Value
    event: Value | None
    parent: Value


def mark(wording: str) -> str:
    """Return what tells a wording from another one."""
    return hashlib.sha256(wording.encode()).hexdigest()[:8] if wording else NONE


def units_of(top: Value, file: str, languages: Collection[str], language: str) -> Iterator[Found]:
    """Yield the units of a file for one language, in its order; what is in that language first has none."""
    for key, section in top.pairs:
        for owner, event, path, texts, parent in _texts(key.text or "", section, languages):
            source = next((tag.text for tag, _ in texts.pairs if tag.text == SOURCE), texts.pairs[0][0].text)
            if source == language or source is None:
                continue
            original, wording = texts.get(source), texts.get(language)
            states = None if event is None else event.get(STATES)
            state = None if states is None else states.get(language)
            unit = Unit(
                file=file,
                owner=owner,
                path=path,
                line=(wording or texts).line,
                source=_said(original),
                wording=_said(wording),
                state=_said(state),
            )
            if unit.source:
                yield Found(unit, texts, event, parent)


def _said(value: Value | None) -> str:
    return "" if value is None or value.text is None else value.text.strip()


def _texts(
    section: str, value: Value, languages: Collection[str]
) -> Iterator[tuple[str, Value | None, str, Value, Value]]:
    """Yield whose each text by language is, its event, its path in there, the text, and what it stands in."""
    if section == "events":
        for event in value.items:
            owner = _said(event.get("id"))
            for path, texts, parent in _below(event, (), languages, event):
                yield owner, event, ".".join(path), texts, parent
        return
    for path, texts, parent in _below(value, (section,), languages, value):
        depth = min(len(path) - 1, 2)
        yield ".".join(path[:depth]), None, ".".join(path[depth:]), texts, parent


def _below(
    value: Value, path: tuple[str, ...], languages: Collection[str], parent: Value
) -> Iterator[tuple[tuple[str, ...], Value, Value]]:
    if value.is_mapping:
        if _is_text(value, languages):
            yield path, value, parent
            return
        for key, part in value.pairs:
            if key.text != STATES:
                yield from _below(part, (*path, key.text or ""), languages, value)
    for number, part in enumerate(value.items):
        yield from _below(part, (*path, str(number)), languages, value)


def _is_text(value: Value, languages: Collection[str]) -> bool:
    return bool(value.pairs) and all(key.text in languages and part.text is not None for key, part in value.pairs)
