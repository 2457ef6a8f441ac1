"""How long planning takes for a million people, against writing as many rows into the same table and indexes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta

import psutil
from sqlalchemy import Connection, Engine, delete, literal, select, update

from benchmarks.databases import opened, populate, postgresql, sqlite, stand_together
from notifier.domain.deliveries import DeliveryKind, DeliveryState, EditionKey
from notifier.domain.hours import zone
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.domain.selections import EVERYTHING
from notifier.domain.texts import LanguageTag
from notifier.storage.editions import keep_editions
from notifier.storage.engine import writing
from notifier.storage.tables import deliveries, insert_into, preferences, subscribers
from notifier.usecases.plan import plan
from tests.factories import make_catalog

PEOPLE, FEW, PREFERENCES = 1_000_000, 10_000, 1_000
NINE = datetime.fromisoformat("2027-01-13T09:00+01:00")
YESTERDAY = NINE - timedelta(days=1)
CATALOG = make_catalog()


def report() -> None:
    """Print the ratio on both databases, and how much more memory a million take than ten thousand."""
    # PostgreSQL takes minutes over a million rows either way.
    for name, database, runs in (("SQLite", sqlite, 3), ("PostgreSQL", postgresql, 1)):
        with database() as address, opened(address) as engine:
            _compare(name, engine, runs)
    few, many = (_megabytes(people) for people in (FEW, PEOPLE))
    print(f"  memory, SQLite: {FEW:,} people {few:.0f} MB, {PEOPLE:,} people {many:.0f} MB (goal: at most 50 more)")


def _compare(name: str, engine: Engine, runs: int) -> None:
    populate(engine, wishes(), PEOPLE, YESTERDAY.date(), YESTERDAY)
    ours, bare = [], []
    for _ in range(runs):
        ours.append(_seconds_of_plan(engine))
        _start_over(engine)
        bare.append(_seconds_of_insert(engine))
        _start_over(engine)
    mine, least = statistics.median(ours), statistics.median(bare)
    print(f"planning {PEOPLE:,} people in {PREFERENCES:,} preferences on {name}: {mine:.1f} s")
    print(f"  INSERT … SELECT of as many rows: {least:.1f} s, ratio {least / mine:.2f} (goal 0.5)")


def wishes() -> list[Preference]:
    """Return as many preferences as are wanted, all of whose hours have come at nine in Berlin."""
    zones = [f"Etc/GMT{hours:+d}" for hours in range(-12, 1)] + ["Europe/Berlin", "Europe/Paris", "Europe/Rome"]
    zones = [name for name in zones if NINE.astimezone(zone(name)).hour >= 9]
    found = [
        Preference(LanguageTag(tag), name, hour, OwnLeads((7, *extra)), "none", EVERYTHING)
        for extra in ((), (0,), (1,), (2,), (3,), (4,), (5,), (6,), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0))
        for tag in ("en", "de")
        for name in zones
        for hour in range(9)
        if NINE.astimezone(zone(name)).hour < 20
    ]
    assert len(found) >= PREFERENCES
    return found[:PREFERENCES]


def _seconds_of_plan(engine: Engine) -> float:
    began = time.perf_counter()
    planned = plan(engine, CATALOG, NINE, 20).planned
    took = time.perf_counter() - began
    assert planned == PEOPLE, planned
    return took


def _seconds_of_insert(engine: Engine) -> float:
    """Write what planning writes, and work nothing out."""
    with writing(engine) as db:
        [edition_id] = keep_editions(db, [EditionKey("en", NINE.date())], NINE).values()
    began = time.perf_counter()
    with writing(engine) as db:
        written = _insert(db, edition_id)
    took = time.perf_counter() - began
    assert written == PEOPLE, written
    return took


def _insert(db: Connection, edition_id: int) -> int:
    columns = {
        "subscriber_id": subscribers.c.id,
        "edition_id": literal(edition_id),
        "kind": literal(DeliveryKind.NOTICE, deliveries.c.kind.type),
        "day": literal(NINE.date()),
        "state": literal(DeliveryState.DUE, deliveries.c.state.type),
        "covered_before": literal(YESTERDAY.date()),
        "closes_at": literal(NINE + timedelta(hours=11), deliveries.c.closes_at.type),
        "next_at": literal(NINE, deliveries.c.next_at.type),
        "attempts": literal(0),
        "detail": literal(""),
        "updated_at": literal(NINE, deliveries.c.updated_at.type),
    }
    people = select(*columns.values()).order_by(subscribers.c.id)
    statement = insert_into(db, deliveries).from_select(list(columns), people)
    return db.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def _start_over(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(delete(deliveries))
        db.execute(update(preferences).values(next_at=YESTERDAY))
    stand_together(engine, YESTERDAY.date())


def _megabytes(people: int) -> float:
    """Return the most that a process of its own holds while it plans for so many, in megabytes."""
    with sqlite() as address:
        with opened(address) as engine:
            populate(engine, wishes(), people, YESTERDAY.date(), YESTERDAY)
        most = 0
        with subprocess.Popen([sys.executable, "-m", "benchmarks.planning", address]) as planning:
            while planning.poll() is None:
                most = max(most, psutil.Process(planning.pid).memory_info().rss)
                time.sleep(0.02)
        assert planning.returncode == 0
    return most / 1e6


if __name__ == "__main__":
    with opened(sys.argv[1]) as planned_in:
        plan(planned_in, CATALOG, NINE, 20)
