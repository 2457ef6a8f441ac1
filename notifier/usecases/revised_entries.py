"""The entries of all feeds, each with its revision: what is unchanged is taken as it was kept.

What was taken out is cancelled for 30 days. Then, and when its year is not published any more, nothing is kept of it
but its revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notifier.content.fingerprints import Fingerprints
from notifier.content.language import Languages
from notifier.content.programme import TimedItem, in_order, read, timed_items, written
from notifier.content.vevent import render_vevents
from notifier.domain.digests import digest_of
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence
from notifier.domain.revisions import Revision, first_revision, raised, revised, uid_of
from notifier.domain.windows import FeedYears
from notifier.storage.revisions import StoredEntry

EntryKey = tuple[str, str]
"""UID and language."""

CANCELLED_FOR = timedelta(days=30)
"""How long an entry that was taken out is published as cancelled."""


class Revising:
    """One catalog against what was kept of earlier ones, at one instant.

    `changed` gathers the entries that have to be kept anew: rendered again, whether or not that gave other bytes.
    `outdated` gathers the instants (UTC) at which something cancelled is over.
    """

    def __init__(
        self, catalog: Catalog, languages: Languages, kept: Mapping[EntryKey, StoredEntry], now: datetime
    ) -> None:
        self._catalog = catalog
        self._languages = languages
        self._kept = kept
        self._now = now
        self._fingerprints = Fingerprints(catalog)
        self._present: set[EntryKey] = set()
        self._cancelled: set[EntryKey] = set()
        self.changed: list[StoredEntry] = []
        self.outdated: list[datetime] = []

    def entries(self, tag: str, occurrences: Iterable[Occurrence]) -> list[StoredEntry]:
        """Return the entries of these anniversaries in one language, in no order."""
        by_event: dict[str, list[Occurrence]] = {}
        for occurrence in occurrences:
            by_event.setdefault(occurrence.event.id, []).append(occurrence)
        return [entry for own in by_event.values() for entry in self._of_event(own[0].event, own, tag)]

    def cancelled(self, tag: str, years: FeedYears) -> list[StoredEntry]:
        """Return the entries that were taken out of these years less than 30 days ago; `entries` is called first.

        What only left the years at New Year is not taken out.
        """
        gone = (
            kept
            for key, kept in self._kept.items()
            if key[1] == tag
            and key not in self._present
            and not kept.is_empty
            and kept.first in years
            and _is_whole_anniversary(kept)
        )
        return [entry for kept in gone if (entry := self._cancelling(kept)) is not None]

    def forget(self, served: Collection[str]) -> None:
        """Have nothing kept but their revisions of entries that are not published any more, in whatever language.

        `entries` and `cancelled` are called first, for each language that is served. What was cancelled in another
        one keeps its time too: settings may name that again.
        """
        for key, kept in self._kept.items():
            if kept.is_empty or key in self._present or key in self._cancelled:
                continue
            if key[1] in served or not self._lasts(kept.cancelled_at):
                self.changed.append(kept.emptied())

    def _cancelling(self, kept: StoredEntry) -> StoredEntry | None:
        if kept.cancelled_at is None:
            revision = raised(kept.revision, kept.revision.digest, self._now)
            kept = replace(kept, revision=revision, cancelled_at=self._second())
            self.changed.append(kept)
        if not self._lasts(kept.cancelled_at):
            return None
        self._cancelled.add((kept.revision.uid, kept.revision.language))
        return kept

    def _lasts(self, cancelled_at: datetime | None) -> bool:
        """Whether what was cancelled then still is; if so, note down until when."""
        if cancelled_at is None or self._now >= cancelled_at + CANCELLED_FOR:
            return False
        self.outdated.append(cancelled_at + CANCELLED_FOR)
        return True

    def _second(self) -> datetime:
        return self._now.astimezone(UTC).replace(microsecond=0)

    def _of_event(self, event: Event, occurrences: Sequence[Occurrence], tag: str) -> Iterator[StoredEntry]:
        changed = []
        language_digest = self._languages.digest(tag)
        for occurrence in occurrences:
            uid = uid_of(event, occurrence.year, self._catalog.calendar.id)
            self._present.add((uid, tag))
            kept = self._kept.get((uid, tag))
            fingerprint = self._fingerprints.of(occurrence, language_digest)
            if kept is not None and kept.fingerprint == fingerprint and kept.cancelled_at is None:
                yield kept if kept.timed is None else self._without_past(kept, read(kept.timed))
            else:
                changed.append((occurrence, uid, fingerprint))
        if changed:
            contents = render_vevents(event, [o for o, _, _ in changed], self._catalog, self._languages[tag])
            for (occurrence, uid, fingerprint), content in zip(changed, contents, strict=True):
                items = timed_items(occurrence, self._catalog, self._languages[tag])
                revision = self._revision(uid, tag, _digest(content, items))
                programme = _kept_form([*items, *self._called_off(self._kept.get((uid, tag)), items)])
                self.changed.append(_stored(occurrence, revision, fingerprint, content, programme))
                yield self.changed[-1]

    def _without_past(self, kept: StoredEntry, programme: Sequence[TimedItem]) -> StoredEntry:
        """Return the entry without the items of its programme that were cancelled long enough."""
        lasting = [item for item in programme if item.called_off is None or self._lasts(item.called_off)]
        if len(lasting) == len(programme):
            return kept
        self.changed.append(replace(kept, timed=_kept_form(lasting)))
        return self.changed[-1]

    def _called_off(self, kept: StoredEntry | None, present: Iterable[TimedItem]) -> Iterator[TimedItem]:
        """Yield the items of the programme that is kept which are not in the present one, for as long as they last."""
        if kept is None or kept.timed is None:
            return
        suffixes = {item.suffix for item in present}
        for item in read(kept.timed):
            since = item.called_off or kept.cancelled_at or self._second()
            if item.suffix not in suffixes and self._lasts(since):
                yield replace(item, called_off=since)

    def _revision(self, uid: str, tag: str, digest: str) -> Revision:
        kept = self._kept.get((uid, tag))
        if kept is None:
            return first_revision(uid, tag, digest, self._catalog.calendar.published)
        change = revised if kept.cancelled_at is None else raised
        return change(kept.revision, digest, self._now)


def _is_whole_anniversary(entry: StoredEntry) -> bool:
    """Whether this is an anniversary's own entry rather than one that goes with it, which has a suffix in its UID."""
    return entry.revision.uid.rpartition("@")[0].endswith(f".{entry.year}")


def _digest(content: bytes, items: Sequence[TimedItem]) -> str:
    """Return SHA-256 of an anniversary and its programme, whose entries are revised together, in hexadecimal."""
    return digest_of([content, written(items)]) if items else hashlib.sha256(content).hexdigest()


def _kept_form(programme: Sequence[TimedItem]) -> bytes | None:
    return written(in_order(programme)) if programme else None


def _stored(
    occurrence: Occurrence, revision: Revision, fingerprint: str, content: bytes, timed: bytes | None
) -> StoredEntry:
    event = occurrence.event
    return StoredEntry(
        revision=revision,
        fingerprint=fingerprint,
        content=content,
        event_id=event.id,
        year=occurrence.year,
        first=occurrence.first,
        last=occurrence.last,
        collections=event.collections,
        ordinal=occurrence.ordinal,
        timed=timed,
    )
