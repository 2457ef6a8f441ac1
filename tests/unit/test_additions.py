"""What selections add to entries: kept by choice, and bounded."""

from __future__ import annotations

from notifier.content.additions import Additions
from notifier.domain.windows import FeedYears

HOST = "https://days.example.net"
CHOICE = ("en", 7)


def additions(most_bytes: int = 10_000) -> Additions:
    return Additions(FeedYears(2026, 2030, 2027), HOST, most_bytes)


def test_what_was_made_is_found_by_its_choice_and_its_uid() -> None:
    kept = additions()

    assert kept.keep(kept.of(CHOICE), "khojaly.2027@days", "made", 4) == "made"

    assert kept.of(CHOICE) == {"khojaly.2027@days": "made"}
    assert kept.of(("en", 8)) == {}


def test_all_is_forgotten_when_it_is_too_much() -> None:
    kept = additions(most_bytes=10_000)

    for year in range(2000, 2004):
        kept.keep(kept.of(CHOICE), f"khojaly.{year}@days", "made", 3_000)

    assert kept.of(CHOICE) == {}


def test_choices_count_too_though_nothing_is_made_for_them() -> None:
    kept = additions(most_bytes=10_000)

    first = kept.of(0)
    for lead in range(1, 20):
        kept.of(lead)

    assert kept.of(0) is not first


def test_who_makes_a_feed_while_all_is_forgotten_goes_on_with_what_they_have() -> None:
    kept = additions(most_bytes=1_000)
    mine = kept.of(CHOICE)

    for year in range(2000, 2004):
        kept.keep(mine, f"khojaly.{year}@days", "made", 1_000)

    assert len(mine) == 4
    assert kept.of(CHOICE) is not mine
