"""Every text of a calendar file with its place, and in whose voice it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from notifier.catalog.nodes import Items, Node, Pairs, Scalar


class PlacedText(NamedTuple):
    """One text by language. It is the service's own voice where nobody is named who says it."""

    what: str
    node: Pairs
    own_voice: bool


class PlacedWording(NamedTuple):
    """A text in one language; `node` is the text itself, `key` the language before it."""

    language: str
    key: Scalar
    node: Scalar


def child(node: Node | None, key: str) -> Node | None:
    """Return what stands under a key of a mapping, None where there is none or nothing."""
    if not isinstance(node, Pairs):
        return None
    found = next((value for name, value in node.pairs if name.text == key), None)
    return None if isinstance(found, Scalar) and found.is_null else found


def pairs_of(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """Return the pairs of a mapping; of anything else none."""
    return node.pairs if isinstance(node, Pairs) else ()


def items_of(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list; of anything else none."""
    return node.items if isinstance(node, Items) else ()


def wordings_of(text: PlacedText) -> Iterator[PlacedWording]:
    """Yield a text's wordings in the author's order."""
    for key, value in text.node.pairs:
        if isinstance(value, Scalar):
            yield PlacedWording(key.text, key, value)


def texts_of_event(event: Node) -> Iterator[PlacedText]:
    """Yield every text of an event."""
    yield from _text("heading", child(event, "heading"))
    yield from _text("counts", child(event, "counts"))
    yield from _text("official_name", child(child(event, "official_name"), "text"), own_voice=False)
    yield from _text("place name", child(child(event, "place"), "name"), own_voice=False)
    for section in ("summary", "remembered", "updates"):
        for statement in items_of(child(event, section)):
            yield from _text(section, child(statement, "text"), own_voice=child(statement, "by") is None)
    for name in items_of(child(event, "called")):
        yield from _text("called", child(name, "term"), own_voice=False)
    yield from _texts_of_figures(child(event, "figures"))
    yield from _texts_of_years(event)


def texts_of_section(name: str, node: Node) -> Iterator[PlacedText]:
    """Yield every text of `parties:`, `sources:` or `collections:`."""
    for key, value in pairs_of(node):
        if name == "sources":
            yield from _text(f'note of "{key.text}"', child(value, "note"))
        else:
            # Who says things has the name it has; a collection has the one the service gives it.
            yield from _text(f'name of "{key.text}"', child(value, "name"), own_voice=name == "collections")


def texts_of_calendar(node: Node) -> Iterator[PlacedText]:
    """Yield the texts of `calendar:`."""
    yield from _text("name", child(node, "name"))


def _texts_of_figures(node: Node | None) -> Iterator[PlacedText]:
    for key, figure in pairs_of(node):
        yield from _text(f'label of "{key.text}"', child(figure, "label"))
        claims = figure if isinstance(figure, Items) else child(figure, "claims")
        for claim in items_of(claims):
            yield from _text("note", child(claim, "note"), own_voice=False)


def _texts_of_years(event: Node) -> Iterator[PlacedText]:
    for _, year in pairs_of(child(event, "years")):
        yield from _text("note", child(year, "note"))
        for item in items_of(child(year, "programme")):
            yield from _text("text", child(item, "text"))
            yield from _text("place name", child(child(item, "place"), "name"), own_voice=False)
    for _, moved in pairs_of(child(event, "exceptions")):
        yield from _text("reason", child(moved, "reason"))


def _text(what: str, node: Node | None, *, own_voice: bool = True) -> Iterator[PlacedText]:
    if isinstance(node, Pairs):
        yield PlacedText(what, node, own_voice)
