from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update

from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.domain.errors import AddressError, NotifierError
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from notifier.storage.engine import reading, writing
from notifier.storage.tables import preferences, subscribers
from notifier.usecases.subscribe import (
    AlreadySubscribedError,
    find_subscriber,
    list_subscribers,
    unsubscribe,
)
from tests.factories import make_catalog
from tests.integration.people import at, attempt, join, planned_for, preference, tick

CATALOG = make_catalog()


def test_whoever_joins_is_kept_with_what_they_want_and_agreed_to(engine: Engine) -> None:
    person = join(engine, CATALOG, "Reader@Example.ORG")

    assert find_subscriber(engine, " reader@example.org ") == person
    assert (person.email, person.status) == ("Reader@example.org", SubscriberStatus.ACTIVE)
    assert person.preference == preference()
    assert (person.consent.wording, person.consent.source) == ("I agree", "test")
    assert person.consent.at == person.created_at == at("2027-01-10T11:00Z")
    assert len(person.key) == 16


def test_they_count_as_told_of_everything_before_their_own_local_date(engine: Engine) -> None:
    # It is the 11th already in Tokyo, and the 10th still in Berlin.
    joined = "2027-01-10T20:00Z"

    assert join(engine, CATALOG, "berlin@example.org", joined).covered_through == date(2027, 1, 9)
    assert join(engine, CATALOG, "tokyo@example.org", joined, zone="Asia/Tokyo").covered_through == date(2027, 1, 10)


def test_equal_preferences_are_one_and_different_people_have_different_keys(engine: Engine) -> None:
    people = [join(engine, CATALOG, f"{n}@example.org") for n in range(3)]

    assert [person.email for person in list_subscribers(engine)] == [person.email for person in people]
    assert len({person.key for person in people}) == 3
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(preferences)) == 1


def test_an_address_is_there_once_whatever_its_case(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org")

    with pytest.raises(AlreadySubscribedError, match=r"READER@example.org is there already, with the status active"):
        join(engine, CATALOG, "READER@example.org", hour=8)
    assert len(list(list_subscribers(engine))) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"language": LanguageTag("fr")}, '"fr" is not a language of this calendar; it has en, de'),
        ({"selection": parse_selection("black-januari")}, "did you mean black-january"),
    ],
)
def test_what_could_not_be_kept_to_is_refused(engine: Engine, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotifierError, match=sentence):
        join(engine, CATALOG, "reader@example.org", **changes)
    assert list(list_subscribers(engine)) == []


def test_something_that_is_no_address_is_refused(engine: Engine) -> None:
    with pytest.raises(AddressError):
        join(engine, CATALOG, "reader@example.org\nBcc: everybody@example.org")


def test_digests_are_kept(engine: Engine) -> None:
    assert join(engine, CATALOG, "reader@example.org", digest="monthly").preference.digest == "monthly"


def test_leaving_ends_everything_and_can_be_done_twice(engine: Engine) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    now = at("2027-01-13T08:30Z")

    assert unsubscribe(engine, person.key, now)
    assert unsubscribe(engine, person.key, at("2027-01-14T08:30Z"))
    assert not unsubscribe(engine, "nobody", now)

    left = find_subscriber(engine, person.email)
    assert left is not None
    assert (left.status, left.updated_at) == (SubscriberStatus.UNSUBSCRIBED, now)
    assert tick(engine, CATALOG, "2027-01-14T09:00+01:00").planned == 0


def test_what_was_planned_for_somebody_who_leaves_does_not_go_out(engine: Engine) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    stays = join(engine, CATALOG, "stays@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")

    unsubscribe(engine, person.key, at("2027-01-13T09:01+01:00"))

    assert [claimed.email for claimed in attempt(engine, "2027-01-13T09:02+01:00")] == [stays.email]
    [delivery] = planned_for(engine, person)
    assert (delivery.state, delivery.detail, delivery.next_at) == (DeliveryState.EXPIRED, "unsubscribed", None)
    assert tick(engine, CATALOG, "2027-01-13T20:00+01:00").superseded == 0


def test_leaving_takes_nothing_back_from_somebody_who_is_suppressed(engine: Engine) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    with writing(engine) as db:
        db.execute(update(subscribers).values(status=SubscriberStatus.SUPPRESSED))

    assert unsubscribe(engine, person.key, at("2027-01-13T08:30Z"))

    left = find_subscriber(engine, person.email)
    assert left is not None
    assert left.status is SubscriberStatus.SUPPRESSED
