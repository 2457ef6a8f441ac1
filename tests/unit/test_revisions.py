from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.revisions import first_revision, revised, uid_of
from notifier.domain.windows import feed_years, turned_at
from tests.factories import black_january, make_event

PUBLISHED = date(2026, 12, 1)
NOW = datetime(2027, 1, 13, 5, 0, 0, 250_000, tzinfo=UTC)


def test_an_entrys_identity_is_event_year_and_calendar() -> None:
    assert uid_of(black_january(), 2027, "remembrance.example.org") == "black-january.2027@remembrance.example.org"
    assert uid_of(black_january(), 2027, "c.example.org", ".ahead-7") == "black-january.2027.ahead-7@c.example.org"


def test_a_renamed_event_keeps_its_identity() -> None:
    renamed = make_event("january-1990", was=("black-january", "baku-1990"))

    assert uid_of(renamed, 2027, "c.example.org") == "black-january.2027@c.example.org"


def test_what_never_changed_carries_the_day_the_calendar_was_published() -> None:
    revision = first_revision("u", "en", "a", PUBLISHED)

    assert (revision.sequence, revision.created, revision.revised) == (0, *[datetime(2026, 12, 1, tzinfo=UTC)] * 2)


def test_equal_content_is_no_revision() -> None:
    revision = first_revision("u", "en", "a", PUBLISHED)

    assert revised(revision, "a", NOW) is revision


def test_taking_a_change_back_is_a_change() -> None:
    first = first_revision("u", "en", "a", PUBLISHED)
    second = revised(first, "b", NOW)
    third = revised(second, "a", NOW)

    assert [r.sequence for r in (first, second, third)] == [0, 1, 2]
    assert second.revised == NOW.replace(microsecond=0)
    assert third.revised == second.revised + timedelta(seconds=1)
    assert third.created == first.created


@given(st.lists(st.tuples(st.sampled_from("abc"), st.datetimes(timezones=st.just(UTC))), max_size=20))
def test_revisions_only_move_forward_whatever_the_clock_says(changes: list[tuple[str, datetime]]) -> None:
    revision = first_revision("u", "en", "a", PUBLISHED)
    for digest, now in changes:
        if now.year > 9000:
            continue
        following = revised(revision, digest, now)
        if following is not revision:
            assert following.sequence == revision.sequence + 1
            assert following.revised > revision.revised
        revision = following


def test_the_published_years_turn_at_new_year_in_the_calendars_zone() -> None:
    # 20:00 UTC is midnight in Baku.
    before, after = datetime(2026, 12, 31, 19, 59, tzinfo=UTC), datetime(2026, 12, 31, 20, 0, tzinfo=UTC)

    assert (feed_years(before, "Asia/Baku", 1, 3).first, feed_years(before, "Asia/Baku", 1, 3).last) == (2025, 2029)
    assert (feed_years(after, "Asia/Baku", 1, 3).first, feed_years(after, "Asia/Baku", 1, 3).last) == (2026, 2030)
    assert turned_at(feed_years(after, "Asia/Baku", 1, 3), "Asia/Baku") == after
    assert date(2026, 1, 1) in feed_years(after, "Asia/Baku", 1, 3)
    assert date(2031, 1, 1) not in feed_years(after, "Asia/Baku", 1, 3)
