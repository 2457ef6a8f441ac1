"""A correction goes to exactly those who got the message, once, within their hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from notifier.domain.deliveries import DeliveryState, EditionState
from notifier.services import Services, open_services
from notifier.settings import Settings
from notifier.storage.claims import ClaimedDelivery, claim_batch
from notifier.storage.deliveries import deliveries_of
from notifier.storage.editions import EditionContent, edition_by_key, keep_content
from notifier.storage.engine import reading, writing
from notifier.storage.outcomes import Ended, record_outcomes
from notifier.usecases.correct import CorrectedAlreadyError, EmptyCorrectionError, NobodyGotItError, NoEditionError
from notifier.usecases.plan import plan
from notifier.usecases.release import CorrectedEditionError
from notifier.usecases.released import released_edition
from tests.integration.people import at, editions_for

NINE = "2027-01-13T09:00+01:00"
WORDS = "The first message named a wrong date.\n\nThe day is 20 January."


@dataclass
class Clock:
    shows: datetime

    def __call__(self) -> datetime:
        return self.shows


@pytest.fixture
def clock() -> Clock:
    return Clock(at(NINE))


@pytest.fixture
def services(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Services]:
    monkeypatch.chdir(tmp_path)
    settings = Settings.model_validate({"database_url": database_url, "mail_url": f"maildir:{tmp_path}/outbox"})
    with open_services(settings, clock) as services:
        yield services


def join(
    services: Services,
    email: str,
    lang: str = "en",
    joined: str = "2027-01-10T12:00+01:00",
    zone: str = "Europe/Berlin",
) -> None:
    preference = services.people.preference(lang, zone, 9, "7,0", "none", "black-january")
    services.people.add(email, preference, "I agree", at(joined))


def outbox(folder: Path) -> list[EmailMessage]:
    return [message_from_bytes(path.read_bytes(), policy=default) for path in (folder / "outbox/new").iterdir()]


def told(folder: Path, subject: str) -> list[str]:
    return sorted(message["To"] for message in outbox(folder) if message["Subject"].startswith(subject))


def key_of(services: Services, email: str) -> str:
    return editions_for(services.engine, services.people.of(email))[0].key


def test_those_who_got_it_get_the_correction_and_nobody_else(services: Services, tmp_path: Path) -> None:
    for email in ("a@example.org", "b@example.org", "left@example.org"):
        join(services, email)
    join(services, "german@example.org", "de")
    services.tick(at(NINE))
    services.people.unsubscribe(services.people.of("left@example.org").key)
    join(services, "later@example.org", joined="2027-01-14T12:00+01:00")

    done = services.operating.correct(key_of(services, "a@example.org"), WORDS, at(NINE))
    services.tick(at("2027-01-13T09:01+01:00"))
    services.tick(at("2027-01-13T09:02+01:00"))

    assert done.people == 2
    assert told(tmp_path, "Correction: ") == ["a@example.org", "b@example.org"]


def test_it_says_what_it_corrects_and_can_be_left_like_any_other(services: Services, tmp_path: Path) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    key = key_of(services, "a@example.org")
    services.operating.correct(key, WORDS, at(NINE))
    services.tick(at("2027-01-13T09:01+01:00"))

    (message,) = [one for one in outbox(tmp_path) if one["Subject"].startswith("Correction: ")]
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "It was sent on 13 January 2027 with the subject: Black January: " in " ".join(text.split())
    assert "The first message named a wrong date.\n\nThe day is 20 January." in text
    assert f"/editions/{key}" in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = released_edition(services.engine, key)
    assert page is not None
    assert "The day is 20 January." in page.corrections[0]


def test_it_waits_for_the_readers_hours(services: Services, tmp_path: Path, clock: Clock) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    night = clock.shows = at("2027-01-13T23:00+01:00")

    services.operating.correct(key_of(services, "a@example.org"), WORDS, night)
    services.tick(night)
    assert told(tmp_path, "Correction: ") == []

    clock.shows = at("2027-01-14T09:00+01:00")
    services.tick(clock.shows)
    assert told(tmp_path, "Correction: ") == ["a@example.org"]


def test_the_notice_of_the_same_day_still_comes(services: Services, tmp_path: Path, clock: Clock) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    clock.shows = at("2027-01-20T08:00+01:00")
    services.operating.correct(key_of(services, "a@example.org"), WORDS, clock.shows)
    clock.shows = at("2027-01-20T09:00+01:00")
    services.tick(clock.shows)

    assert len(outbox(tmp_path)) == 3


def test_one_correction_an_edition_and_that_one_can_be_corrected(services: Services, tmp_path: Path) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    key = key_of(services, "a@example.org")
    first = services.operating.correct(key, WORDS, at(NINE))
    services.tick(at("2027-01-13T09:01+01:00"))

    with pytest.raises(CorrectedAlreadyError, match=first.key):
        services.operating.correct(key, "Something else", at(NINE))
    services.operating.correct(first.key, "Something else", at(NINE))
    services.tick(at("2027-01-13T09:02+01:00"))

    assert told(tmp_path, "Correction: Correction: ") == ["a@example.org"]


def test_what_cannot_be_corrected_is_one_sentence(services: Services) -> None:
    join(services, "a@example.org")
    with pytest.raises(NoEditionError):
        services.operating.correct("nothing", WORDS, at(NINE))
    services.tick(at(NINE))
    key = key_of(services, "a@example.org")
    with pytest.raises(EmptyCorrectionError):
        services.operating.correct(key, " \n", at(NINE))

    services.people.unsubscribe(services.people.of("a@example.org").key)
    with pytest.raises(NobodyGotItError):
        services.operating.correct(key, WORDS, at(NINE))
    with reading(services.engine) as db:
        assert edition_by_key(db, key) is not None


def test_later_zones_get_the_mended_message_and_no_correction(services: Services, tmp_path: Path, clock: Clock) -> None:
    join(services, "berlin@example.org")
    join(services, "york@example.org", zone="America/New_York")
    services.tick(at(NINE))
    key = key_of(services, "berlin@example.org")

    done = services.operating.correct(key, WORDS, at(NINE))
    assert done.instead not in {"", key}
    clock.shows = at("2027-01-13T09:00-05:00")
    services.tick(clock.shows)

    assert told(tmp_path, "Black January") == ["berlin@example.org"]
    assert told(tmp_path, "Correction: ") == ["berlin@example.org"]

    services.operating.release(done.instead)
    services.tick(at("2027-01-13T09:01-05:00"))

    assert told(tmp_path, "Black January") == ["berlin@example.org", "york@example.org"]
    assert key_of(services, "york@example.org") == done.instead
    assert services.operating.correct(key, WORDS, clock.shows).people == 0
    with reading(services.engine) as db:
        assert [len(deliveries_of(db, person.id)) for person in services.people.all()] == [2, 1]


def test_who_waits_already_waits_for_the_mended_message(services: Services, tmp_path: Path) -> None:
    for email in ("first@example.org", "second@example.org"):
        join(services, email)
    plan(services.engine, services.catalog, at(NINE), 20)
    with writing(services.engine) as db:
        token = uuid4()
        (one,) = claim_batch(db, 1, token, at(NINE), at(NINE))
        record_outcomes(db, token, [Ended(one.id, DeliveryState.SENT, "as tested")], at(NINE))
    render(services, one.edition_key)

    done = services.operating.correct(one.edition_key, WORDS, at(NINE))
    services.tick(at("2027-01-13T09:01+01:00"))

    assert (done.people, told(tmp_path, "Black January")) == (1, [])
    services.operating.release(done.instead)
    services.tick(at("2027-01-13T09:02+01:00"))
    assert told(tmp_path, "Black January") == ["second@example.org"]


def test_what_was_leaving_meanwhile_is_corrected_by_the_same_command_given_again(
    services: Services, tmp_path: Path
) -> None:
    for email in ("first@example.org", "second@example.org"):
        join(services, email)
    plan(services.engine, services.catalog, at(NINE), 20)
    lease, token = at(NINE) + timedelta(minutes=10), uuid4()
    with writing(services.engine) as db:
        one, other = claim_batch(db, 2, token, at(NINE), lease)
        record_outcomes(db, token, [Ended(one.id, DeliveryState.SENT, "as tested")], at(NINE))
    render(services, one.edition_key)

    done = services.operating.correct(one.edition_key, WORDS, at(NINE))
    assert (done.people, done.under_way) == (1, 1)
    with writing(services.engine) as db:
        record_outcomes(db, token, [Ended(other.id, DeliveryState.SENT, "as tested")], at(NINE))
    again = services.operating.correct(one.edition_key, WORDS, at(NINE))
    services.tick(at("2027-01-13T09:01+01:00"))

    assert (again.people, again.under_way, again.key) == (1, 0, done.key)
    assert told(tmp_path, "Correction: ") == ["first@example.org", "second@example.org"]


def render(services: Services, key: str) -> None:
    """Keep the text of an edition that a sender of these tests' own has sent."""
    with writing(services.engine) as db:
        found = edition_by_key(db, key)
        assert found is not None
        keep_content(db, found.id, EditionContent("Black January: 7 days", "text", "<p>text</p>"))


def test_one_that_did_not_leave_waits_for_the_next_day_and_not_for_the_night(
    services: Services, tmp_path: Path, clock: Clock
) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    services.operating.correct(key_of(services, "a@example.org"), WORDS, at(NINE))
    person = services.people.of("a@example.org")
    for when, closes in (
        ("2027-01-13T21:00+01:00", "2027-01-14T20:00+01:00"),
        ("2027-01-14T21:00+01:00", "2027-01-15T20:00+01:00"),
    ):
        plan(services.engine, services.catalog, at(when), 20)
        with reading(services.engine) as db:
            waits = deliveries_of(db, person.id)[-1]
        assert waits.closes_at == at(closes)
        assert waits.next_at == at(closes) - timedelta(hours=11)

    clock.shows = at("2027-01-15T03:00+01:00")
    services.tick(clock.shows)
    assert told(tmp_path, "Correction: ") == []
    clock.shows = at("2027-01-15T09:00+01:00")
    services.tick(clock.shows)
    assert told(tmp_path, "Correction: ") == ["a@example.org"]


def test_after_three_days_it_expires(services: Services) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    services.operating.correct(key_of(services, "a@example.org"), WORDS, at(NINE))
    for day in (13, 14, 15, 16):
        plan(services.engine, services.catalog, at(f"2027-01-{day}T20:30+01:00"), 20)
    with reading(services.engine) as db:
        assert deliveries_of(db, services.people.of("a@example.org").id)[-1].state is DeliveryState.EXPIRED


def test_whoever_paused_since_is_owed_the_correction(services: Services, tmp_path: Path) -> None:
    join(services, "a@example.org")
    services.tick(at(NINE))
    services.visitors.pause(services.people.of("a@example.org").key, date(2027, 3, 1))

    assert services.operating.correct(key_of(services, "a@example.org"), WORDS, at(NINE)).people == 1
    services.tick(at("2027-01-13T09:01+01:00"))

    assert told(tmp_path, "Correction: ") == ["a@example.org"]


def given_back(services: Services, edition_key: str, waiting: ClaimedDelivery, token: UUID) -> str:
    """Correct an edition of which a sender has a message in hand, that gives it back after that."""
    done = services.operating.correct(edition_key, WORDS, at(NINE))
    assert (done.people, done.under_way) == (1, 1)
    with writing(services.engine) as db:
        again = at(NINE) + timedelta(minutes=1)
        record_outcomes(db, token, [Ended(waiting.id, DeliveryState.DEFERRED, "450 later", again)], at(NINE))
    return done.instead


@pytest.mark.parametrize("by_event", [True, False])
def test_what_a_sender_gave_back_leaves_with_the_mended_text_whatever_is_released(
    services: Services, tmp_path: Path, *, by_event: bool
) -> None:
    for email in ("first@example.org", "second@example.org"):
        join(services, email)
    plan(services.engine, services.catalog, at(NINE), 20)
    lease, token = at(NINE) + timedelta(minutes=10), uuid4()
    with writing(services.engine) as db:
        one, other = claim_batch(db, 2, token, at(NINE), lease)
        record_outcomes(db, token, [Ended(one.id, DeliveryState.SENT, "as tested")], at(NINE))
    render(services, one.edition_key)
    instead = given_back(services, one.edition_key, other, token)

    with pytest.raises(CorrectedEditionError, match=f"notifier release {instead}"):
        services.operating.release(one.edition_key)
    services.operating.release("black-january" if by_event else instead)
    services.tick(at("2027-01-13T09:01+01:00"))

    [message] = [one for one in outbox(tmp_path) if one["Subject"].startswith("Black January")]
    assert message["To"] == "second@example.org"
    assert message["Message-ID"].startswith(f"<{instead}.")
    with reading(services.engine) as db:
        wrong, right = edition_by_key(db, one.edition_key), edition_by_key(db, instead)
    assert wrong is not None
    assert right is not None
    assert (wrong.state, right.state) == (EditionState.HELD, EditionState.RELEASED)


def test_what_was_cancelled_and_corrected_is_said_anew_once_its_event_is_released(
    services: Services, tmp_path: Path, clock: Clock
) -> None:
    join(services, "berlin@example.org")
    join(services, "york@example.org", zone="America/New_York")
    services.tick(at(NINE))
    key = key_of(services, "berlin@example.org")
    services.operating.cancel(key)
    assert services.operating.correct(key, WORDS, at(NINE)).instead == ""

    services.operating.release("black-january")
    clock.shows = at("2027-01-13T09:00-05:00")
    services.tick(clock.shows)

    assert told(tmp_path, "Black January") == ["berlin@example.org", "york@example.org"]
    assert key_of(services, "york@example.org") != key
