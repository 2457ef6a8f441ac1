"""iCalendar as lines with their places (RFC 5545, §3.1), read from a file nobody has looked at.

Lines are unfolded and put into components; the line each began on is kept, so that what cannot be taken is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LARGEST = 10_000_000
"""Octets of a calendar; a year of a large institution has a tenth of that."""

_MOST_COMPONENTS = 50_000
_DEEPEST = 8
_NAME = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)', re.ASCII)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class NotCalendarError(Exception):
    """The octets are no iCalendar stream; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Property:
    """One content line; `value` is as it was written, escapes included."""

    line: int
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        r"""The value as text: `\n`, `\,`, `\;` and `\\` resolved (§3.3.11)."""
        return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.value)


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END; `line` is that of BEGIN."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return every property with a name."""
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        """Return the first property with a name, or None."""
        return next((one for one in self.properties if one.name == name), None)


def read_calendars(data: bytes) -> list[Component]:
    """Return the VCALENDAR components of a stream. Raises NotCalendarError."""
    if len(data) > LARGEST:
        raise NotCalendarError(f"it is larger than {LARGEST // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotCalendarError(f"line {line} is not UTF-8; save it as UTF-8") from error
    root = Component("", 0)
    stack, count = [root], 0
    for line, content in _unfolded(text):
        found = _property(line, content)
        count += found.name == "BEGIN"
        if count > _MOST_COMPONENTS or len(stack) > _DEEPEST:
            raise NotCalendarError(f"line {line}: it has too many components, or they are nested too deeply")
        _put(found, stack)
    if len(stack) > 1:
        raise NotCalendarError(f"it ends before {stack[-1].name[:40]}, begun on line {stack[-1].line}, does")
    calendars = [component for component in root.components if component.name == "VCALENDAR"]
    if not calendars:
        raise NotCalendarError("it holds no VCALENDAR")
    return calendars


def _put(found: Property, stack: list[Component]) -> None:
    """Begin or end a component, or put a property into the one that was begun last."""
    if found.name == "BEGIN":
        component = Component(found.value.strip().upper(), found.line)
        stack[-1].components.append(component)
        stack.append(component)
    elif len(stack) == 1:
        raise NotCalendarError(f"line {found.line}: a calendar begins with BEGIN:VCALENDAR")
    elif found.name != "END":
        stack[-1].properties.append(found)
    elif stack.pop().name != found.value.strip().upper():
        raise NotCalendarError(f"line {found.line}: END:{found.value[:40]} does not end what was begun")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield whole content lines with the number, from 1, of the line each begins on."""
    begun, parts = 0, list[str]()
    # Not splitlines: a text may hold other characters that Unicode counts as the end of a line.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield begun, "".join(parts)
        begun, parts = number, [line] if line.strip() else []
    if parts:
        yield begun, "".join(parts)


def _property(line: int, content: str) -> Property:
    name = _NAME.match(content)
    if name is None:
        raise NotCalendarError(f"line {line}: this is not a line of a calendar file")
    position, parameters = name.end(), dict[str, str]()
    while match := _PARAMETER.match(content, position):
        parameters[match[1].upper()] = match[2].strip('"')
        position = match.end()
    if content[position : position + 1] != ":":
        raise NotCalendarError(f"line {line}: {name[0][:40]} has no value; a colon is missing")
    return Property(line, name[0].upper(), parameters, content[position + 1 :])
