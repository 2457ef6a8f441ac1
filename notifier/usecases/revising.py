"""The present entries of all feeds, each with its revision: what is unchanged is taken as it was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notifier.content.fingerprints import Fingerprints
from notifier.content.language import Languages
from notifier.content.vevent import render_vevents
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
        self.changed: list[StoredEntry] = []

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
            if key[1] == tag and key not in self._present and kept.first in years and _is_whole_anniversary(kept)
        )
        return [entry for kept in gone if (entry := self._cancelled(kept)) is not None]

    def _cancelled(self, kept: StoredEntry) -> StoredEntry | None:
        if kept.cancelled_at is None:
            revision = raised(kept.revision, kept.revision.digest, self._now)
            moment = self._now.astimezone(UTC).replace(microsecond=0)
            kept = replace(kept, revision=revision, cancelled_at=moment)
            self.changed.append(kept)
            return kept
        return kept if self._now < kept.cancelled_at + CANCELLED_FOR else None

    def _of_event(self, event: Event, occurrences: Sequence[Occurrence], tag: str) -> Iterator[StoredEntry]:
        changed = []
        language_digest = self._languages.digest(tag)
        for occurrence in occurrences:
            uid = uid_of(event, occurrence.year, self._catalog.calendar.id)
            self._present.add((uid, tag))
            kept = self._kept.get((uid, tag))
            fingerprint = self._fingerprints.of(occurrence, language_digest)
            if kept is not None and kept.fingerprint == fingerprint and kept.cancelled_at is None:
                yield kept
            else:
                changed.append((occurrence, uid, fingerprint))
        if changed:
            contents = render_vevents(event, [o for o, _, _ in changed], self._catalog, self._languages[tag])
            for (occurrence, uid, fingerprint), content in zip(changed, contents, strict=True):
                revision = self._revision(uid, tag, hashlib.sha256(content).hexdigest())
                self.changed.append(_stored(occurrence, revision, fingerprint, content))
                yield self.changed[-1]

    def _revision(self, uid: str, tag: str, digest: str) -> Revision:
        kept = self._kept.get((uid, tag))
        if kept is None:
            return first_revision(uid, tag, digest, self._catalog.calendar.published)
        change = revised if kept.cancelled_at is None else raised
        return change(kept.revision, digest, self._now)


def _is_whole_anniversary(entry: StoredEntry) -> bool:
    """Whether this is an anniversary's own entry rather than one that goes with it, which has a suffix in its UID."""
    return entry.revision.uid.rpartition("@")[0].endswith(f".{entry.year}")


def _stored(occurrence: Occurrence, revision: Revision, fingerprint: str, content: bytes) -> StoredEntry:
    event = occurrence.event
    return StoredEntry(
        revision, fingerprint, content, event.id, occurrence.year, occurrence.first, occurrence.last, event.collections
    )
