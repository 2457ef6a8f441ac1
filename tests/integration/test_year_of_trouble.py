"""A year with crashes, outages, wrong clocks, holds, pauses and changed minds: what is still useful comes, and once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notifier.storage.engine import reading
from notifier.storage.subscribers import subscriber_by_email
from notifier.usecases.manage import change_preference, pause
from notifier.usecases.release import hold, release
from notifier.usecases.subscribe import add_subscriber
from tests.integration.year_service import CrashError, YearService, read
from tests.year import DAYS, ZONES, Choice, Reader, Said, a_choice, may_be_written_to, the_calendar

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = datetime(2028, 1, 15, tzinfo=UTC)


@dataclass
class Trouble:
    """What goes wrong on which of the days, from their first hour on; no two of these at a time."""

    outages: set[int] = field(default_factory=set)
    crashes: set[int] = field(default_factory=set)
    ahead: set[int] = field(default_factory=set)
    behind: set[int] = field(default_factory=set)
    all_held: set[int] = field(default_factory=set)
    event_held: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, chance: random.Random, days: int) -> Trouble:
        """Spread troubles over the time, each with some quiet days behind it."""
        trouble, day = cls(), 3
        kinds = ["outage", "crash", "ahead", "behind", "all", "event"] * (1 + days // 30)
        chance.shuffle(kinds)
        for kind in kinds:
            if day > days - 6:
                break
            match kind:
                case "outage":
                    trouble.outages |= {day, day + 1, day + 2}
                case "crash":
                    trouble.crashes |= {day, day + 1}
                case "ahead":
                    trouble.ahead.add(day)
                case "behind":
                    trouble.behind.add(day)
                case "all":
                    trouble.all_held.add(day)
                case "event":
                    event = chance.choice([kept.id for kept in DAYS])
                    trouble.event_held |= {day: event, day + 1: event}
            day += 5
        return trouble


class Trial:
    """The service and, beside it, what each reader is promised."""

    def __init__(self, folder: Path, database_url: str, chance: random.Random, people: int) -> None:
        self.chance = chance
        self.service = YearService(database_url, the_calendar(), folder)
        # Many want the same as others, and stand apart from them once something was kept back from some.
        self.choices = [a_choice(chance, ZONES[n % len(ZONES)]) for n in range(3 * len(ZONES))]
        self.readers = {f"{n}@example.org": self._join(n) for n in range(people)}
        self.wanted: dict[str, list[tuple[datetime, Choice]]] = {
            address: [(BEGIN - DAY, reader.choice)] for address, reader in self.readers.items()
        }
        self.held: str | None = None
        self.all_held = False

    def _join(self, number: int) -> Reader:
        choice = self.choices[number % len(self.choices)]
        at, catalog = BEGIN - timedelta(hours=12), self.service.catalog
        address = f"{number}@example.org"
        person = add_subscriber(self.service.engine, catalog, choice.preference, address, "I agree", "test", at)
        return Reader(choice, person.covered_through)

    # --- one hour -----------------------------------------------------------------------------------------------

    def hour(self, now: datetime, *, crashing: bool) -> None:
        """Let one pass come by, which dies after some messages where it is `crashing`."""
        service, before = self.service, len(self.service.sink.taken)
        service.sink.dies_after = self.chance.randrange(4) if crashing else None
        try:
            service.tick(now)
        except CrashError:
            service.restart()
        reached, missed = partial(self._leaves, reached=True), partial(self._leaves, reached=False)
        took = {to for to, *_ in service.sink.taken[before:]}
        died = service.sink.dies_after == 0
        for address, reader in self.readers.items():
            reader.pass_by(now, missed if died and address not in took else reached)

    def _leaves(self, said: Said, *, reached: bool) -> bool:
        """Whether a message is not kept back; a pass that died reached some and others not."""
        return reached and not self.all_held and self.held not in said.events

    # --- what operators and readers do --------------------------------------------------------------------------

    def hold(self, event: str | None, now: datetime) -> None:
        if event != self.held:
            if self.held is not None:
                release(self.service.engine, self.service.catalog, self.held, now)
            if event is not None:
                hold(self.service.engine, self.service.catalog, event, now)
            self.held = event

    def hold_all(self, now: datetime, *, wanted: bool) -> None:
        if wanted != self.all_held:
            (hold if wanted else release)(self.service.engine, self.service.catalog, "all", now)
            self.all_held = wanted

    def change_minds(self, now: datetime) -> None:
        """Let one reader want something else, and another pause."""
        address = self.chance.choice(list(self.readers))
        reader = self.readers[address]
        if reader.paused_until is None:
            # What others want already, or what nobody has wanted yet.
            choice = a_choice(self.chance) if self.chance.random() < 0.25 else self.chance.choice(self.choices)
            change_preference(self.service.engine, self.service.catalog, self._key(address), choice.preference, now)
            reader.choose(choice, now)
            self.wanted[address].append((now, choice))
        address = self.chance.choice(list(self.readers))
        reader = self.readers[address]
        until = now.astimezone(ZoneInfo(reader.choice.zone)).date() + timedelta(days=self.chance.randrange(1, 12))
        if reader.paused_until is None and pause(self.service.engine, self._key(address), until, now):
            reader.pause(until)

    def _key(self, address: str) -> str:
        with reading(self.service.engine) as db:
            person = subscriber_by_email(db, address)
        assert person is not None
        return person.key

    # --- what came ----------------------------------------------------------------------------------------------

    def came(self) -> dict[str, list[Said]]:
        found: dict[str, list[Said]] = {address: [] for address in self.readers}
        ids: set[str] = set()
        for to, message_id, sent, message in self.service.sink.taken:
            assert message_id not in ids
            ids.add(message_id)
            choice = [choice for since, choice in self.wanted[to] if since <= sent][-1]
            assert may_be_written_to(choice, sent) is not None, (to, sent)
            found[to].append(read(message, sent, choice.zone))
        return found


def run(trial: Trial, days: int) -> int:
    """Let that many days pass, with their troubles; return how many messages came, each where it was promised."""
    trouble = Trouble.of(trial.chance, days)
    for hour in range(24 * days):
        day, real = hour // 24, BEGIN + hour * HOUR
        if day in trouble.outages:
            continue
        off = 2 * HOUR if day in trouble.ahead else -2 * HOUR if day in trouble.behind else 0 * HOUR
        trial.hold_all(real, wanted=day in trouble.all_held and 5 <= hour % 24 < 17)
        trial.hold(trouble.event_held.get(day), real)
        if hour % 7 == 0 and off == 0 * HOUR and day not in trouble.crashes:
            trial.change_minds(real)
        trial.hour(real + off, crashing=day in trouble.crashes and hour % 5 != 0)
    trial.service.close()
    came = trial.came()
    for address, reader in trial.readers.items():
        assert came[address] == reader.got, (address, reader.choice)
    assert all(left >= 0 for messages in came.values() for said in messages for _, left in said.full | said.ahead)
    return sum(map(len, came.values()))


@pytest.mark.timeout(900)
def test_through_crashes_outages_wrong_clocks_holds_and_changes_what_is_useful_comes_once(
    tmp_path: Path, database_url: str
) -> None:
    """Answers listmonk#1783, #3022 and #1801, healthchecks#212 and #1068, monicahq/monica#145."""
    days = 366 if database_url.startswith("sqlite") else 40
    trial = Trial(tmp_path, database_url, random.Random(2028), people=500)  # noqa: S311  # the same troubles each time

    assert run(trial, days) > 20 * days
