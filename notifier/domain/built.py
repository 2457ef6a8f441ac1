"""Built selections: a calendar feed somebody put together from what there is to choose.

Nothing of it is free text: it names events and collections of the calendar, one of its languages, and numbers within
their ranges. Equal ones have one canonical form, and so one address.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NewType

from notifier.domain.errors import (
    HourError,
    NotifierError,
    SelectionError,
    UnknownLanguageError,
    UnknownSelectionTermError,
)
from notifier.domain.events import Catalog
from notifier.domain.leads import parse_leads
from notifier.domain.selections import Selection, check_selection, parse_selection
from notifier.domain.texts import LanguageTag

Token = NewType("Token", str)
"""`1`, the number of the canonical form, and 15 characters of base32 (RFC 4648 §6, lower case): 75 bits of its hash."""

TOKEN = re.compile(r"1[a-z2-7]{15}", re.ASCII)

MOST_LEADS = 10
"""How many alarms an entry may have, and how many entries ahead of it."""

_FORM = (  # compiled when it is first needed
    r"(?P<language>\S+) (?P<selection>\S+)(?: alarms=(?P<alarms>[\d,]+)@(?P<hour>\d+))?(?: ahead=(?P<ahead>[\d,]+))?"
    r"(?P<round> round)?(?P<timed> timed)?"
)


class TooManyLeadsError(SelectionError):
    """More leads than anybody needs, each of which would repeat every entry."""

    sentence = "a calendar has at most {most} reminders and {most} entries ahead for each day"


class UnknownTermError(SelectionError):
    """A term that the calendar does not have; in one sentence for readers, who did not type it."""

    sentence = 'the calendar has neither a day nor a collection "{name}"'


class NoSelectionError(NotifierError):
    """An address that nobody built."""

    sentence = "There is no calendar at this address."


class RetiredSelectionError(NotifierError):
    """A selection that nobody fetched for a year. It is said in its own language."""

    sentence = "{said}"


@dataclass(frozen=True, slots=True)
class Built:
    """One built selection.

    `alarms` and `ahead` are whole days before an anniversary's first day, furthest first; `hour` is the wall hour at
    which alarms ring, and None without alarms. An entry 0 days ahead is the anniversary's own.
    """

    language: LanguageTag
    selection: Selection
    alarms: tuple[int, ...] = ()
    hour: int | None = None
    ahead: tuple[int, ...] = ()
    round_only: bool = False
    timed: bool = False

    def __str__(self) -> str:
        """Return the canonical form: `de all,-khojaly alarms=7,0@9 ahead=7 round timed`."""
        parts = [str(self.language), str(self.selection)]
        if self.alarms:
            parts.append(f"alarms={_joined(self.alarms)}@{self.hour}")
        if self.ahead:
            parts.append(f"ahead={_joined(self.ahead)}")
        parts += [word for word, chosen in (("round", self.round_only), ("timed", self.timed)) if chosen]
        return " ".join(parts)

    @property
    def token(self) -> Token:
        """The public name of this selection and all that equal it."""
        digest = hashlib.sha256(str(self).encode("ascii")).digest()
        return Token("1" + b32encode(digest)[:15].decode("ascii").lower())


def build(  # noqa: PLR0913 -- what there is to choose
    catalog: Catalog,
    language: str,
    select: str,
    *,
    alarms: str = "",
    hour: int = 9,
    ahead: str = "",
    round_only: bool = False,
    timed: bool = False,
) -> Built:
    """Return the selection of these choices; an empty `language` is the calendar's first.

    An event is named by the first id it ever had, so that a rename leads to the same address.
    Raises SelectionError, LeadsError, HourError and UnknownLanguageError.
    """
    calendar = catalog.calendar
    if language and language not in calendar.languages:
        raise UnknownLanguageError(language=language, known=", ".join(calendar.languages))
    if not 0 <= hour <= 23:
        raise HourError(hour=hour)
    selection = parse_selection(select)
    _check(selection, catalog)
    rings = _leads(alarms)
    return Built(
        language=LanguageTag(language or calendar.languages[0]),
        selection=_lasting(selection, catalog),
        alarms=rings,
        hour=hour if rings else None,
        ahead=tuple(lead for lead in _leads(ahead) if lead > 0),
        round_only=round_only,
        timed=timed,
    )


def parse_built(canonical: str) -> Built:
    """Read a canonical form; another text raises ValueError. The calendar may have changed since it was built."""
    match = re.fullmatch(_FORM, canonical, re.ASCII)
    if match is None:
        raise ValueError(canonical)
    return Built(
        language=LanguageTag(match["language"]),
        selection=parse_selection(match["selection"]),
        alarms=parse_leads(match["alarms"]) if match["alarms"] else (),
        hour=int(match["hour"]) if match["hour"] else None,
        ahead=parse_leads(match["ahead"]) if match["ahead"] else (),
        round_only=match["round"] is not None,
        timed=match["timed"] is not None,
    )


def _leads(text: str) -> tuple[int, ...]:
    leads = parse_leads(text) if text.strip() else ()
    if len(leads) > MOST_LEADS:
        raise TooManyLeadsError(most=MOST_LEADS)
    return leads


def _check(selection: Selection, catalog: Catalog) -> None:
    try:
        check_selection(selection, catalog)
    except UnknownSelectionTermError as error:
        raise UnknownTermError(name=error.fields["name"]) from error


def _lasting(selection: Selection, catalog: Catalog) -> Selection:
    """Return the selection with each event under its permanent id."""
    permanent: dict[str, str] = {
        name: event.permanent_id for event in catalog.events for name in (*event.was, event.id)
    }

    def lasting(terms: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({permanent.get(term, term) for term in terms}))

    return replace(selection, taken=lasting(selection.taken), left_out=lasting(selection.left_out))


def _joined(leads: Iterable[int]) -> str:
    return ",".join(map(str, leads))
