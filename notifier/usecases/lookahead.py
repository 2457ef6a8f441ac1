"""What waits for an operator tomorrow: the editions that are released by hand, told of a day ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from notifier.content.comparison import changes
from notifier.content.editions import EditionText
from notifier.content.language import Language
from notifier.domain.deliveries import EditionKey, EditionState
from notifier.domain.events import Catalog, Release
from notifier.storage.editions import EditionContent, edition, edition_before, keep_content, keep_editions
from notifier.storage.engine import reading, writing
from notifier.storage.sending import note_told, was_told
from notifier.usecases.announcements import notices_of
from notifier.usecases.simulate import ForetoldEdition, Period, foretell_editions

_LOOKED = "looked ahead"
_AN_HOUR = timedelta(hours=1)
_MEND_FIRST = "Where they are wrong, mend the calendar first: the new ones are sent to you within the hour."
_FIRST_ZONE = timedelta(hours=14)
"""How far ahead of UTC the place is where every date begins first."""


@dataclass(frozen=True, slots=True)
class OperatorLetter:
    """What an operator is to read: of which edition, and what that says. Once released, it leaves so."""

    edition: int
    content: EditionContent
    subject: str
    text: str


@dataclass(frozen=True)
class Ahead:
    """Looks a day ahead: with what editions are rendered, and in whose words."""

    engine: Engine
    catalog: Catalog
    render: Callable[[EditionKey], EditionText | None]
    languages: Callable[[str], Language]
    send_until: int

    def look(self, now: datetime, tell: Callable[[OperatorLetter], bool]) -> int:
        """Keep tomorrow's editions that are released by hand as drafts, and tell of each once; return of how many.

        It looks at most once an hour. `tell` says whether the letter was taken; where it was not, it is told the
        next time.
        """
        if not self._any_by_hand():
            return 0
        with writing(self.engine) as db:
            if was_told(db, _LOOKED, _AN_HOUR, now):
                return 0
            note_told(db, _LOOKED, now)
        number = 0
        for letter in self.letters(now):
            with reading(self.engine) as db:
                known = edition(db, letter.edition).content == letter.content
            if not known and tell(letter):
                self._keep(letter)
                number += 1
        return number

    def _keep(self, letter: OperatorLetter) -> None:
        """Keep the text that was told: it is what leaves, unless it was released as something else meanwhile."""
        with writing(self.engine) as db:
            if edition(db, letter.edition).state is EditionState.DRAFT:
                keep_content(db, letter.edition, letter.content)

    def letters(self, now: datetime) -> list[OperatorLetter]:
        """Return a letter for each draft of the date that begins next anywhere, and keep the drafts."""
        return [letter for draft in self._drafts(now) if (letter := self._letter(draft)) is not None]

    def _any_by_hand(self) -> bool:
        release_of = self.catalog.calendar.release_of
        return any(release_of(event) is Release.BY_HAND for event in self.catalog.events)

    def _drafts(self, now: datetime) -> list[tuple[ForetoldEdition, int, str]]:
        """Return the drafts with their ids and public keys, made now where they are not there."""
        tomorrow = (now.astimezone(UTC) + _FIRST_ZONE).date() + timedelta(days=1)
        with reading(self.engine) as db:
            coming = foretell_editions(db, self.catalog, Period(tomorrow, tomorrow, now, self.send_until))
        drafts = [one for one in coming if one.state is EditionState.DRAFT]
        if not drafts:
            return []
        with writing(self.engine) as db:
            ids = keep_editions(db, [one.of for one in drafts], now, lambda _: EditionState.DRAFT)
            return [(one, ids[one.of], edition(db, ids[one.of]).key) for one in drafts]

    def _letter(self, draft: tuple[ForetoldEdition, int, str]) -> OperatorLetter | None:
        coming, id_, key = draft
        text = self.render(coming.of)
        if text is None:
            return None
        subject = f"To be released by hand: {text.subject} ({text.language}, {coming.of.day})"
        parts = [
            f"A message waits for your word. Nobody gets it until you say: notifier release {key}",
            f"Edition {key}, in {text.language}, for {_people(coming.people)}. It would leave at each reader's hour on "
            f"{coming.of.day}; what is not released by the end of that date joins the next day's message, which waits "
            "as well. To drop it: notifier cancel " + key,
            f"Released, it leaves in these words. {_MEND_FIRST}",
            self._since_last_year(coming.of, text),
            f"Subject: {text.subject}",
            text.text,
        ]
        # Another text is told of again: nobody releases what they have not read.
        return OperatorLetter(id_, EditionContent(text.subject, text.text, text.html), subject, "\n\n".join(parts))

    def _since_last_year(self, key: EditionKey, text: EditionText) -> str:
        with reading(self.engine) as db:
            before = edition_before(db, key)
        if before is None or before.content is None:
            return "There was no such message last year: this is the first time."
        was = before.of
        earlier = {n.occurrence.event.id: n for n in notices_of(self.catalog, was.notices, was.day)}
        later = {n.occurrence.event.id: n for n in notices_of(self.catalog, key.notices, key.day)}
        pairs = [(earlier[event], later[event]) for event in sorted(earlier.keys() & later.keys())]
        lines = changes(before.content.text, text.text, pairs, self.languages(key.language))
        last = f"Since the message of {was.day} (edition {before.key})"
        return "\n".join([f"{last} this has changed:", *lines]) if lines else f"{last} nothing but dates has changed."


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
