"""Long trials of a whole year; `make soak` runs them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.integration.test_year import BEGIN, END, HOUR, came, join, some_choices
from tests.integration.test_year_of_trouble import Trial, run
from tests.integration.year_service import YearService
from tests.year import the_calendar

PEOPLE, KINDS = 10_000, 2_000


@pytest.mark.timeout(4 * 3600)
def test_in_a_year_10000_readers_get_exactly_what_they_were_promised(tmp_path: Path) -> None:
    chance = random.Random(10_000)  # noqa: S311  # the same readers each time
    service = YearService(f"sqlite:///{tmp_path}/var/notifier.db", the_calendar(), tmp_path)
    choices = some_choices(KINDS, chance)
    of = {f"{number}@example.org": choices[number % KINDS] for number in range(PEOPLE)}
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
    print(f"{sum(map(len, messages.values()))} messages")  # noqa: T201  # the figure of the trial


@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("seed", range(6))
def test_whatever_goes_wrong_in_a_year_what_is_useful_comes_once(tmp_path: Path, seed: int) -> None:
    trial = Trial(tmp_path, f"sqlite:///{tmp_path}/var/notifier.db", random.Random(seed), people=200)  # noqa: S311
    assert run(trial, 366) > 1000
