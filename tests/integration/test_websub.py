"""Telling a hub of changed feeds: which, how often, and what becomes of it when the hub is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from notifier.content.language import Languages
from notifier.domain.events import Catalog
from notifier.usecases.publish import Publication, Site, publish_feeds
from notifier.usecases.websub import AT_ONCE, Pings, WebHub
from tests.factories import LOCALES, black_january, khojaly, make_catalog, make_event, text
from tests.hub import LocalHub, running_hub

HOST = "https://days.example.net"
BEFORE = datetime(2027, 1, 12, 8, tzinfo=UTC)
ANNOUNCED = datetime(2027, 1, 12, 20, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with running_hub() as local:
        yield local


def topics(hub: LocalHub) -> list[str]:
    return [topic.removeprefix(HOST) for topic in hub.topics]


def pings_of(hub: LocalHub, engine: Engine) -> Pings:
    return Pings(WebHub(hub.url), lambda: engine)


def publish(engine: Engine, now: datetime = BEFORE, catalog: Catalog | None = None) -> Site:
    publication = Publication(LANGUAGES, ("en", "de"), HOST, years_back=1, years_ahead=3)
    return publish_feeds(engine, catalog or make_catalog(), publication, now)


def edited() -> Catalog:
    """Return the calendar with another German account."""
    account = black_january().summary[0]
    words = text(en=str(account.text.get("en")), de="Anders gesagt.")
    return make_catalog(replace(black_january(), summary=(replace(account, text=words),)), khojaly())


class TestRestarts:
    """To edit and then restart is how containers are deployed."""

    def test_what_changed_while_nothing_ran_is_told_by_the_next_start(self, engine: Engine, hub: LocalHub) -> None:
        pings_of(hub, engine).tell(publish(engine), HOST)
        changed = publish(engine, BEFORE + timedelta(minutes=1), edited())

        told = pings_of(hub, engine).tell(changed, HOST).told

        assert told == len(topics(hub))
        assert "/feeds/de/events/black-january.ics" in topics(hub)
        assert not [topic for topic in topics(hub) if "khojaly" in topic or "/en/" in topic]
        assert pings_of(hub, engine).tell(changed, HOST).told == 0

    def test_what_the_hub_did_not_take_is_told_by_the_next_start(self, engine: Engine, hub: LocalHub) -> None:
        pings_of(hub, engine).tell(publish(engine), HOST)
        hub.status = 503
        pings_of(hub, engine).tell(publish(engine, ANNOUNCED), HOST)
        hub.status = 204

        assert pings_of(hub, engine).tell(publish(engine, ANNOUNCED), HOST).told == 12

    def test_another_address_is_a_beginning(self, engine: Engine, hub: LocalHub) -> None:
        pings_of(hub, engine).tell(publish(engine), HOST)

        assert pings_of(hub, engine).tell(publish(engine, ANNOUNCED), "https://elsewhere.example.org").told == 0


def test_what_is_there_at_the_start_is_no_change(engine: Engine, hub: LocalHub) -> None:
    pings = pings_of(hub, engine)

    for _ in range(2):
        assert pings.tell(publish(engine), HOST).told == 0
    assert hub.told == []


def test_the_hub_is_told_of_every_feed_that_has_changed_and_of_no_other(engine: Engine, hub: LocalHub) -> None:
    pings = pings_of(hub, engine)
    pings.tell(publish(engine), HOST)
    changed = publish(engine, BEFORE + timedelta(minutes=1), edited())

    assert pings.tell(changed, HOST).told == len(topics(hub))
    assert [request["hub.mode"] for request in hub.told] == [["publish"]]
    names = ("all", "azerbaijan", "events/black-january")
    assert sorted(topics(hub)) == sorted(
        [
            # No account stands in tables and lists.
            *(f"/feeds/de/{name}.{shape}" for name in names for shape in ("ics", "atom", "json")),
            *(f"/feeds/de/years/{year}.ics" for year in range(2026, 2031)),
        ]
    )
    assert pings.tell(changed, HOST).told == 0


def test_the_hub_is_told_when_a_notice_is_announced(engine: Engine, hub: LocalHub) -> None:
    pings = pings_of(hub, engine)
    pings.tell(publish(engine), HOST)

    pings.tell(publish(engine, ANNOUNCED), HOST)

    names = ("all", "azerbaijan", "events/black-january")
    assert set(topics(hub)) == {
        f"/feeds/{tag}/{name}.{shape}" for tag in ("en", "de") for name in names for shape in ("atom", "json")
    }


@pytest.mark.parametrize("status", [302, 404, 503])
def test_what_a_hub_refuses_is_told_again_at_the_next_pass_and_complained_of_once(
    engine: Engine, hub: LocalHub, status: int
) -> None:
    pings = pings_of(hub, engine)
    pings.tell(publish(engine), HOST)
    changed = publish(engine, BEFORE + timedelta(minutes=1), edited())

    hub.status = status
    first, second = pings.tell(changed, HOST), pings.tell(changed, HOST)
    assert str(status) in str(first.problem)
    assert (first.told, second.told, second.problem) == (0, 0, None)

    hub.status = 204
    announced = publish(engine, ANNOUNCED, edited())
    assert pings.tell(announced, HOST).told == len(topics(hub)) == len(set(topics(hub)))
    assert {"/feeds/de/all.ics", "/feeds/en/all.atom"} <= set(topics(hub))

    hub.status = status
    assert pings.tell(publish(engine, ANNOUNCED + timedelta(minutes=1)), HOST).problem is not None


def test_a_hub_that_is_not_there_is_a_problem_and_no_fault(engine: Engine, hub: LocalHub) -> None:
    pings = Pings(WebHub("http://127.0.0.1:9/"), lambda: engine)
    pings.tell(publish(engine), HOST)

    assert "refused" in str(pings.tell(publish(engine, ANNOUNCED), HOST).problem)


def test_many_feeds_are_told_of_in_few_requests(engine: Engine, hub: LocalHub) -> None:
    many = [make_event(f"day-{number}") for number in range(40)]
    pings = pings_of(hub, engine)
    pings.tell(publish(engine, catalog=make_catalog(*many)), HOST)

    told = pings.tell(publish(engine, ANNOUNCED, make_catalog(*many)), HOST).told

    assert told == 2 * 2 * (40 + 2)
    assert [len(request["hub.url"]) for request in hub.told] == [AT_ONCE, told - AT_ONCE]


def test_what_is_gone_is_not_told_of(engine: Engine, hub: LocalHub) -> None:
    pings = Pings(WebHub("http://127.0.0.1:9/"), lambda: engine)
    pings.tell(publish(engine), HOST)
    pings.tell(publish(engine, ANNOUNCED), HOST)
    pings._hub = WebHub(hub.url)

    pings.tell(publish(engine, ANNOUNCED, make_catalog(khojaly())), HOST)

    assert "/feeds/en/events/black-january.atom" not in topics(hub)
    assert "/feeds/en/all.atom" in topics(hub)
