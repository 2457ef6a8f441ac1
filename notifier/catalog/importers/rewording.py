"""New wordings, and the state of translations, into a calendar file; all else stays as it is written."""

from __future__ import annotations

from functools import lru_cache

from notifier.catalog.importers.units import STATES, Found
from notifier.catalog.importers.yaml_text import WIDTH, Edit, Value, last_end, line_end, scalar


def wording_edit(text: str, found: Found, wording: str, language: str) -> Edit:
    """Return what makes a text say `wording` in a language: in place of what it says, or behind the others."""
    texts = found.texts
    there = texts.get(language)
    if not texts.flow:
        return _replaced(text, there, scalar(wording)) if there else _new_line(text, texts, language, wording)
    written = scalar(wording, in_flow=True)
    edit = _replaced(text, there, written) if there else _in_braces(texts, f"{language}: {written}")
    begin, end = text.rfind("\n", 0, texts.start) + 1, line_end(text, texts.end)
    longer = len(edit.text) - (edit.end - edit.start)
    fits = len(text[begin:end].rstrip("\r\n"))
    if found.parent.flow or "\n" in text[texts.start : texts.end] or fits > WIDTH or fits + longer <= WIDTH:
        return edit
    return _unbraced(text, found, wording, language)


def state_edit(text: str, event: Value, language: str, state: str) -> Edit | None:
    """Return what sets the state of an event's translation; None where it is that already."""
    states = event.get(STATES)
    if states is None:
        written = f"{STATES}: {{{language}: {scalar(state, in_flow=True)}}}"
        if event.flow:
            return _in_braces(event, written)
        at = line_end(text, last_end(event))
        return Edit(at, at, f"{_break_before(text, at)}{' ' * event.column}{written}{_break(text)}")
    there = states.get(language)
    if there is not None:
        return None if there.text == state else _replaced(text, there, scalar(state, in_flow=states.flow))
    if states.flow or not states.pairs:
        return _in_braces(states, f"{language}: {scalar(state, in_flow=True)}")
    return _new_line(text, states, language, state)


def _replaced(text: str, there: Value, written: str) -> Edit:
    if not there.block:
        return Edit(there.start, there.end, written)
    # A block of lines ends with the line's end, or with those of empty lines after it.
    kept = text[there.start : there.end]
    return Edit(there.start, there.end, written + kept[len(kept.rstrip()) :])


def _new_line(text: str, texts: Value, language: str, wording: str) -> Edit:
    at = line_end(text, last_end(texts))
    line = f"{' ' * texts.column}{language}: {scalar(wording)}"
    return Edit(at, at, f"{_break_before(text, at)}{line}{_break(text)}")


def _in_braces(mapping: Value, written: str) -> Edit:
    if not mapping.pairs:
        return Edit(mapping.end - 1, mapping.end - 1, written)
    end = mapping.pairs[-1][1].end
    return Edit(end, end, f", {written}")


def _unbraced(text: str, found: Found, wording: str, language: str) -> Edit:
    """Return the text written in lines, one a language, since one line has no room any more."""
    wordings = {key.text or "": value.text or "" for key, value in found.texts.pairs} | {language: wording}
    indent = " " * (found.parent.column + 2)
    lines = [f"{indent}{tag}: {scalar(one)}" for tag, one in wordings.items()]
    start = found.texts.start
    while text[start - 1] == " ":
        start -= 1
    return Edit(start, found.texts.end, _break(text) + _break(text).join(lines))


@lru_cache(maxsize=4)
def _break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _break_before(text: str, at: int) -> str:
    return "" if not at or text[at - 1] == "\n" else _break(text)
