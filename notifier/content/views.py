"""Finished words: what feeds, messages and pages say of an event, in one reader's language.

A view holds no markup. Where a text exists in another language only, the view says which, so that whoever shows it
labels it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A text as shown. `label` ("in English") is set when it is not in the reader's language.

    `opposite` tells that it runs the other way than the reader's language.
    """

    text: str
    language: str
    direction: str
    label: str | None
    opposite: bool = False

    def __str__(self) -> str:
        """Return the text with its label, for media without markup; one that runs the other way is isolated."""
        text = f"\u2068{self.text}\u2069" if self.opposite else self.text
        return f"{text} ({self.label})" if self.label else text

    @property
    def bare(self) -> str:
        """The text with its label and without isolates, for names and cells of a table."""
        return f"{self.text} ({self.label})" if self.label else self.text


@dataclass(frozen=True, slots=True)
class SourceView:
    """A document: its number on this page, and one line that names it."""

    number: int
    id: str
    publisher: Words | None
    title: str | None
    title_language: str | None
    author: str | None
    published: str | None
    url: str | None
    note: Words | None
    line: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """Something said, who says it (when it is a party's own word), and the documents."""

    text: Words
    by: Words | None
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class UpdateView:
    """What became known on a day."""

    day: str
    date: date
    text: Words
    by: Words | None
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class NameView:
    """What a party calls it."""

    term: Words
    by: Words
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A figure as stated: "at least 140", by whom, where."""

    value: str
    by: Words
    note: Words | None
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class FigureView:
    """What is counted, with every claim beside its source."""

    what: Words
    claims: tuple[ClaimView, ...]

    @property
    def differ(self) -> bool:
        """Whether sources state different figures; equal ones, however many state them, do not differ."""
        return len({claim.value for claim in self.claims}) > 1


@dataclass(frozen=True, slots=True)
class EventView:
    """An event in one language; `kind_called` is its kind in words, and the two headings go with it."""

    id: str
    kind: str
    kind_called: str
    remembered_heading: str
    kept_heading: str
    heading: Words
    official_name: NameView | None
    counts: Words | None
    place: Words | None
    at: tuple[float, float] | None
    summary: tuple[StatementView, ...]
    called: tuple[NameView, ...]
    figures: tuple[FigureView, ...]
    remembered: tuple[StatementView, ...]
    updates: tuple[UpdateView, ...]
    sources: tuple[SourceView, ...]
    unreviewed: bool


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """One item of the year's programme: when (in words, with the wall time), where, what.

    Without a text it is the day itself, of an event kept at an hour; that stands in entries of its own alone.
    """

    when: str
    at: datetime
    place: Words | None
    text: Words | None
    url: str | None


@dataclass(frozen=True, slots=True)
class OccurrenceView:
    """One anniversary in one language.

    `day` is the date in words with its weekday ("Wednesday, 20 January 2027"); `counted` says what the ordinal counts;
    `called` is the year as it is shown; `own` (the day in the event's own calendar), `eve`, `hour`, `moved` and
    `estimate` are sentences, None where they do not apply.
    """

    event: EventView
    year: int
    called: str
    title: str
    day: str
    first: date
    last: date
    ordinal: int | None
    counted: str | None
    own: str | None
    eve: str | None
    hour: str | None
    moved: str | None
    estimate: str | None
    note: Words | None
    programme: tuple[ProgrammeView, ...]
