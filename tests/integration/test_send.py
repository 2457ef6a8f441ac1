"""Sending: a list takes the messages, a real database says what became of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Barrier
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text, update

from notifier.content.editions import TOKEN_PLACE
from notifier.content.language import Language, Languages
from notifier.content.message_head import MessageHead
from notifier.content.templates import Templates
from notifier.delivery.errands import Errand, at_once
from notifier.delivery.outcomes import Outcome, SenderStoppedError, Stop
from notifier.domain.deliveries import DeliveryState, EditionState
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.texts import LanguageTag
from notifier.domain.translations import refused_languages
from notifier.services import Services
from notifier.settings import Settings
from notifier.storage.claims import claim_batch
from notifier.storage.deliveries import Delivery
from notifier.storage.engine import DatabaseUnreachableError, open_engine, writing
from notifier.storage.locks import sender_lock
from notifier.storage.subscribers import Subscriber
from notifier.storage.tables import deliveries, editions, subscribers
from notifier.tokens import Tokens
from notifier.usecases.sending.dispatch import send_due
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.press import Press, SenderIn
from notifier.usecases.sending.report import SendReport, Terms
from notifier.usecases.subscribe import find_subscriber
from notifier.usecases.tick import TickReport, tick
from tests.factories import LOCALES, TEMPLATES, black_january, khojaly, make_catalog
from tests.integration.people import SEND_UNTIL, at, editions_for, join, planned_for
from tests.integration.people import tick as plan_at

NINE = at("2027-01-13T09:00+01:00")
CLOSING = at("2027-01-13T20:00+01:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CATALOG = make_catalog()
LANGUAGES = Languages(LOCALES)

SENT = Outcome(DeliveryState.SENT, "250 ok")
DEFERRED = Outcome(DeliveryState.DEFERRED, "450 later")
UNKNOWN = Outcome(DeliveryState.UNKNOWN, "connection lost")

TOKENS = Tokens(["a secret of the tests, 32 characters"])
TOKENS = Tokens(["a secret of the tests, 32 characters"])
PRESS = Press(
    catalog=CATALOG,
    languages=LANGUAGES.__getitem__,
    templates=Templates(TEMPLATES),
    head=MessageHead("", "days@example.org", None, CATALOG.calendar.id, "https://notices.example.org"),
    sender_in=lambda _: SenderIn("Museum of Remembrance"),
    refused_for=refused_languages,
    own_tokens=lambda delivery, _: {TOKEN_PLACE: TOKENS.unsubscribe(delivery.subscriber_key)},
)

ASKING = Terms(ask_again_after=-1)
"""Terms under which it is asked right before each message whether it may leave, however short it waited."""


@dataclass
class Sink:
    """A sender that keeps what it is given; `answer` says what becomes of each message, or raises."""

    answer: Callable[[str], Outcome] = lambda _: SENT
    to: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def deliver(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Errand:
        return at_once(lambda: self.send(envelope_from, to, message_id, message))

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:  # the list has one sender
        self.to.append(to)
        self.ids.append(message_id)
        self.messages.append(message)
        return self.answer(to)

    def check(self) -> None: ...

    def close(self, *, politely: bool = True) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


@dataclass
class Clock:
    """Shows what it was set to."""

    shows: datetime = NINE

    def __call__(self) -> datetime:
        return self.shows


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    """One person with one message that is due at nine."""
    [person] = readers(engine, "reader@example.org")
    return person


def readers(engine: Engine, *emails: str, **changes: Any) -> list[Subscriber]:
    people = [join(engine, CATALOG, email, **changes) for email in emails]
    plan_at(engine, CATALOG, NINE.isoformat())
    return people


def send(
    engine: Engine, sink: Sink, now: datetime = NINE, press: Press = PRESS, terms: Terms | None = None, **options: Any
) -> SendReport:
    return send_due(engine, Post(lambda: sink, press, terms or Terms()), Clock(now), **options)


def delivery(engine: Engine, person: Subscriber) -> Delivery:
    return planned_for(engine, person)[-1]


def without_german(tag: str) -> Language:
    if tag == "de":
        raise LookupError(tag)
    return LANGUAGES[tag]


NO_GERMAN = replace(PRESS, languages=without_german)


# --- what leaves ----------------------------------------------------------------------------------------------------


def test_what_is_due_leaves_once(engine: Engine, reader: Subscriber) -> None:
    sink = Sink()

    assert send(engine, sink) == SendReport(sent=1)
    assert send(engine, sink) == SendReport()
    assert sink.to == ["reader@example.org"]
    [message] = [message_from_bytes(one, policy=policy.default) for one in sink.messages]
    assert message["Message-ID"] == sink.ids[0]
    assert delivery(engine, reader).detail == "250 ok"


def test_a_message_id_comes_back_at_every_attempt_and_for_nobody_else(engine: Engine, reader: Subscriber) -> None:
    """Not even for whoever has the delivery's number after a restore."""
    sink = Sink(lambda _: DEFERRED)
    send(engine, sink)
    send(engine, sink, NINE + HOUR)
    with writing(engine) as db:
        db.execute(update(subscribers).values(key="aaaaaaaaaaaaaaaa"))
    send(engine, sink, NINE + 3 * HOUR)

    first, again, of_another = sink.ids
    assert first == again != of_another
    assert reader.key not in first


def test_two_senders_at_once_send_nothing_twice(engine: Engine, database_url: str) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(30)))
    sink, together = Sink(), Barrier(2)

    def run(_: int) -> SendReport:
        own = open_engine(database_url)
        together.wait()
        report = send(own, sink)
        own.dispose()
        return report

    with ThreadPoolExecutor(2) as senders:
        reports = list(senders.map(run, range(2)))

    assert len(sink.ids) == len(set(sink.ids)) == sum(report.sent for report in reports) == 30


def test_a_held_edition_does_not_leave_and_is_no_news(engine: Engine, reader: Subscriber) -> None:
    with writing(engine) as db:
        db.execute(update(editions).values(state=EditionState.HELD))
    sink = Sink()

    report, trouble = whole_pass(engine, sink)

    assert (sink.to, report.held, trouble) == ([], 1, None)
    assert not report.did_something


def test_an_edition_held_in_mid_pass_stops_there(engine: Engine) -> None:
    readers(engine, "a@example.org", "b@example.org")

    def hold(_: str) -> Outcome:
        with writing(engine) as db:
            db.execute(update(editions).values(state=EditionState.HELD))
        return SENT

    assert send(engine, Sink(hold), terms=ASKING) == SendReport(sent=1, held=1)


@pytest.mark.parametrize(
    "email", ["чита\u2028тель@example.org", "no address", "two words@example.org", "<a>@example.org"]
)
def test_an_address_that_cannot_be_written_is_refused_and_stops_nobody(engine: Engine, email: str) -> None:
    people = readers(engine, "a@example.org", "b@example.org")
    with writing(engine) as db:
        db.execute(update(subscribers).where(subscribers.c.id == people[0].id).values(email=email))
    sink = Sink()

    assert send(engine, sink) == SendReport(sent=1, refused=1)
    assert sink.to == ["b@example.org"]
    refused = delivery(engine, people[0])
    assert (refused.state, refused.next_at) == (DeliveryState.REFUSED, None)
    assert email.partition("\u2028")[0] in refused.detail


def test_what_is_no_longer_in_the_calendar_expires(engine: Engine, reader: Subscriber) -> None:
    press = replace(PRESS, catalog=make_catalog(khojaly()))

    assert send(engine, Sink(), press=press) == SendReport(expired=1)


# --- an edition that cannot be made ---------------------------------------------------------------------------------


def test_an_edition_that_cannot_be_made_waits_and_the_others_leave(engine: Engine) -> None:
    german = [join(engine, CATALOG, f"{number}@example.de") for number in range(3)]
    readers(engine, "reader@example.com", "other@example.com", language=LanguageTag("en"))
    sink = Sink()

    report = send(engine, sink, press=NO_GERMAN)

    assert sink.to == ["reader@example.com", "other@example.com"]
    assert (report.sent, report.deferred, report.stopped) == (2, 3, None)
    [problem] = report.problems
    assert "of 2027-01-13 cannot be made and waits: LookupError: de (test_send.py:" in problem
    assert report.trouble == problem
    for person in german:
        waiting = delivery(engine, person)
        assert (waiting.state, waiting.next_at) == (DeliveryState.DEFERRED, NINE + 30 * MINUTE)
        assert (waiting.attempts, waiting.detail) == (0, problem)


def test_it_is_told_of_until_it_is_mended_and_then_leaves(engine: Engine, reader: Subscriber) -> None:
    sink = Sink()
    told = send(engine, sink, press=NO_GERMAN).problems

    assert send(engine, sink, NINE + MINUTE, NO_GERMAN) == SendReport(problems=told)
    assert send(engine, sink, NINE + 30 * MINUTE) == SendReport(sent=1)
    assert len(sink.ids) == 1


@pytest.mark.parametrize(
    "broken",
    [
        replace(PRESS, templates=Templates(Path("/nowhere"))),
        replace(PRESS, head=replace(PRESS.head, base_url="no address")),
        replace(PRESS, head=replace(PRESS.head, from_address="two words@example.org")),
        replace(PRESS, head=replace(PRESS.head, calendar_id="no id")),
    ],
    ids=["template", "address", "sender", "message id"],
)
def test_whatever_is_wrong_with_a_message_blames_no_reader(engine: Engine, reader: Subscriber, broken: Press) -> None:
    sink = Sink()

    report = send(engine, sink, press=broken)

    assert (sink.to, report.deferred, len(report.problems)) == ([], 1, 1)
    assert delivery(engine, reader).state is DeliveryState.DEFERRED


def test_others_may_write_while_an_edition_is_rendered(engine: Engine, reader: Subscriber) -> None:
    def slow(tag: str) -> Language:
        with writing(engine) as db:
            db.execute(update(subscribers).values(tags="written meanwhile"))
            db.execute(update(editions).values(created_at=NINE))
        return LANGUAGES[tag]

    assert send(engine, Sink(), press=replace(PRESS, languages=slow)) == SendReport(sent=1)


def test_readiness_says_why_messages_wait(database_url: str, engine: Engine, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "email/notice.txt").write_text("{{ nobody_knows_this }}", "utf-8")
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "mail_url": f"maildir:{tmp_path}/mail",
            "templates": templates,
            "secret": "a-secret-of-the-tests-of-32-characters",
        }
    )
    services = Services(settings, Clock())
    services.start(NINE)
    preference = services.people.preference("de", "Europe/Berlin", 9, "7,1,0", "none", "all")
    services.people.add("reader@example.org", preference, "I agree", NINE - 24 * HOUR)

    assert services.tick(NINE).deferred == 1

    assert services.mail.stopped is not None
    assert "'nobody_knows_this' is undefined (notice.txt:1)" in services.mail.stopped
    assert services.mail.stopped in services.readiness().problems
    services.close()


# --- what is unknown ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", [SENT, DEFERRED, UNKNOWN], ids=["sent", "deferred", "unknown"])
def test_what_is_unknown_is_sent_once_more_and_never_made_anew(
    engine: Engine, reader: Subscriber, second: Outcome
) -> None:
    outcomes = [UNKNOWN, second]
    sink = Sink(lambda _: outcomes.pop(0))

    assert send(engine, sink) == SendReport(unknown=1)
    assert send(engine, sink, NINE + 59 * MINUTE) == SendReport()
    send(engine, sink, NINE + HOUR)

    assert len(sink.ids) == 2
    assert len(set(sink.ids)) == 1
    ended = delivery(engine, reader)
    expected = DeliveryState.SENT if second is SENT else DeliveryState.UNKNOWN
    assert (ended.state, ended.next_at, ended.detail) == (expected, None, second.detail)
    for later in (12 * HOUR, 24 * HOUR):
        plan_at(engine, CATALOG, (NINE + later).isoformat())
    assert len(planned_for(engine, reader)) == 1


def test_what_is_unknown_is_not_sent_once_more_where_that_is_not_wanted(engine: Engine, reader: Subscriber) -> None:
    send(engine, Sink(lambda _: UNKNOWN), terms=Terms(resend_unknown=False))

    assert send(engine, Sink(), NINE + HOUR) == SendReport()


def test_a_sender_that_died_with_an_unknown_message_had_the_one_more_time(engine: Engine, reader: Subscriber) -> None:
    send(engine, Sink(lambda _: UNKNOWN))
    with writing(engine) as db:
        claim_batch(db, 10, uuid4(), NINE + HOUR, NINE + 2 * HOUR)

    assert send(engine, Sink(), NINE + HOUR) == SendReport()
    assert send(engine, Sink(), NINE + 3 * HOUR) == SendReport()
    assert (delivery(engine, reader).state, delivery(engine, reader).next_at) == (DeliveryState.UNKNOWN, None)


def test_nor_is_it_taken_when_the_lease_of_one_that_died_has_ended(engine: Engine, reader: Subscriber) -> None:
    send(engine, Sink(lambda _: UNKNOWN))
    with writing(engine) as db:
        assert len(claim_batch(db, 10, uuid4(), NINE + HOUR, NINE + 2 * HOUR)) == 1
        assert claim_batch(db, 10, uuid4(), NINE + 2 * HOUR, NINE + 3 * HOUR) == []


def test_a_stop_before_it_was_sent_once_more_leaves_that_open(engine: Engine, reader: Subscriber) -> None:
    send(engine, Sink(lambda _: UNKNOWN))
    answers = [False, True, True]

    assert send(engine, Sink(), NINE + HOUR, stopping=lambda: answers.pop(0)) == SendReport()
    assert send(engine, Sink(), NINE + HOUR) == SendReport(sent=1)


# --- time goes on ---------------------------------------------------------------------------------------------------


def test_the_clock_is_asked_for_every_message(engine: Engine) -> None:
    readers(engine, "a@example.org", "b@example.org")
    clock = Clock()

    def takes_a_minute(_: str) -> Outcome:
        clock.shows += MINUTE
        return DEFERRED

    sink = Sink(takes_a_minute)
    send_due(engine, Post(lambda: sink, PRESS), clock)

    dates = [message_from_bytes(one, policy=policy.default)["Date"].datetime for one in sink.messages]
    assert dates == [NINE, NINE + MINUTE]
    with writing(engine) as db:
        again = db.scalars(deliveries.select().with_only_columns(deliveries.c.next_at)).all()
    assert sorted(again) == [NINE + 31 * MINUTE, NINE + 32 * MINUTE]


def test_nothing_leaves_once_the_window_has_closed_in_mid_batch(engine: Engine) -> None:
    readers(engine, "a@example.org", "b@example.org")
    clock = Clock(CLOSING - MINUTE)

    def takes_a_minute(_: str) -> Outcome:
        clock.shows += MINUTE
        return SENT

    sink = Sink(takes_a_minute)

    assert send_due(engine, Post(lambda: sink, PRESS), clock) == SendReport(sent=1)
    assert sink.to == ["a@example.org"]


def test_each_batch_has_a_lease_of_its_own(engine: Engine) -> None:
    readers(engine, *(f"{number}@example.org" for number in range(60)))
    clock, leases = Clock(), set[datetime]()

    def watch(_: str) -> Outcome:
        with writing(engine) as db:
            claimed = deliveries.c.state == DeliveryState.CLAIMED
            leases.update(db.scalars(deliveries.select().with_only_columns(deliveries.c.next_at).where(claimed)))
        clock.shows += timedelta(seconds=6)
        return SENT

    assert send_due(engine, Post(lambda: Sink(watch), PRESS), clock).sent == 60
    assert NINE + HOUR in leases
    assert len(leases) > 1


def test_a_rehearsals_clock_goes_on() -> None:
    clock = Clock(at("2026-11-22T12:00Z"))
    rehearsal = Services(Settings.model_validate({}), clock).mail._running_from(NINE)

    assert rehearsal() == NINE
    clock.shows += MINUTE
    assert rehearsal() == NINE + MINUTE


# --- broken off -----------------------------------------------------------------------------------------------------


def test_a_stop_in_mid_batch_gives_back_the_rest(engine: Engine) -> None:
    people = readers(engine, "a@example.org", "b@example.org", "c@example.org")
    sink = Sink()

    assert send(engine, sink, stopping=lambda: len(sink.to) == 1) == SendReport(sent=1)
    assert [delivery(engine, person).state for person in people] == ["sent", "due", "due"]
    assert send(engine, sink) == SendReport(sent=2)
    assert sink.to == ["a@example.org", "b@example.org", "c@example.org"]


def test_a_sender_that_cannot_send_says_so_and_blames_nobody(engine: Engine, reader: Subscriber) -> None:
    def refuse(_: str) -> Outcome:
        raise SenderStoppedError(reason="535 who are you", stop=Stop.SIGNING_IN)

    report = send(engine, Sink(refuse))

    assert report == SendReport(stopped="Sending has stopped: 535 who are you", stop=Stop.SIGNING_IN)
    assert report.trouble == report.stopped
    assert delivery(engine, reader).state is DeliveryState.DUE


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_after_a_pass_that_was_broken_off_nothing_is_lost(engine: Engine, error: type[BaseException]) -> None:
    readers(engine, "a@example.org", "b@example.org", "c@example.org")

    def breaks(to: str) -> Outcome:
        if to == "b@example.org":
            raise error
        return SENT

    first, second = Sink(breaks), Sink()
    with pytest.raises(error):
        send(engine, first)

    assert send(engine, second) == SendReport(sent=2)
    assert second.to == ["b@example.org", "c@example.org"]
    # What was in flight may arrive twice, and is recognised as the same.
    assert second.ids[0] == first.ids[1]


def test_what_a_killed_sender_had_claimed_is_found_by_the_same_pass_made_anew(
    engine: Engine, reader: Subscriber
) -> None:
    with writing(engine) as db:
        claim_batch(db, 10, uuid4(), NINE + MINUTE, NINE + HOUR, began=NINE)

    assert send(engine, Sink()) == SendReport(sent=1)


def test_an_outcome_that_cannot_be_recorded_is_not_counted_but_told(engine: Engine, reader: Subscriber) -> None:
    def taken_over(_: str) -> Outcome:
        with writing(engine) as db:
            db.execute(update(deliveries).values(claim=str(uuid4())))
        return SENT

    report = send(engine, Sink(taken_over))

    assert report.sent == 0
    assert report.problems == (
        "the outcome of a message could not be recorded, and it may go out again (1 in this pass)",
    )


# --- the lock -------------------------------------------------------------------------------------------------------


def test_a_pass_ends_when_its_lock_is_lost_and_not_one_message_later(engine: Engine) -> None:
    readers(engine, "a@example.org", "b@example.org")
    lost = "the lock that keeps senders apart was lost while sending; what is left goes out with the next pass"
    ways = {"sqlite": _remove_lock_files, "postgresql": _end_session_of_lock}
    sink = Sink()

    def lose(_: str) -> Outcome:
        if len(sink.to) == 1:
            ways[engine.dialect.name](engine)
        return SENT

    sink.answer = lose

    assert send(engine, sink) == SendReport(sent=1, stopped=lost)
    assert send(engine, sink) == SendReport(sent=1)


def test_what_a_sender_that_lives_has_claimed_is_its_own(engine: Engine, reader: Subscriber) -> None:
    token = uuid4()
    with sender_lock(engine, token) as held:
        with writing(engine) as db:
            claim_batch(db, 10, token, NINE, NINE + HOUR)

        assert send(engine, Sink()) == SendReport()
        assert held()

    assert send(engine, Sink()) == SendReport(sent=1)


def test_the_files_of_senders_that_died_do_not_pile_up(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/notifier.db")
    folder = tmp_path / "notifier.db.senders"
    with sender_lock(engine, uuid4()):
        (folder / str(uuid4())).touch()
        alive = uuid4()
        with sender_lock(engine, alive):
            assert {path.name for path in folder.iterdir()} >= {str(alive)}
            assert len(list(folder.iterdir())) == 2

    assert list(folder.iterdir()) == []


def _remove_lock_files(engine: Engine) -> None:
    for path in Path(f"{engine.url.database}.senders").iterdir():
        path.unlink()


def _end_session_of_lock(engine: Engine) -> None:
    others = "locktype = 'advisory' AND pid <> pg_backend_pid()"
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    with writing(engine) as db:
        query = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {others} AND {here}"  # noqa: S608  # no input
        ended = db.scalars(text(query)).all()
    assert ended == [True]


def test_a_lock_that_cannot_be_had_is_one_sentence(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/var/notifier.db")
    shutil.rmtree(tmp_path / "var")

    with pytest.raises(DatabaseUnreachableError, match="No such file or directory"), sender_lock(engine, uuid4()):
        pass


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://reader:a-password@/notifier?host={tmp_path}")

    with pytest.raises(DatabaseUnreachableError) as raised, sender_lock(engine, uuid4()):
        pass
    assert "a-password" not in str(raised.value)


# --- the whole pass -------------------------------------------------------------------------------------------------


def whole_pass(engine: Engine, sink: Sink, press: Press = PRESS) -> tuple[TickReport, str | None]:
    post = Post(lambda: sink, press)
    report, sent = tick(engine, post, NINE, Clock(), send_until=SEND_UNTIL, stopping=lambda: False)
    return report, sent.trouble


def test_a_pass_plans_and_sends_and_says_why_something_waits(engine: Engine) -> None:
    join(engine, CATALOG, "reader@example.org")

    report, trouble = whole_pass(engine, Sink(), NO_GERMAN)

    assert (report.planned, report.deferred, report.did_something) == (1, 1, True)
    assert trouble is not None
    assert "LookupError: de" in trouble


def test_who_missed_two_messages_is_taken_back_to_before_the_first(engine: Engine) -> None:
    catalog = make_catalog(black_january(), replace(khojaly(), rule=FixedDay(1, 21)))
    person = join(engine, catalog, "reader@example.org")
    for day in (13, 14):
        plan_at(engine, catalog, f"2027-01-{day}T09:00+01:00")
        # A sender holds it, and is dead only after both.
        with writing(engine) as db:
            claim_batch(db, 10, uuid4(), at(f"2027-01-{day}T19:59+01:00"), at("2027-01-14T22:00+01:00"))

    assert plan_at(engine, catalog, "2027-01-14T22:00+01:00").superseded == 2

    stands = find_subscriber(engine, person.email)
    assert stands is not None
    assert stands.covered_through < date(2027, 1, 13)
    plan_at(engine, catalog, "2027-01-15T09:00+01:00")
    assert [notice.days for notice in editions_for(engine, person)[-1].of.notices] == [5, 6]
