"""What an operator is told a day ahead of messages that are released by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from notifier.content.comparison import changes
from notifier.content.editions import EditionText, render_edition
from notifier.content.language import Languages
from notifier.content.mail_text import unwrapped, wrapped
from notifier.content.templates import Templates
from notifier.domain.deliveries import EditionKey, EditionState
from notifier.domain.events import Catalog, Kind, Release, Statement
from notifier.storage.editions import EditionContent, edition, keep_content, key_of
from notifier.storage.engine import reading, writing
from notifier.storage.holds import set_state
from notifier.storage.tables import editions
from notifier.usecases.announcements import notices_of
from notifier.usecases.lookahead import Ahead, OperatorLetter
from notifier.usecases.release import hold, release
from tests.factories import EURONEWS_PAGE, LOCALES, TEMPLATES, black_january, khojaly, make_catalog, text
from tests.integration.people import SEND_UNTIL, at, attempt, editions_for, join, tick

LANGUAGES = Languages(LOCALES)
TEMPLATES_THERE = Templates(TEMPLATES)
BY_HAND = make_catalog(release={Kind.MOURNING: Release.BY_HAND})
DAY_AHEAD = "2027-01-12T00:00+01:00"


def ahead(engine: Engine, catalog: Catalog = BY_HAND) -> Ahead:
    def render(key: EditionKey) -> EditionText:
        return render_edition(
            notices_of(catalog, key.notices, key.day),
            key.day,
            outlook=notices_of(catalog, key.outlook, key.day),
            catalog=catalog,
            language=LANGUAGES[key.language],
            templates=TEMPLATES_THERE,
            base_url="https://notices.example.org",
            sender="Museum",
            postal_address=None,
            refused_for=lambda _: (),
        )

    return Ahead(engine, catalog, render, LANGUAGES.__getitem__, SEND_UNTIL)


def told(engine: Engine, now: str, catalog: Catalog = BY_HAND) -> list[OperatorLetter]:
    letters: list[OperatorLetter] = []

    def take(letter: OperatorLetter) -> bool:
        letters.append(letter)
        return True

    assert ahead(engine, catalog).look(at(now), take) == len(letters)
    return letters


def states(engine: Engine) -> list[str]:
    with reading(engine) as db:
        return [str(state) for state in db.scalars(select(editions.c.state).order_by(editions.c.id))]


def test_a_day_ahead_the_operator_reads_the_text_for_how_many_and_that_it_is_the_first(engine: Engine) -> None:
    for n in range(3):
        join(engine, BY_HAND, f"{n}@example.org")

    [letter] = told(engine, DAY_AHEAD)

    assert letter.subject == ("To be released by hand: Schwarzer Januar: 37. Jahrestag, in 7 Tagen (de, 2027-01-13)")
    assert "for 3 people" in letter.text
    assert "There was no such message last year: this is the first time." in letter.text
    assert "Einheiten der sowjetischen Armee rückten in Baku ein." in letter.text
    with reading(engine) as db:
        key = db.scalar(select(editions.c.key))
    assert f"notifier release {key}" in letter.text
    assert states(engine) == ["draft"]


def test_it_is_told_once_and_looked_for_at_most_once_an_hour(engine: Engine) -> None:
    join(engine, BY_HAND, "reader@example.org")
    assert told(engine, "2027-01-11T09:00Z") == []  # the 13th is two days ahead everywhere

    assert told(engine, "2027-01-11T09:59Z") == []
    assert len(told(engine, "2027-01-11T10:00Z")) == 1
    for hours in range(1, 30):
        now = datetime.fromisoformat("2027-01-11T10:00Z") + timedelta(hours=hours)
        assert told(engine, now.isoformat()) == []


def test_a_letter_that_could_not_be_sent_is_told_again(engine: Engine) -> None:
    join(engine, BY_HAND, "reader@example.org")

    assert ahead(engine).look(at(DAY_AHEAD), lambda _: False) == 0
    assert len(told(engine, "2027-01-12T01:00+01:00")) == 1


def test_another_text_is_told_of_again_so_that_nobody_releases_what_they_have_not_read(engine: Engine) -> None:
    join(engine, BY_HAND, "reader@example.org")
    assert len(told(engine, "2027-01-12T00:00+01:00")) == 1
    account = Statement(text(de="Ein anderer Bericht.", en="Another account."), None, ())
    other = make_catalog(replace(black_january(), summary=(account,)), release={Kind.MOURNING: Release.BY_HAND})

    [letter] = told(engine, "2027-01-12T02:00+01:00", other)

    assert "Ein anderer Bericht." in letter.text
    assert told(engine, "2027-01-12T04:00+01:00", other) == []


def test_what_was_read_is_what_leaves_whatever_the_calendar_says_since(engine: Engine) -> None:
    person = join(engine, BY_HAND, "reader@example.org")
    [letter] = told(engine, DAY_AHEAD)
    with writing(engine) as db:
        set_state(db, [letter.edition], EditionState.RELEASED, {EditionState.DRAFT})
    account = Statement(text(de="Ein anderer Bericht.", en="Another account."), None, ())
    other = make_catalog(replace(black_january(), summary=(account,)), release={Kind.MOURNING: Release.BY_HAND})

    assert told(engine, "2027-01-12T02:00+01:00", other) == []
    tick(engine, other, "2027-01-13T09:00+01:00")

    [one] = editions_for(engine, person)
    assert (one.id, one.content) == (letter.edition, letter.content)
    assert "Einheiten der sowjetischen Armee" in letter.text
    assert "in 7 Tagen" in letter.content.subject


def test_a_text_that_was_told_of_again_is_the_one_that_leaves(engine: Engine) -> None:
    person = join(engine, BY_HAND, "reader@example.org")
    account = Statement(text(de="Ein anderer Bericht.", en="Another account."), None, ())
    other = make_catalog(replace(black_january(), summary=(account,)), release={Kind.MOURNING: Release.BY_HAND})
    [first] = told(engine, "2027-01-12T00:00+01:00")
    [second] = told(engine, "2027-01-12T02:00+01:00", other)
    # Taken back: that is another text again, for who read the second one last.
    [third] = told(engine, "2027-01-12T04:00+01:00")

    tick(engine, BY_HAND, "2027-01-13T09:00+01:00")

    assert first.content == third.content != second.content
    assert [one.content for one in editions_for(engine, person)] == [third.content]


@pytest.mark.parametrize("what", ["black-january", "edition"])
def test_what_was_held_before_anything_left_is_made_anew_when_it_is_released(engine: Engine, what: str) -> None:
    join(engine, BY_HAND, "reader@example.org")
    [letter] = told(engine, DAY_AHEAD)
    with reading(engine) as db:
        key = edition(db, letter.edition).key
    named = key if what == "edition" else what
    now = at("2027-01-12T03:00+01:00")

    hold(engine, BY_HAND, named, now)
    release(engine, BY_HAND, named, now)

    with reading(engine) as db:
        one = edition(db, letter.edition)
    assert (one.state, one.content) == (EditionState.RELEASED, None)


def test_a_draft_that_nobody_released_is_no_message_of_last_year(engine: Engine) -> None:
    join(engine, BY_HAND, "early@example.org", "2026-01-01T12:00+01:00")
    assert len(told(engine, "2026-01-12T00:00+01:00")) == 1

    [letter] = told(engine, DAY_AHEAD)

    assert "There was no such message last year: this is the first time." in letter.text


def test_readers_everywhere_are_counted_in_one_letter_a_language(engine: Engine) -> None:
    for n, zone in enumerate(("Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles")):
        join(engine, BY_HAND, f"{n}@example.org", zone=zone)
    join(engine, BY_HAND, "english@example.org", language="en")

    letters = told(engine, "2027-01-11T10:00Z")

    assert [("for 3 people" in letter.text, "for 1 person" in letter.text) for letter in letters] == [
        (True, False),
        (False, True),
    ]


def test_what_was_released_ahead_leaves_at_its_hour(engine: Engine) -> None:
    person = join(engine, BY_HAND, "reader@example.org")
    told(engine, DAY_AHEAD)
    with writing(engine) as db:
        [id_] = db.scalars(select(editions.c.id))
        set_state(db, [id_], EditionState.RELEASED, {EditionState.DRAFT})

    tick(engine, BY_HAND, "2027-01-13T09:00+01:00")

    assert [one.id for one in editions_for(engine, person)] == [id_]
    assert len(attempt(engine, "2027-01-13T09:01+01:00")) == 1


def test_where_nothing_is_released_by_hand_nothing_is_looked_for(engine: Engine) -> None:
    join(engine, BY_HAND, "reader@example.org")

    assert told(engine, DAY_AHEAD, make_catalog()) == []
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(editions)) == 0


def last_year(engine: Engine, catalog: Catalog) -> None:
    """Let last year's message have gone out, in the words of a calendar."""
    join(engine, catalog, "early@example.org", "2026-01-01T12:00+01:00")
    tick(engine, catalog, "2026-01-13T09:00+01:00")
    tick(engine, catalog, "2026-12-31T09:00+01:00")
    with writing(engine) as db:
        row = db.execute(select(editions).where(editions.c.day == at("2026-01-13T09:00+01:00").date())).one()
        content = ahead(engine, catalog).render(key_of(row))
        assert content is not None
        keep_content(db, row.id, EditionContent(content.subject, content.text, content.html))
        set_state(db, [row.id], EditionState.RELEASED, {EditionState.DRAFT})


def test_what_only_the_year_changes_is_no_change(engine: Engine) -> None:
    last_year(engine, BY_HAND)

    [letter] = told(engine, DAY_AHEAD)

    assert "Since the message of 2026-01-13 (edition " in letter.text
    assert "nothing but dates has changed." in letter.text


def test_what_has_changed_since_last_year_is_shown_line_by_line(engine: Engine) -> None:
    last_year(engine, BY_HAND)
    more = Statement(text(en="A new alley.", de="Eine neue Allee wurde angelegt."), None, (EURONEWS_PAGE,))
    event = replace(black_january(), remembered=(more,))

    [letter] = told(engine, DAY_AHEAD, replace(BY_HAND, events=(event, khojaly())))

    changed = letter.text.partition("this has changed:\n")[2].partition("\n\nSubject:")[0].splitlines()
    assert "+- Eine neue Allee wurde angelegt. [1]" in [line.replace("\u00a0", " ") for line in changed]
    assert not [line for line in changed if line.startswith(("-", "+")) and "2026" in line]


@pytest.mark.parametrize("length", [40, 76, 77, 78, 79, 200])
def test_it_does_not_matter_where_a_text_was_wrapped(length: int) -> None:
    words = ("word " * length)[:length].strip()
    lines = ["A heading", "=========", "", words, "more of it", "", f"- {words}", "- another", f"[1] {words}",
             "Read: https://example.org/x", "Unsubscribe: https://example.org/y", "Then more"]  # fmt: skip

    found = unwrapped(wrapped("\n".join(lines)))

    assert found == unwrapped("\n".join(lines))
    assert found[3:] == [
        f"{words} more of it", "", f"- {words}", "- another", f"[1] {words} Read: https://example.org/x",
        "Unsubscribe: https://example.org/y", "Then more",
    ]  # fmt: skip


def test_equal_texts_have_no_changes() -> None:
    assert changes("One\nTwo\n", "One\nTwo\n", [], LANGUAGES["en"]) == []
    assert changes("One\n\nTwo\n", "One\n\nThree\n", [], LANGUAGES["en"]) == [
        "--- last year", "+++ this year", " ", "-Two", "+Three",
    ]  # fmt: skip
