"""Why somebody did or did not get a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, update

from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.domain.events import Catalog, Kind, Milestones, ProgrammeItem, Release, YearNotes
from notifier.domain.leads import parse_own_leads
from notifier.storage.engine import reading, writing
from notifier.storage.holds import cancel_anniversary, hold_event, hold_everything
from notifier.storage.tables import subscribers
from notifier.usecases.explain import Explaining, explain
from tests.factories import black_january, make_catalog, text
from tests.integration.people import SEND_UNTIL, at, attempt, join, tick

CATALOG = make_catalog()
THE_DAY = date(2027, 1, 13)


def said(
    engine: Engine,
    now: str = "2027-01-13T12:00+01:00",
    on: date | None = THE_DAY,
    *,
    catalog: Catalog = CATALOG,
    email: str = "reader@example.org",
    suppressed: bool = False,
) -> list[str]:
    with reading(engine) as db:
        return explain(db, Explaining(catalog, email, on, at(now), SEND_UNTIL), lambda _db, _email: suppressed)


def test_a_message_that_was_sent_is_said_with_its_lead_and_its_edition(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T09:01+01:00")

    found = said(engine)

    assert "They have been told of everything through 2027-01-13." in found
    assert (
        "On 2027-01-13 messages to them may leave from 2027-01-13 09:00 to 2027-01-13 20:00 (08:00Z to 19:00Z)."
        in found
    )
    assert "black-january of 2027 falls on 2027-01-20, 7 days before: announced by a lead of 7, their own." in found
    [planned] = [line for line in found if line.startswith("A message")]
    assert planned.endswith("It is sent, tried once: as tested.")


@pytest.mark.parametrize(
    ("wanted", "on", "reason"),
    [
        ({"leads": None}, 13, "7 days before: announced by a lead of 7, the calendar's."),
        ({"leads": parse_own_leads("3;black-january:7")}, 13, "announced by a lead of 7, their own for this event."),
        (
            {"leads": parse_own_leads("none;milestones")},
            13,
            "announced by a lead of 7, the calendar's for round anniversaries.",
        ),
        (
            {"leads": (0,)},
            19,
            "announced because it begins at 2027-01-20T00:30+01:00, before their hour on the day itself.",
        ),
        ({"leads": (0,)}, 20, "on the day itself: announced by a lead of 0, their own."),
    ],
)
def test_each_announcement_has_its_reason(engine: Engine, wanted: dict[str, Any], on: int, reason: str) -> None:
    # Half past midnight in Berlin.
    item = ProgrammeItem(datetime(2027, 1, 20, 3, 30), None, text(en="A minute of silence"), None)  # noqa: DTZ001  # wall time
    event = replace(black_january(), leads=None, years={2027: YearNotes(None, (item,))})
    catalog = make_catalog(event, milestones=Milestones((37,), (7,)))
    join(engine, catalog, "reader@example.org", **wanted)

    assert any(line.endswith(reason) for line in said(engine, on=date(2027, 1, on), catalog=catalog))


def test_a_date_of_a_digest_says_so(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org", digest="weekly:mon", leads=())

    found = said(engine, on=date(2027, 1, 11))

    assert "It is a date of their digest, which looks ahead to 1 day beside the notices." in found


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (SubscriberStatus.PENDING, "they have not confirmed their address"),
        (SubscriberStatus.UNSUBSCRIBED, "they have unsubscribed"),
        (SubscriberStatus.SUSPENDED, "messages to them came back"),
        (SubscriberStatus.PAUSED, "they have paused"),
    ],
)
def test_who_is_not_written_to_is_told_why(engine: Engine, status: SubscriberStatus, why: str) -> None:
    join(engine, CATALOG, "reader@example.org")
    with writing(engine) as db:
        db.execute(update(subscribers).values(status=status, reason="for a test"))

    found = said(engine)

    assert found[0].startswith(f"reader@example.org is {status} (for a test), and is there since ")
    assert f"No message of notices was planned for 2027-01-13: {why}." in found


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ("2027-01-13T08:59+01:00", "their hour has not come yet"),
        ("2027-01-13T09:00+01:00", "the planner has not passed since their hour came"),
        (
            "2027-01-13T20:00+01:00",
            "the planner did not pass while messages could leave; what is still to come joins their next message",
        ),
    ],
)
def test_what_was_not_planned_is_explained_by_the_hour(engine: Engine, now: str, why: str) -> None:
    join(engine, CATALOG, "reader@example.org")

    assert said(engine, now)[-1] == f"No message of notices was planned for 2027-01-13: {why}."


def test_before_somebody_joined_they_were_not_there(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org", "2027-01-14T09:00+01:00")

    assert said(engine)[-1] == "No message of notices was planned for 2027-01-13: they were not there yet."


def test_what_waits_for_an_operator_is_told_with_the_word_that_lets_it_go(engine: Engine) -> None:
    catalog = make_catalog(release={Kind.MOURNING: Release.BY_HAND})
    join(engine, catalog, "reader@example.org")
    tick(engine, catalog, "2027-01-13T09:00+01:00")
    with writing(engine) as db:
        hold_everything(db, "held by the operator", at("2027-01-13T10:00+01:00"))
        hold_event(db, "khojaly", at("2027-01-13T10:00+01:00"))
        cancel_anniversary(db, "black-january", 2028, at("2027-01-13T10:00+01:00"))

    found = said(engine, catalog=catalog)

    assert any("It waits because its edition is draft: notifier release " in line for line in found)
    assert "Nothing leaves at present: held by the operator. To let it go on: notifier release all" in found
    assert "The event khojaly is held." in found
    assert "The anniversary of 2028 of black-january was cancelled." in found


def test_what_became_of_a_message_is_told_with_its_detail(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org")
    tick(engine, CATALOG, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T09:01+01:00", DeliveryState.DEFERRED, again="2027-01-13T09:31+01:00")

    found = said(engine)

    assert any("It is deferred, tried once: as tested." in line for line in found)
    assert "It can be sent from 2027-01-13 08:31Z until 2027-01-13 19:00Z." in found


def test_an_address_never_to_be_written_to_is_said_to_be_whoever_it_is(engine: Engine) -> None:
    assert said(engine, email="gone@example.org", suppressed=True) == [
        "Nobody is there with the address gone@example.org.",
        "The address is on the list of those that are never written to.",
    ]


def test_without_a_date_it_is_the_readers_own_today(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org", zone="Pacific/Auckland")

    assert said(engine, "2027-01-12T12:00Z", None)[3].startswith("On 2027-01-13 ")
