"""What will go out, what would, and why something did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from notifier.content.editions import TOKEN_PLACE
from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.domain.hours import instant_of
from notifier.domain.windows import feed_years
from notifier.settings import SettingsError
from notifier.storage.engine import reading
from notifier.usecases.announcements import notices_of
from notifier.usecases.upcoming import PageAddresses, occurrence_fields

if TYPE_CHECKING:
    from notifier.content.editions import EditionText
    from notifier.domain.deliveries import EditionKey, NoticeKey
    from notifier.domain.notices import Notice
    from notifier.services.base import Base
    from notifier.services.mail import Mail
    from notifier.services.people import People
    from notifier.usecases.clashes import Clashes
    from notifier.usecases.publish import Site
    from notifier.usecases.simulate import Foretold

Form = Literal["text", "html", "eml", "ics"]

_READER = "reader@example.org"
"""Whom a previewed message is for: nobody."""


class UnpublishedYearError(NotifierError):
    """An anniversary outside the years whose entries are published."""

    sentence = "{event} of {year} has no calendar entry on {on}: its year is not among the published ones"


class Foretelling:
    """Looks ahead in the calendar and among people; nothing here sends or changes anything but drafts."""

    def __init__(self, base: Base, mail: Mail, people: People, publish: Callable[[datetime], Site]) -> None:
        """Take what publishes all feeds as they are at an instant, and keeps nothing."""
        self._base = base
        self._mail = mail
        self._people = people
        self._publish = publish

    # --- a period -----------------------------------------------------------------------------------------------

    def simulate(self, first: date, last: date) -> Foretold:
        """Return every edition and feed change from `first` through `last`. Raises PeriodError."""
        from notifier.usecases.simulate import Period, simulate

        period = Period(first, last, self._base.now(), self._base.settings.send_until)
        with reading(self._base.engine) as db:
            return simulate(db, self._base.catalog, period)

    def subject(self, key: EditionKey) -> str:
        """Return an edition's subject."""
        text = self._mail.press().render(key)
        return "" if text is None else text.subject

    def clashes(self) -> Clashes:
        """Return what tells of holidays and weekends of the countries set, and of days that fall together.

        Raises SettingsError.
        """
        from notifier.usecases.clashes import Clashes

        try:
            return Clashes(self._base.catalog, self._base.settings.holiday_countries)
        except NotifierError as error:
            raise SettingsError(variable="NOTIFIER_HOLIDAY_COUNTRIES", remedy=str(error)) from error

    def clash_lines(self, key: EditionKey, clashes: Clashes) -> list[str]:
        """Return a line for each anniversary that an edition announces and that falls on something else too."""
        language = self._base.languages[key.language]
        found = [notice.occurrence for notice in notices_of(self._base.catalog, key.notices, key.day)]
        told = [(one, clashes.phrases(one, language)) for one in found]
        return [f"{one.first}, {one.event.id}: {'; '.join(phrases)}" for one, phrases in told if phrases]

    def fields(self, foretold: Foretold, *, clashes: bool = False) -> dict[str, Any]:
        """Return what is foretold, for machines; with `clashes`, what else falls on these days."""
        beside = self.clashes() if clashes else None
        return {
            "editions": [
                {
                    "date": one.of.day,
                    "language": one.of.language,
                    "state": str(one.state),
                    "key": one.key,
                    "people": one.people,
                    "notices": self._occurrences(one.of, one.of.notices, beside),
                    "outlook": self._occurrences(one.of, one.of.outlook, beside),
                }
                for one in foretold.editions
            ],
            "feeds": [
                *({"date": day, "change": "turned", "feeds": ["*"]} for day in foretold.turns),
                *(
                    {
                        "date": one.notice.on,
                        "change": "announced",
                        "event": one.notice.occurrence.event.id,
                        "year": one.notice.occurrence.year,
                        "days": one.notice.days,
                        "feeds": list(one.feeds),
                    }
                    for one in foretold.announcements
                ),
            ],
        }

    def _occurrences(
        self, key: EditionKey, keys: tuple[NoticeKey, ...], beside: Clashes | None
    ) -> list[dict[str, Any]]:
        base, language = self._base, self._base.languages[key.language]
        found = [notice.occurrence for notice in notices_of(base.catalog, keys, key.day)]
        pages = self._pages(key.day)
        return [
            asdict(occurrence_fields(one, key.day, base.catalog, language, pages))
            | ({} if beside is None else {"clashes": beside.fields(one, language)})
            for one in found
        ]

    def _pages(self, day: date) -> PageAddresses:
        settings, calendar_zone = self._base.settings, self._base.catalog.calendar.zone
        years = feed_years(self._noon(day), calendar_zone, settings.feed_years_back, settings.feed_years_ahead)
        return PageAddresses(self._base.base_url, years)

    def _noon(self, day: date) -> datetime:
        return instant_of(day, 12, self._base.catalog.calendar.zone)

    # --- a person -----------------------------------------------------------------------------------------------

    def explain(self, email: str, on: date | None) -> list[str]:
        """Say why somebody did or did not get a message on a date, or today."""
        from notifier.usecases.explain import Explaining, explain

        base = self._base
        asked = Explaining(base.catalog, email, on, base.now(), base.settings.send_until)
        with reading(base.engine) as db:
            return explain(db, asked, self._people.suppressions.holds)

    # --- a message ----------------------------------------------------------------------------------------------

    def preview(self, event: str, on: date, lang: str, form: Form) -> bytes:
        """Return exactly what would go out on a date about an event's next anniversary.

        Raises UnknownEventError, NeverAgainError and UnpublishedYearError.
        """
        from notifier.usecases.preview import edition_about

        tag = self._base.language(lang).tag
        key, notice = edition_about(self._base.catalog, event, on, tag)
        if form == "ics":
            return self._entry(notice, on, tag)
        text = self._mail.press().render(key)
        if text is None:  # it was found in the calendar a moment ago
            raise ValueError(key)
        return self._message(text, key) if form == "eml" else (text.text if form == "text" else text.html).encode()

    def _message(self, text: EditionText, key: EditionKey) -> bytes:
        template = self._mail.press().encode(text, key)
        message_id = f"<preview.{key.digest[:26]}@{self._base.catalog.calendar.id}>"
        return template.personal(_READER, message_id, {TOKEN_PLACE: TOKEN_PLACE}, self._noon(key.day))

    def _entry(self, notice: Notice, on: date, tag: str) -> bytes:
        event, year = notice.occurrence.event.id, notice.occurrence.year
        feed = self._publish(self._noon(on)).feed(addresses.occurrence_feed(tag, event, year))
        if feed is None:
            raise UnpublishedYearError(event=event, year=year, on=on)
        return feed.identity

    # --- an operator --------------------------------------------------------------------------------------------

    def look_ahead(self, now: datetime) -> int:
        """Tell the operator of tomorrow's messages that are released by hand, each once; return of how many."""
        from notifier.usecases.lookahead import Ahead

        base, press = self._base, self._mail.press()
        ahead = Ahead(base.engine, base.catalog, press.render, base.languages.__getitem__, base.settings.send_until)
        return ahead.look(now, lambda letter: self._mail.tell_operator(letter.subject, letter.text, now))
