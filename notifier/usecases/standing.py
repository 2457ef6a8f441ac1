"""What somebody counts as told of when they begin, come back, or want something else from now on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from notifier.domain.preferences import Preference
from notifier.storage.service_messages import told_since, withdraw_untried
from notifier.storage.subscribers import Subscriber
from notifier.usecases.subscribe import day_before, local_day


def covered_anew(db: Connection, person: Subscriber, preference: Preference, now: datetime) -> date:
    """Return what whoever is written to again counts as told of: everything before today, so that no past comes."""
    return max(covered_from_now(db, person, preference, now), day_before(preference, now))


def covered_from_now(db: Connection, person: Subscriber, preference: Preference, now: datetime) -> date:
    """Return what whoever wants `preference` from now on counts as told of; what waits untried is taken back.

    Nothing they were to hear of is lost: neither what lies between the date they had been told of and today, nor
    today itself, as long as no message of today or of a later date (in another zone) was made for them. Nothing comes
    twice: where there is one, they keep their date.
    """
    before = withdraw_untried(db, person.id)
    covered = person.covered_through if before is None else min(before, person.covered_through)
    if told_since(db, person.id, local_day(preference, now)):
        return covered
    return min(covered, day_before(preference, now))
