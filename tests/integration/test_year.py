"""A whole year, hour by hour: every reader gets exactly what is promised, within their hours, and nothing twice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.usecases.subscribe import add_subscriber
from tests.integration.year_service import YearService, read
from tests.year import ZONES, Choice, Reader, Said, a_choice, may_be_written_to, the_calendar

HOUR = timedelta(hours=1)
BEGIN = datetime(2027, 7, 1, tzinfo=UTC)
END = datetime(2028, 7, 1, tzinfo=UTC)


def some_choices(number: int, chance: random.Random) -> list[Choice]:
    """Return what readers want, in every zone and language."""
    return [a_choice(chance, ZONES[n % len(ZONES)]) for n in range(number)]


def join(service: YearService, address: str, choice: Choice) -> Reader:
    """Let a reader join half a day before the year begins, who so hears of that date where they are."""
    at, catalog = BEGIN - timedelta(hours=12), service.catalog
    person = add_subscriber(service.engine, catalog, choice.preference, address, "I agree", "test", at)
    return Reader(choice, person.covered_through)


def came(service: YearService, choices: Mapping[str, Choice]) -> dict[str, list[Said]]:
    """Return what came to each address, in order: each message once, within the hours of whoever got it."""
    ids = [message_id for _, message_id, _, _ in service.sink.taken]
    assert len(set(ids)) == len(ids)
    found: dict[str, list[Said]] = {address: [] for address in choices}
    for to, _, sent, message in service.sink.taken:
        assert may_be_written_to(choices[to], sent) is not None, (to, sent)
        found[to].append(read(message, sent, choices[to].zone))
    return found


def live_through_a_year(folder: Path, database_url: str, people: int, kinds: int) -> int:
    """Let so many readers, who want so many different things, live through the year; return how many messages came.

    Each of them got what is promised, neither more nor less.
    """
    chance = random.Random(people)  # noqa: S311  # the same readers each time
    service = YearService(database_url, the_calendar(), folder)
    choices = some_choices(kinds, chance)
    of = {f"{number}@example.org": choices[number % len(choices)] for number in range(people)}
    # Who wants the same is promised the same.
    promised = {choice: join(service, address, choice) for address, choice in of.items()}

    now = BEGIN
    while now < END:
        service.tick(now)
        for reader in promised.values():
            reader.pass_by(now)
        now += HOUR

    service.close()
    messages = came(service, of)
    for address, choice in of.items():
        assert messages[address] == promised[choice].got, (address, choice)
    return sum(map(len, messages.values()))


@pytest.mark.timeout(600)
def test_in_a_year_500_readers_get_exactly_what_they_were_promised(tmp_path: Path) -> None:
    """Answers monicahq/monica#145, #171, #389 and #2024, listmonk#1783 and #3022."""
    database = f"sqlite:///{tmp_path}/var/notifier.db"

    assert live_through_a_year(tmp_path, database, people=500, kinds=3 * len(ZONES)) > 10_000
