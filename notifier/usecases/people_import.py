"""Bringing people in from a file: who left first, then everybody else, each line by itself."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.domain.preferences import Preference, address_key, parse_address
from notifier.storage.deliveries import drop_open
from notifier.storage.engine import reading, writing
from notifier.storage.subscribers import Consent, insert_subscriber, leave, subscriber_by_email, suppress_all
from notifier.storage.suppressions import Suppression, keep_suppression
from notifier.usecases.people_csv import LEAVING, BadRow, PersonRow, RowError
from notifier.usecases.subscribe import LEFT, SuppressedError, check_preference, day_before, keep_due
from notifier.usecases.suppress import Suppressions

_AT_ONCE = 500
IMPORTED = "imported"
"""Why an address is suppressed that a file says is."""


class ConsentInstantError(RowError):
    """When somebody agreed cannot be read."""

    sentence = '"{text}" in consent_at is not an instant; write it as 2027-01-13T09:00:00+01:00'


class AlreadyGivenError(RowError):
    """One of several lines that speak of somebody."""

    sentence = "line {line} speaks of {email} as well, and was taken instead"


@dataclass
class ImportReport:
    """What became of the lines: `left` counts those suppressed as well, `there` those that changed nothing.

    `unproven` counts those added without a word on how they agreed, `paused` those added with a pause: a file says no
    date, so it lasts until they end it on their page.
    """

    added: int = 0
    left: int = 0
    there: int = 0
    unproven: int = 0
    paused: int = 0
    bad: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True)
class PeopleImport:
    """One file on its way into one database. `source` is where consent comes from where a line does not say."""

    engine: Engine
    catalog: Catalog
    suppressions: Suppressions
    preference: Callable[[PersonRow], Preference]
    source: str
    now: datetime

    def take(self, rows: Callable[[], Iterable[PersonRow | BadRow]], step: Callable[[], object]) -> ImportReport:
        """Take every line that can be taken; doing it again changes nothing. `rows` is gone through twice."""
        report = ImportReport()
        leaving = self._leaving(rows(), report)
        for one in leaving.values():
            if one.status is SubscriberStatus.SUPPRESSED:
                self._suppress(one, report)
            else:
                with writing(self.engine) as db:
                    self._guard(report, one, self._let_go, db)
            step()
        gone = (one.cell("email") for one in leaving.values() if one.status is SubscriberStatus.UNSUBSCRIBED)
        self.suppressions.note_left(gone, self.now)
        staying = iter(self._staying(rows(), leaving))
        while batch := list(islice(staying, _AT_ONCE)):
            with writing(self.engine) as db:
                for one in batch:
                    self._guard(report, one, self._bring_in, db)
                    step()
        return report

    def rehearse(
        self,
        rows: Callable[[], Iterable[PersonRow | BadRow]],
        step: Callable[[], object],
        look: Callable[[Connection], None],
    ) -> ImportReport:
        """Take everything, look at what comes of it, and undo it; the service waits meanwhile, and nothing is sent."""
        report = ImportReport()
        with writing(self.engine) as db:
            leaving = self._leaving(rows(), report)
            for one in leaving.values():
                suppressed = one.status is SubscriberStatus.SUPPRESSED
                self._guard(report, one, self._mark_suppressed if suppressed else self._let_go, db)
                step()
            for one in self._staying(rows(), leaving):
                self._guard(report, one, self._bring_in, db)
                step()
            look(db)
            db.rollback()
        return report

    @staticmethod
    def _leaving(rows: Iterable[PersonRow | BadRow], report: ImportReport) -> dict[str, PersonRow]:
        """Return, by address, whose line says that they left, wherever it stands; note every line that is not taken.

        Of several lines on one address the one that leaves counts, and suppressed is stronger than unsubscribed.
        """
        leaving: dict[str, PersonRow] = {}
        lines: dict[str, list[int]] = {}
        for one in rows:
            try:
                if isinstance(one, PersonRow):
                    status, email = one.status, address_key(parse_address(one.cell("email")))
                    lines.setdefault(email, []).append(one.line)
                    stronger = status is SubscriberStatus.SUPPRESSED
                    if status in LEAVING and (email not in leaving or (stronger and leaving[email].status != status)):
                        leaving[email] = one
                else:
                    report.bad.append(one)
            except NotifierError as error:
                report.bad.append(BadRow(one.line, str(error)))
        for email, there in lines.items():
            taken = leaving[email].line if email in leaving else there[0]
            doubled = AlreadyGivenError(email=email, line=taken)
            report.bad += [BadRow(line, str(doubled)) for line in there if line != taken]
        return leaving

    @staticmethod
    def _staying(rows: Iterable[PersonRow | BadRow], leaving: Container[str]) -> Iterator[PersonRow]:
        """Yield the others, each address once."""
        seen: set[str] = set()
        for one in rows:
            try:
                if not isinstance(one, PersonRow) or one.status in LEAVING:
                    continue
                email = address_key(parse_address(one.cell("email")))
            except NotifierError:
                continue  # noted when those who left were looked for
            if email not in seen and email not in leaving:
                seen.add(email)
                yield one

    @staticmethod
    def _guard(
        report: ImportReport, row: PersonRow, act: Callable[[Connection, PersonRow, ImportReport], None], db: Connection
    ) -> None:
        try:
            act(db, row, report)
        except NotifierError as error:
            report.bad.append(BadRow(row.line, str(error)))

    def _suppress(self, row: PersonRow, report: ImportReport) -> None:
        """Suppress an address for good, the journal included."""
        email = parse_address(row.cell("email"))
        with reading(self.engine) as db:
            known = self.suppressions.holds(db, email)
        if not known:
            self.suppressions.suppress(email, IMPORTED, self.now)
        report.there += known
        report.left += not known

    def _mark_suppressed(self, db: Connection, row: PersonRow, report: ImportReport) -> None:
        """Suppress an address in this transaction alone, which is undone: the journal is never rewritten."""
        email = parse_address(row.cell("email"))
        new = keep_suppression(db, Suppression(self.suppressions.hash_of(email), IMPORTED, self.now))
        person = subscriber_by_email(db, email)
        if person is not None:
            suppress_all(db, [person.id], IMPORTED, self.now)
        report.there += not new
        report.left += new

    def _let_go(self, db: Connection, row: PersonRow, report: ImportReport) -> None:
        """Unsubscribe whoever the line speaks of; somebody unknown is kept as having left."""
        email = parse_address(row.cell("email"))
        person = subscriber_by_email(db, email, lock=True)
        if person is None and self.suppressions.holds(db, email):
            report.there += 1  # forgotten, or never to be written to: no row is made of that again
            return
        if person is None:
            self._keep_left(db, email, row)
        elif person.status not in LEAVING:
            drop_open(db, person.key, LEFT, self.now)
            leave(db, person.key, self.now)
        else:
            report.there += 1
            return
        report.left += 1

    def _keep_left(self, db: Connection, email: str, row: PersonRow) -> None:
        """Keep that somebody unknown left; where the line's other cells cannot be taken, with none of them."""
        try:
            with db.begin_nested():
                self._insert(db, email, row)
        except NotifierError:
            self._insert(db, email, PersonRow(row.line, {"email": email, "status": row.status.value}))

    def _bring_in(self, db: Connection, row: PersonRow, report: ImportReport) -> None:
        """Add whoever is not there yet. What somebody chose or said here is stronger than what a file says of them."""
        email = parse_address(row.cell("email"))
        if self.suppressions.holds(db, email):
            raise SuppressedError(email=email)
        if subscriber_by_email(db, email) is not None:
            report.there += 1
            return
        try:
            with db.begin_nested():
                self._insert(db, email, row)
        except IntegrityError:
            report.there += 1  # they joined by themselves just now
            return
        report.added += 1
        report.unproven += not row.cell("consent")
        report.paused += row.status is SubscriberStatus.PAUSED

    def _insert(self, db: Connection, email: str, row: PersonRow) -> None:
        """Add somebody who is told of nothing that came before."""
        preference = self.preference(row)
        check_preference(preference, self.catalog)
        insert_subscriber(
            db,
            email,
            keep_due(db, preference, self.now),
            status=row.status,
            covered_through=day_before(preference, self.now),
            consent=self._consent(row),
            at=self.now,
            tags=tuple(row.cell("tags").split()),
        )

    def _consent(self, row: PersonRow) -> Consent:
        text = row.cell("consent_at")
        try:
            at = datetime.fromisoformat(text) if text else self.now
        except ValueError as error:
            raise ConsentInstantError(text=text) from error
        if at.tzinfo is None or not 1900 < at.year < 9999:
            raise ConsentInstantError(text=text)
        return Consent(row.cell("consent"), at, row.cell("consent_source") or self.source)
