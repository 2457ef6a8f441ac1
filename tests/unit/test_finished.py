from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notifier.web.finished import Finished


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    finished: Finished[str] = Finished(100)
    for name in ("a", "b"):
        finished.keep(name, name.upper(), 50)
    assert finished.get("a") == "A"

    finished.keep("c", "C", 50)

    assert [finished.get(name) for name in ("a", "b", "c")] == ["A", None, "C"]


def test_what_is_larger_than_everything_is_not_kept() -> None:
    finished: Finished[str] = Finished(100)
    finished.keep("a", "A", 101)

    assert finished.get("a") is None
    assert finished.bytes == 0


def test_a_later_answer_takes_the_place_of_the_one_before() -> None:
    finished: Finished[str] = Finished(100)
    finished.keep("a", "old", 80)
    finished.keep("a", "new", 60)

    assert (finished.get("a"), finished.bytes) == ("new", 60)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 120))))
def test_it_never_holds_more_than_it_may(asked: list[tuple[int, int]]) -> None:
    finished: Finished[int] = Finished(100)
    for key, size in asked:
        if finished.get(key) is None:
            finished.keep(key, size, size)
        kept = [found for name in range(21) if (found := finished.get(name)) is not None]
        assert sum(kept) == finished.bytes <= 100
