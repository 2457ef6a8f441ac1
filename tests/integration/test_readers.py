"""Any text at all, through three programmes' own readers."""

from __future__ import annotations

from collections.abc import Callable

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from notifier.content.contentlines import plain, text_line

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
# What is escaped, folded at, joined, turned around, or taken for a line end or for nothing.
awkward = st.text(
    st.sampled_from('\\,;:nN"a^ \t\r\n\x00\x0b\x85\u00a0\u2003\u2028\u200f\u202e\u2067\u3000\ufeffəД🕯\u200d')
)


def read_by_icalendar(content: bytes) -> str:
    return str(icalendar.Calendar.from_ical(content).events[0]["DESCRIPTION"])


def read_by_vobject(content: bytes) -> str:
    return str(vobject.readOne(content.decode()).vevent.description.value)


def read_by_home_assistant(content: bytes) -> str:
    return str(IcsCalendarStream.calendar_from_ics(content.decode()).events[0].description)


@pytest.mark.parametrize("read", [read_by_icalendar, read_by_vobject, read_by_home_assistant])
def test_any_text_is_read_back_as_it_was_written(read: Callable[[bytes], str]) -> None:
    @given(any_text | awkward)
    def holds(text: str) -> None:
        written = plain(f"A{text}B")
        assert read(calendar_with(written)) == written

    holds()


def calendar_with(description: str) -> bytes:
    return (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20270203T040506Z\r\n"
        b"DTSTART;VALUE=DATE:20270120\r\n" + text_line("DESCRIPTION", description) + b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
