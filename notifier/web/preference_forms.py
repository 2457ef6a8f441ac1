"""Reads the form of a preference, field by field; what cannot be read is said once for each field, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from notifier.content.language import Language
from notifier.content.preference_form import Filled
from notifier.domain.defaults import first_selection
from notifier.domain.errors import LongSelectionError, NotifierError
from notifier.domain.events import Catalog
from notifier.domain.hours import zone
from notifier.domain.leads import MOST_LEADS, OwnLeads, parse_own_leads
from notifier.domain.outlooks import DIGESTS, NO_DIGEST
from notifier.domain.preferences import Preference, parse_address
from notifier.domain.selections import Selection, check_selection, parse_selection
from notifier.domain.texts import LanguageTag
from notifier.web.forms import FieldError, Form, chosen, only

LONGEST_ADDRESS: Final = 254
"""RFC 5321 §4.5.3.1.3, less the brackets."""

_LONGEST_SHOWN = 320
T = TypeVar("T")


class PreferenceFields:
    """One form being read: `errors` are sentences for the reader by field, in the order of the form.

    It is `too_long` where so many days are chosen one by one that not all of them can be shown again.
    """

    def __init__(self, form: Form, catalog: Catalog, language: Language, *, whole: bool) -> None:
        """`whole` says that the form had every field, so that what it lacks was left empty by somebody."""
        self._form = form
        self._catalog = catalog
        self._language = language
        self._whole = whole
        self.errors: dict[str, str] = {}
        self.too_long = False

    def address(self) -> str:
        """Return the address, or note that there is none."""
        said = self._language.say("Please write an e-mail address, such as name@example.org.")
        return self._read("email", self._address, "", said)

    def preference(self, before: Preference | None = None, hour: int = 9) -> Preference | None:
        """Return the preference, or None with the errors noted; single days keep the leads they had `before`.

        What an incomplete form lacks is as recommended: the calendar's zone, `hour`, and its first collection.
        """
        say = self._language.say
        selection = self._read("select", self._selection, None, say("Please choose at least one day or collection."))
        leads = self._read("leads", self._leads, None, say("Please choose whole days from 0 to 366."))
        digest = self._read("digest", self._digest, None, say("Please choose how often the overview comes."))
        lang = self._read("lang", self._lang, None, say("Please choose one of the languages."))
        clock = self._read(
            "hour", lambda text: self._hour(text, hour), None, say("Please choose an hour from 0 to 23.")
        )
        place = self._read("zone", self._zone, None, say("Please choose a time zone from the list."))
        if selection is None or leads is None or digest is None or lang is None or clock is None or place is None:
            return None
        by_event = leads.by_event or (() if before is None else before.leads.by_event)
        own = OwnLeads(leads.days, by_event, leads.milestones)
        return Preference(LanguageTag(lang), place, clock, own, digest, selection)

    def filled(self) -> Filled:
        """Return what was sent, for the form to be shown with it again."""
        return Filled(
            lang=self._first("lang"),
            zone=self._first("zone"),
            hour=self._first("hour"),
            leads=frozenset(self._form.get("leads", [])),
            milestones="milestones" in self._form,
            digest=self._first("digest") or NO_DIGEST,
            select=frozenset(self._form.get("select", [])),
            email=self._first("email")[:_LONGEST_SHOWN],
        )

    def _read(self, name: str, read: Callable[[str], T], otherwise: T, said: str) -> T:
        """Read a field that has one value, or several that are one; a sentence is noted where it cannot be read."""
        try:
            text = ",".join(self._form.get(name, [])) if name in {"select", "leads"} else only(self._form, name)
            return read(text)
        except LongSelectionError as error:
            self.too_long = True
            self.errors[name] = self._language.say(error.sentence)
            return otherwise
        except (NotifierError, ValueError):
            self.errors[name] = said
            return otherwise

    def _first(self, name: str) -> str:
        return next(iter(self._form.get(name, [])), "")

    @staticmethod
    def _address(text: str) -> str:
        from notifier.content.mailboxes import LocalPartError, ascii_address

        address = parse_address(text)
        if len(address) > LONGEST_ADDRESS:
            raise ValueError
        # One that needs SMTPUTF8 is kept; what becomes of it depends on the server that is to take it.
        with suppress(LocalPartError):
            ascii_address(address)
        return address

    def _selection(self, text: str) -> Selection:
        if not text.strip(" ,;") and not self._whole:
            return first_selection(self._catalog)
        selection = parse_selection(text)
        check_selection(selection, self._catalog)
        return selection

    def _leads(self, text: str) -> OwnLeads:
        leads = parse_own_leads(",".join(part for part in text.split(",") if part.strip()))
        if leads.days is not None and len(leads.days) > MOST_LEADS:
            raise ValueError
        for id_, _ in leads.by_event:
            check_selection(Selection((id_,)), self._catalog)
        return OwnLeads(leads.days, leads.by_event, leads.milestones or chosen(self._form, "milestones"))

    @staticmethod
    def _digest(text: str) -> str:
        if text and text not in DIGESTS:
            raise ValueError
        return text or NO_DIGEST

    def _lang(self, text: str) -> str:
        if text and text not in self._catalog.calendar.languages:
            raise ValueError
        return text or self._language.tag

    @staticmethod
    def _hour(text: str, otherwise: int) -> int:
        if not text:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 23):
            raise ValueError
        return int(text)

    def _zone(self, text: str) -> str:
        if text:
            zone(text)
        return text or self._catalog.calendar.zone


def read_leads(form: Form) -> tuple[int, ...] | None:
    """Return the leads ticked for one event; None where nothing is. Raises NotifierError."""
    values = [value for value in form.get("leads", []) if value.strip()]
    if not values:
        return None
    leads = parse_own_leads(",".join(values))
    if leads.by_event or leads.milestones or leads.days is None or len(leads.days) > MOST_LEADS:
        raise FieldError(field="leads", value=",".join(values)[:80])
    return leads.days
