"""An operator's word: held, released, cancelled, before the planner and after it, in the middle of a run."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from notifier.domain.deliveries import DeliveryState, EditionState
from notifier.domain.events import EventId, Release
from notifier.storage.claims import claim_batch, put_back, release_claims, still_wanted
from notifier.storage.engine import reading, writing
from notifier.storage.holds import held_because, unfinished
from notifier.usecases.release import CancelEverythingError, NothingOfThatNameError, cancel, hold, release
from tests.factories import black_january, khojaly, make_catalog, make_event
from tests.integration.people import at, editions_for, join, planned_for, tick

NINE = "2027-01-13T09:00+01:00"
CATALOG = make_catalog()


def states(engine: Engine) -> list[EditionState]:
    with reading(engine) as db:
        return [one.state for one in unfinished(db)]


def test_an_edition_is_held_and_released_by_its_key(engine: Engine) -> None:
    person = join(engine, CATALOG, "a@example.org")
    tick(engine, CATALOG, NINE)
    key = editions_for(engine, person)[0].key

    held = hold(engine, CATALOG, key, at(NINE))
    assert [(one.key, one.state, one.left, one.waiting) for one in held.editions] == [(key, EditionState.HELD, 0, 1)]
    assert not hold(engine, CATALOG, key, at(NINE)).changed

    assert release(engine, CATALOG, key, at(NINE)).changed
    assert states(engine) == [EditionState.RELEASED]


def test_an_event_that_is_held_before_it_is_planned_is_planned_and_waits(engine: Engine) -> None:
    join(engine, CATALOG, "a@example.org")
    assert hold(engine, CATALOG, "black-january", at("2027-01-12T12:00Z")).changed

    tick(engine, CATALOG, NINE)
    assert states(engine) == [EditionState.HELD]

    assert release(engine, CATALOG, "black-january", at(NINE)).changed
    assert states(engine) == [EditionState.RELEASED]


def test_an_edition_waits_for_every_event_in_it(engine: Engine) -> None:
    both = make_catalog(black_january(), make_event("second", rule=black_january().rule))
    join(engine, both, "a@example.org")
    tick(engine, both, NINE)
    hold(engine, both, "black-january", at(NINE))
    hold(engine, both, "second", at(NINE))

    release(engine, both, "second", at(NINE))
    assert states(engine) == [EditionState.HELD]

    release(engine, both, "black-january", at(NINE))
    assert states(engine) == [EditionState.RELEASED]


def test_a_cancelled_anniversary_is_announced_no_more_and_the_next_one_is(engine: Engine) -> None:
    person = join(engine, CATALOG, "a@example.org")
    tick(engine, CATALOG, NINE)

    cancelled = cancel(engine, CATALOG, "black-january", at(NINE))
    assert [one.state for one in cancelled.editions] == [EditionState.CANCELLED]
    for day in ("2027-01-14", "2027-01-19", "2027-01-20"):
        tick(engine, CATALOG, f"{day}T09:00+01:00")
    assert [delivery.state for delivery in planned_for(engine, person)] == [DeliveryState.EXPIRED]
    assert planned_for(engine, person)[0].detail == "cancelled by the operator"

    tick(engine, CATALOG, "2028-01-13T09:00+01:00")
    assert "2028" in str(editions_for(engine, person)[-1].of.notices)


def test_what_else_stood_in_the_message_is_planned_anew_on_the_same_day(engine: Engine) -> None:
    both = make_catalog(black_january(), make_event("second", rule=black_january().rule))
    person = join(engine, both, "a@example.org")
    tick(engine, both, NINE)

    cancel(engine, both, "black-january", at(NINE))
    tick(engine, both, "2027-01-13T09:01+01:00")

    (edition,) = editions_for(engine, person)
    assert [notice.event for notice in edition.of.notices] == ["second"]
    assert states(engine) == [EditionState.RELEASED]


def test_a_renamed_event_stays_held(engine: Engine) -> None:
    join(engine, CATALOG, "a@example.org")
    hold(engine, CATALOG, "khojaly", at("2027-01-12T12:00Z"))
    renamed = make_catalog(black_january(), replace(khojaly(), id=EventId("khojaly-1992"), was=(EventId("khojaly"),)))

    tick(engine, renamed, "2027-02-19T09:00+01:00")

    assert EditionState.HELD in states(engine)
    assert release(engine, renamed, "khojaly-1992", at("2027-02-19T09:00+01:00")).changed


def test_everything_can_be_held_and_released_and_not_cancelled(engine: Engine) -> None:
    hold(engine, CATALOG, "all", at(NINE))
    with reading(engine) as db:
        assert held_because(db) == "held by the operator"

    assert release(engine, CATALOG, "all", at(NINE)).changed
    assert not release(engine, CATALOG, "all", at(NINE)).changed
    with pytest.raises(CancelEverythingError):
        cancel(engine, CATALOG, "all", at(NINE))


@pytest.mark.parametrize("what", ["nobody", "", "aaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_name_that_nothing_has_is_one_sentence(engine: Engine, what: str) -> None:
    for decide in (hold, release, cancel):
        with pytest.raises(NothingOfThatNameError):
            decide(engine, CATALOG, what, at(NINE))


def test_what_a_sender_held_of_a_shared_message_is_made_anew_without_the_cancelled_day(engine: Engine) -> None:
    both = make_catalog(black_january(), make_event("second", rule=black_january().rule))
    person = join(engine, both, "a@example.org")
    tick(engine, both, NINE)
    sender = uuid4()
    with writing(engine) as db:
        (claimed,) = claim_batch(db, 10, sender, at(NINE), at("2027-01-13T09:30+01:00"))

    cancel(engine, both, "black-january", at(NINE))
    with writing(engine) as db:
        assert not still_wanted(db, sender, [claimed.id], at(NINE))
        release_claims(db, sender)
    tick(engine, both, "2027-01-13T09:01+01:00")

    (edition,) = editions_for(engine, person)
    assert [notice.event for notice in edition.of.notices] == ["second"]
    assert edition.state is EditionState.RELEASED


def test_what_was_dropped_while_a_sender_held_it_stays_dropped(engine: Engine) -> None:
    person = join(engine, CATALOG, "a@example.org")
    tick(engine, CATALOG, NINE)
    sender = uuid4()
    with writing(engine) as db:
        (claimed,) = claim_batch(db, 10, sender, at(NINE), at("2027-01-13T09:30+01:00"))

    cancel(engine, CATALOG, "black-january", at(NINE))
    with writing(engine) as db:
        put_back(db, sender, {claimed.id: at(NINE)})

    (delivery,) = planned_for(engine, person)
    assert (delivery.state, delivery.next_at) == (DeliveryState.EXPIRED, None)


def test_a_word_on_another_event_releases_nothing_that_waits_to_be_read(engine: Engine) -> None:
    both = make_catalog(black_january(), make_event("second", rule=black_january().rule, release=Release.BY_HAND))
    join(engine, both, "a@example.org")
    tick(engine, both, NINE)
    hold(engine, both, "black-january", at(NINE))

    assert release(engine, both, "black-january", at(NINE)).changed
    assert states(engine) == [EditionState.DRAFT]
    assert not release(engine, both, "black-january", at(NINE)).changed
    assert states(engine) == [EditionState.DRAFT]

    assert release(engine, both, "second", at(NINE)).changed
    assert states(engine) == [EditionState.RELEASED]
