"""What somebody's page says of them, from what is kept."""

from __future__ import annotations

from datetime import timedelta

from notifier.content.manage_page import OwnSubscription
from notifier.domain.hours import local_date
from notifier.storage.subscribers import Subscriber
from notifier.web.deps import ServesVisitors


def own_subscription(person: Subscriber, visitors: ServesVisitors) -> OwnSubscription:
    """Return it; consent is dated in the zone that somebody chose."""
    return OwnSubscription(
        email=person.email,
        preference=person.preference,
        status=person.status,
        paused_until=person.paused_until,
        bounced_on=person.bounced_on,
        consent=person.consent.wording,
        consent_on=local_date(person.consent.at, person.preference.zone),
        told_through=person.covered_through,
        first=max(visitors.first_day(person.preference), person.covered_through + timedelta(days=1)),
    )
