"""The present entries of all feeds, each with its revision: what is unchanged is taken as it was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from notifier.content.fingerprints import Fingerprints
from notifier.content.language import Languages
from notifier.content.vevent import render_vevents
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence
from notifier.domain.revisions import Revision, first_revision, revised, uid_of
from notifier.storage.revisions import StoredEntry

EntryKey = tuple[str, str]
"""UID and language."""


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
        self.changed: list[StoredEntry] = []

    def entries(self, tag: str, occurrences: Iterable[Occurrence]) -> list[StoredEntry]:
        """Return the entries of these anniversaries in one language, in no order."""
        by_event: dict[str, list[Occurrence]] = {}
        for occurrence in occurrences:
            by_event.setdefault(occurrence.event.id, []).append(occurrence)
        return [entry for own in by_event.values() for entry in self._of_event(own[0].event, own, tag)]

    def _of_event(self, event: Event, occurrences: Sequence[Occurrence], tag: str) -> Iterator[StoredEntry]:
        changed = []
        language_digest = self._languages.digest(tag)
        for occurrence in occurrences:
            uid = uid_of(event, occurrence.year, self._catalog.calendar.id)
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
        return revised(kept.revision, digest, self._now)


def _stored(occurrence: Occurrence, revision: Revision, fingerprint: str, content: bytes) -> StoredEntry:
    event = occurrence.event
    return StoredEntry(
        revision, fingerprint, content, event.id, occurrence.year, occurrence.first, occurrence.last, event.collections
    )
