"""Which of the served languages a browser's reader would rather read (RFC 9110 §12.5.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_LONGEST_HEADER = 1000


def preferred(accept_language: str, served: Sequence[str]) -> str:
    """Return the served language the header likes best; the first one served where it likes none.

    `de-AT` finds `de` (RFC 4647 §3.4, lookup). What cannot be read is passed over.
    """
    ranges = sorted(_ranges(accept_language[:_LONGEST_HEADER]), key=lambda one: -one[1])
    refused = {tag for tag, quality in ranges if quality <= 0}
    for tag, quality in ranges:
        if quality <= 0:
            break
        if tag == "*":
            return next((language for language in served if language.lower() not in refused), served[0])
        if found := _lookup(tag, served):
            return found
    return served[0]


def _lookup(tag: str, served: Sequence[str]) -> str | None:
    """Return the served language for a tag, its last subtags dropped one by one until one is found."""
    by_tag = {language.lower(): language for language in served}
    subtags = tag.split("-")
    for length in range(len(subtags), 0, -1):
        if found := by_tag.get("-".join(subtags[:length])):
            return found
    return None


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for part in header.lower().split(","):
        tag, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        if not tag.strip():
            continue
        try:
            yield tag.strip(), float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
