"""What comes back: whom it is about, what follows, and that the same never counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from types import TracebackType
from typing import Self

import pytest
from sqlalchemy import Engine, func, select

from notifier.bounce_addresses import BounceAddresses
from notifier.delivery.mailboxes import MailboxError, StuckMessageError
from notifier.domain.bounces import BounceKind
from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.storage.bounces import Bounce
from notifier.storage.deliveries import Delivery
from notifier.storage.engine import reading, writing
from notifier.storage.subscribers import Subscriber, set_status, subscriber_by_email
from notifier.storage.suppressions import Journal
from notifier.storage.tables import bounces, deliveries
from notifier.tokens import AddressHash, TokenError, Tokens
from notifier.usecases.bounces import BouncePass, BounceRules, count_hard_bounce, list_bounces, process_bounces
from notifier.usecases.subscribe import unsubscribe
from notifier.usecases.suppress import Suppressions
from tests.factories import ROOT, make_catalog
from tests.integration.people import at, attempt, join, planned_for, tick

SAMPLES = ROOT / "tests/golden/bounces"
OURS = b"bounces+1.abcdefghijklmnop@example.org"
SECRET = "a secret of the tests, 32 characters"
ADDRESSES, TOKENS = BounceAddresses("bounces@example.org", [SECRET]), Tokens([SECRET])
CATALOG = make_catalog()
A_DAY = timedelta(days=1)
WEDNESDAY = at("2027-01-13T09:00+01:00")
EVERY_DAY = tuple(range(20, -1, -1))


@dataclass
class Post:
    """A mailbox that is a list."""

    messages: dict[str, bytes] = field(default_factory=dict)
    aside: dict[str, bytes] = field(default_factory=dict)
    stuck: frozenset[str] = frozenset()
    keeps: bool = False
    """Whether whatever is removed stays, as when the process died before removing it."""

    def ids(self, most: int) -> Sequence[str]:
        return sorted(self.messages)[:most]

    def read(self, id_: str) -> bytes | None:
        if id_ in self.stuck:
            raise StuckMessageError(place="the list", id=id_, cause="as tested")
        return self.messages[id_]

    def done(self, id_: str) -> None:
        if not self.keeps:
            del self.messages[id_]

    def keep_aside(self, id_: str) -> None:
        self.aside[id_] = self.messages[id_]
        self.done(id_)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


@pytest.fixture
def rules(engine: Engine, tmp_path: Path) -> BounceRules:
    hashes, journal = AddressHash(SECRET), Journal(tmp_path / "journal")
    suppressions = Suppressions(lambda: engine, lambda: hashes, lambda: journal)
    return BounceRules(
        delivery_of=ADDRESSES.read,
        subscriber_of=subscriber_of,
        suppress=lambda email, now: suppressions.suppress(email, "complaint", now),
        unsubscribe=lambda key, now: unsubscribe(engine, key, now),
        threshold=3,
    )


@pytest.fixture
def reader(engine: Engine) -> Subscriber:
    """Somebody who gets a message every day, the first on Wednesday."""
    return join(engine, CATALOG, "reader@example.net", "2027-01-12T12:00+01:00", leads=EVERY_DAY)


def subscriber_of(token: str) -> str | None:
    try:
        return TOKENS.read_unsubscribe(token)
    except TokenError:
        return None


def report(name: str, delivery_id: int, to: Subscriber) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes().replace(OURS, ADDRESSES.make(delivery_id, to.key).encode())


def sent_on(engine: Engine, person: Subscriber, when: datetime) -> Delivery:
    """Plan and send what is due, and return that person's."""
    tick(engine, CATALOG, when.isoformat())
    attempt(engine, when.isoformat())
    return planned_for(engine, person)[-1]


def process(engine: Engine, rules: BounceRules, *raw: bytes, now: datetime = WEDNESDAY) -> BouncePass:
    post = Post({f"{n:03}": message for n, message in enumerate(raw)})
    done = process_bounces(engine, post, rules, now)
    assert not post.messages
    return done


def now_of(engine: Engine, person: Subscriber) -> Subscriber:
    with reading(engine) as db:
        found = subscriber_by_email(db, person.email)
    assert found is not None
    return found


def kept(engine: Engine, kind: BounceKind | None = None) -> list[Bounce]:
    return list(list_bounces(engine, kind))


# --- failures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["postfix-failed", "exim-failed", "exim-report", "sendmail-failed", "exchange-online-failed", "gmail-failed"],
)
def test_a_delivery_that_failed_counts_for_its_person_and_says_so(
    engine: Engine, rules: BounceRules, reader: Subscriber, name: str
) -> None:
    before = sent_on(engine, reader, WEDNESDAY)

    assert process(engine, rules, report(name, before.id, reader)) == BouncePass(failed=1)

    person, [after] = now_of(engine, reader), planned_for(engine, reader)
    assert (person.status, person.bounces, person.bounced_on) == (SubscriberStatus.ACTIVE, 1, date(2027, 1, 13))
    assert (after.state, after.detail.partition(":")[0]) == (DeliveryState.SENT, "came back")
    [row] = kept(engine)
    assert (row.kind, row.email, row.delivery_id) == (BounceKind.FAILED, reader.email, before.id)


def test_five_dates_in_a_row_suspend_and_let_what_is_open_expire(engine: Engine, reader: Subscriber) -> None:
    rules = BounceRules(ADDRESSES.read, subscriber_of, lambda *_: None, lambda *_: None)
    for day in range(5):
        now = WEDNESDAY + day * A_DAY
        delivery = sent_on(engine, reader, now)
        if day == 4:
            tick(engine, CATALOG, (now + A_DAY).isoformat())
        done = process(engine, rules, report("postfix-failed", delivery.id, reader), now=now + timedelta(hours=1))
        assert done == BouncePass(failed=1, suspended=int(day == 4))

    person, waiting = now_of(engine, reader), planned_for(engine, reader)[-1]
    assert person.status is SubscriberStatus.SUSPENDED
    assert person.reason.startswith("messages came back on 5 dates, the last on 2027-01-17: 5.1.1")
    assert (waiting.state, waiting.detail) == (DeliveryState.EXPIRED, "suspended: messages came back")
    assert tick(engine, CATALOG, (WEDNESDAY + 6 * A_DAY).isoformat()).planned == 0


def test_several_on_one_date_count_once(engine: Engine, rules: BounceRules, reader: Subscriber) -> None:
    first = sent_on(engine, reader, WEDNESDAY)
    second = sent_on(engine, reader, WEDNESDAY + A_DAY)
    both = report("postfix-failed", first.id, reader), report("sendmail-failed", second.id, reader)

    assert process(engine, rules, *both, now=WEDNESDAY + A_DAY) == BouncePass(failed=2)

    assert now_of(engine, reader).bounces == 1


def test_the_same_counts_once_also_when_the_process_died_before_removing_it(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    post = Post(
        {"1": report("postfix-failed", delivery.id, reader), "2": report("exim-report", delivery.id, reader)},
        keeps=True,
    )

    passes = [process_bounces(engine, post, rules, WEDNESDAY + day * A_DAY) for day in range(3)]

    assert passes == [BouncePass(failed=1, repeated=1), BouncePass(repeated=2), BouncePass(repeated=2)]
    assert now_of(engine, reader).bounces == 1
    assert len(kept(engine)) == 1


def test_two_processes_that_read_the_same_count_it_once(engine: Engine, rules: BounceRules, reader: Subscriber) -> None:
    sent = [sent_on(engine, reader, WEDNESDAY + day * A_DAY) for day in range(5)]
    raw = [report("postfix-failed", delivery.id, reader) for delivery in sent] + [b"unreadable"]
    both = Barrier(2)

    def run(day: int) -> BouncePass:
        post = Post({str(n): message for n, message in enumerate(raw)})
        both.wait()
        return process_bounces(engine, post, rules, WEDNESDAY + day * A_DAY)

    with ThreadPoolExecutor(2) as pool:
        passes = list(pool.map(run, (0, 0)))

    assert sum(done.failed for done in passes) == 5
    assert sum(done.repeated for done in passes) == 5
    assert now_of(engine, reader).bounces == 1
    assert len(kept(engine, BounceKind.UNREADABLE)) == 1


# listmonk#2770: forget old bounces
@pytest.mark.parametrize(("good", "count"), [(2, 2), (3, 1)])
def test_three_messages_that_went_well_make_the_service_forget(
    engine: Engine, rules: BounceRules, reader: Subscriber, good: int, count: int
) -> None:
    process(engine, rules, report("postfix-failed", sent_on(engine, reader, WEDNESDAY).id, reader))
    for day in range(1, good + 1):
        sent_on(engine, reader, WEDNESDAY + day * A_DAY)
    last = sent_on(engine, reader, WEDNESDAY + (good + 1) * A_DAY)

    process(engine, rules, report("postfix-failed", last.id, reader), now=WEDNESDAY + (good + 1) * A_DAY)

    assert now_of(engine, reader).bounces == count


def test_messages_sent_after_the_one_that_failed_have_not_gone_well_yet(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    """A server gave up after five days, and will say the same of each of the five."""
    sent = [sent_on(engine, reader, WEDNESDAY + day * A_DAY) for day in range(7)]

    for day in (5, 6):
        process(engine, rules, report("postfix-failed", sent[day - 5].id, reader), now=WEDNESDAY + day * A_DAY)

    assert now_of(engine, reader).bounces == 2


def test_whoever_is_active_again_begins_anew(engine: Engine, rules: BounceRules, reader: Subscriber) -> None:
    for day in range(3):
        delivery = sent_on(engine, reader, WEDNESDAY + day * A_DAY)
        process(engine, rules, report("postfix-failed", delivery.id, reader), now=WEDNESDAY + day * A_DAY)
    assert now_of(engine, reader).status is SubscriberStatus.SUSPENDED
    with writing(engine) as db:
        set_status(db, reader.id, SubscriberStatus.ACTIVE, WEDNESDAY + 3 * A_DAY)

    last = sent_on(engine, reader, WEDNESDAY + 3 * A_DAY)
    process(engine, rules, report("postfix-failed", last.id, reader), now=WEDNESDAY + 3 * A_DAY)

    person = now_of(engine, reader)
    assert (person.status, person.bounces) == (SubscriberStatus.ACTIVE, 1)


@pytest.mark.parametrize("status", [SubscriberStatus.UNSUBSCRIBED, SubscriberStatus.SUPPRESSED])
def test_who_left_is_not_suspended(
    engine: Engine, rules: BounceRules, reader: Subscriber, status: SubscriberStatus
) -> None:
    sent = [sent_on(engine, reader, WEDNESDAY + day * A_DAY) for day in range(3)]
    with writing(engine) as db:
        set_status(db, reader.id, status, WEDNESDAY)

    for day, delivery in enumerate(sent):
        process(engine, rules, report("postfix-failed", delivery.id, reader), now=WEDNESDAY + day * A_DAY)

    assert now_of(engine, reader).status is status


def test_dates_are_those_of_utc(engine: Engine, rules: BounceRules, reader: Subscriber) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)

    process(engine, rules, report("postfix-failed", delivery.id, reader), now=at("2027-01-14T00:30+01:00"))

    assert now_of(engine, reader).bounced_on == date(2027, 1, 13)


# --- a refusal while sending ----------------------------------------------------------------------------------------


# listmonk#2623: a 550 is a bounce
def test_a_refusal_by_the_recipients_server_counts_as_a_bounce(engine: Engine, reader: Subscriber) -> None:
    suspended = []
    for day in range(3):
        now = WEDNESDAY + day * A_DAY
        tick(engine, CATALOG, now.isoformat())
        attempt(engine, now.isoformat(), DeliveryState.REFUSED)
        delivery = planned_for(engine, reader)[-1]
        for _ in range(2):
            with writing(engine) as db:
                suspended.append(count_hard_bounce(db, delivery.id, "550 5.1.1 unknown", now, threshold=3))

    assert suspended == [False, False, False, False, True, False]
    person, last = now_of(engine, reader), planned_for(engine, reader)[-1]
    assert (person.status, person.bounces) == (SubscriberStatus.SUSPENDED, 3)
    assert (last.state, last.detail) == (DeliveryState.REFUSED, "as tested")


def test_a_refusal_of_a_delivery_that_is_gone_counts_nothing(engine: Engine) -> None:
    with writing(engine) as db:
        assert not count_hard_bounce(db, 4711, "550", WEDNESDAY)


# --- what counts nothing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["postfix-delayed", "nested"])
def test_a_delay_is_kept_once_and_counts_nothing(
    engine: Engine, rules: BounceRules, reader: Subscriber, name: str
) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    raw = report(name, delivery.id, reader)

    assert process(engine, rules, raw, raw) == BouncePass(delayed=1, repeated=1)

    assert now_of(engine, reader).bounces == 0
    assert [row.kind for row in kept(engine)] == [BounceKind.DELAYED]
    assert planned_for(engine, reader)[-1].detail == "as tested"


@pytest.mark.parametrize("name", ["vacation", "absence-exchange", "receipt", "success", "not-spam"])
def test_answers_and_receipts_change_nothing(engine: Engine, rules: BounceRules, reader: Subscriber, name: str) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    before = now_of(engine, reader)

    assert process(engine, rules, report(name, delivery.id, reader)) == BouncePass(other=1)

    assert now_of(engine, reader) == before
    assert kept(engine) == []


def test_a_forged_report_changes_nothing(engine: Engine, rules: BounceRules, reader: Subscriber) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    before = now_of(engine, reader)
    raw = (SAMPLES / "postfix-failed.eml").read_bytes().replace(b"reader@example.net", reader.email.encode())
    name, _, rest = ADDRESSES.make(delivery.id, reader.key).partition(".")
    another = BounceAddresses("bounces@example.org", ["another secret, of somebody else's."])
    forged = [
        raw,
        raw.replace(OURS, b"bounces@example.org"),
        raw.replace(OURS, f"{name}.{rest[:15]}{'a' if rest[15] != 'a' else 'b'}{rest[16:]}".encode()),
        raw.replace(OURS, another.make(delivery.id, reader.key).encode()),
        raw.replace(OURS, ADDRESSES.make(delivery.id, reader.key).replace("+1", "+2").encode()),
    ]

    assert process(engine, rules, *forged) == BouncePass(ignored=5)

    assert now_of(engine, reader) == before
    assert kept(engine) == []


def test_a_report_about_a_delivery_that_is_no_longer_kept_is_ignored(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    complaint = report("complaint", 4711, reader)

    assert process(engine, rules, report("postfix-failed", 4711, reader), complaint) == BouncePass(ignored=2)


@pytest.mark.parametrize("name", ["postfix-failed", "complaint"])
def test_an_old_address_says_nothing_of_whoever_has_its_number_now(
    engine: Engine, rules: BounceRules, reader: Subscriber, name: str
) -> None:
    """A backup was restored, say: the old address was made for somebody whose row is gone."""
    delivery = sent_on(engine, reader, WEDNESDAY)
    before = now_of(engine, reader)
    raw = report(name, delivery.id, replace(reader, key="aaaaaaaaaaaaaaaa"))

    assert process(engine, rules, raw) == BouncePass(ignored=1)

    assert now_of(engine, reader) == before
    assert kept(engine) == []


def test_a_forged_address_beside_the_signed_one_hides_nothing(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    forged = b"bounces+%d.aaaaaaaaaaaaaaaa@example.org" % delivery.id
    raw = b"Delivered-To: " + forged + b"\n" + report("postfix-failed", delivery.id, reader)

    assert process(engine, rules, raw) == BouncePass(failed=1)


# --- complaints, and leaving by mail --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["complaint", "complaint-headers"])
def test_a_complaint_suppresses_at_once(engine: Engine, rules: BounceRules, reader: Subscriber, name: str) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    tick(engine, CATALOG, (WEDNESDAY + A_DAY).isoformat())
    raw = report(name, delivery.id, reader)

    assert process(engine, rules, raw, raw) == BouncePass(complaints=1, repeated=1)

    person, waiting = now_of(engine, reader), planned_for(engine, reader)[-1]
    assert (person.status, person.reason) == (SubscriberStatus.SUPPRESSED, "complaint")
    assert waiting.state is DeliveryState.EXPIRED
    assert [row.kind for row in kept(engine)] == [BounceKind.COMPLAINT]


def test_a_complaint_whose_suppression_was_cut_off_is_done_when_it_is_read_again(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    failing = BounceRules(rules.delivery_of, rules.subscriber_of, _die, _die)
    post = Post({"1": report("complaint", delivery.id, reader)})
    with pytest.raises(MailboxError):
        process_bounces(engine, post, failing, WEDNESDAY)

    assert process_bounces(engine, post, rules, WEDNESDAY) == BouncePass(repeated=1)

    assert now_of(engine, reader).status is SubscriberStatus.SUPPRESSED


def test_a_complaint_that_only_has_the_link_for_leaving_takes_its_person_off(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    """The link opens that one thing: whoever a message is forwarded to can do no more with it."""
    raw = report("complaint-redacted", 1, reader).replace(b"TOKEN", TOKENS.unsubscribe(reader.key).encode())

    assert process(engine, rules, raw) == BouncePass(complaints=1)

    assert now_of(engine, reader).status is SubscriberStatus.UNSUBSCRIBED


def test_a_complaint_that_names_nobody_by_signature_changes_nothing(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    """Nor by Message-ID: its number can be guessed by whoever got another copy."""
    delivery = sent_on(engine, reader, WEDNESDAY)
    raw = report("complaint-redacted", delivery.id, reader).replace(b"xyz.1@", f"xyz.{delivery.id}@".encode())

    assert process(engine, rules, raw) == BouncePass(ignored=1)

    assert now_of(engine, reader).status is SubscriberStatus.ACTIVE


def test_a_message_to_the_address_in_list_unsubscribe_takes_its_sender_off(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    leaving = (SAMPLES / "leaving.eml").read_bytes()
    token = leaving.partition(b"Subject: ")[2].partition(b"\n")[0]
    own = leaving.replace(token, TOKENS.unsubscribe(reader.key).encode())

    assert process(engine, rules, leaving, own) == BouncePass(ignored=1, unsubscribed=1)

    assert now_of(engine, reader).status is SubscriberStatus.UNSUBSCRIBED


# --- what nobody can read -------------------------------------------------------------------------------------------


# listmonk#833: keep the unreadable ones
def test_what_cannot_be_read_is_kept_for_a_person(engine: Engine, rules: BounceRules) -> None:
    personal, huge = (SAMPLES / "personal.eml").read_bytes(), b"From: a@b.example\n\n" + b"x" * 500_000
    post = Post({"1": personal, "2": huge, "3": b"\xff\x00", "4": b""})

    assert process_bounces(engine, post, rules, WEDNESDAY) == BouncePass(unreadable=4)

    assert post.messages == {}
    assert list(post.aside) == ["1", "2", "3", "4"]
    rows = kept(engine, BounceKind.UNREADABLE)
    assert {(row.email, row.delivery_id) for row in rows} == {(None, None)}
    with reading(engine) as db:
        raws = set(db.scalars(select(bounces.c.raw)))
    assert raws == {personal, huge[:100_000], b"\xff\x00", b""}


def test_an_unreadable_one_that_is_read_again_is_kept_once(engine: Engine, rules: BounceRules) -> None:
    post = Post({"1": b"what is this?"}, keeps=True)

    for _ in range(2):
        process_bounces(engine, post, rules, WEDNESDAY)

    assert len(kept(engine)) == 1


def test_a_stuck_message_keeps_no_other_one_waiting(engine: Engine, rules: BounceRules, reader: Subscriber) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    post = Post({"1": b"cannot be read", "2": report("postfix-failed", delivery.id, reader)}, stuck=frozenset("1"))

    done = process_bounces(engine, post, rules, WEDNESDAY)

    assert (done.failed, list(post.messages)) == (1, ["1"])
    assert done.problems == ("a message in the list can be neither read nor moved (1): as tested",)


def test_a_pass_takes_so_many_and_stops_when_it_is_told(engine: Engine, rules: BounceRules) -> None:
    post = Post({f"{n:02}": (SAMPLES / "vacation.eml").read_bytes() for n in range(20)})
    asked = iter([False, False, True])

    assert process_bounces(engine, post, rules, WEDNESDAY, most=10).other == 10
    assert process_bounces(engine, post, rules, WEDNESDAY, stopping=lambda: next(asked)).other == 2
    assert len(post.messages) == 8


def test_what_came_back_is_forgotten_after_a_month_and_the_score_is_not(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    process(engine, rules, report("postfix-failed", delivery.id, reader), b"unreadable")

    process(engine, rules, now=WEDNESDAY + 30 * A_DAY)
    assert len(kept(engine)) == 2
    process(engine, rules, now=WEDNESDAY + 30 * A_DAY + timedelta(seconds=1))

    assert kept(engine) == []
    assert now_of(engine, reader).bounces == 1


def test_twenty_reports_say_once_that_it_came_back_and_not_when_it_left(
    engine: Engine, rules: BounceRules, reader: Subscriber
) -> None:
    delivery = sent_on(engine, reader, WEDNESDAY)
    with reading(engine) as db:
        before = db.execute(select(deliveries.c.updated_at).where(deliveries.c.id == delivery.id)).scalar_one()

    process(engine, rules, *[report("postfix-failed", delivery.id, reader)] * 20, now=datetime(2027, 2, 1, tzinfo=UTC))

    with reading(engine) as db:
        after = db.execute(select(deliveries.c.updated_at).where(deliveries.c.id == delivery.id)).scalar_one()
        assert db.execute(select(func.count()).select_from(bounces)).scalar_one() == 1
    assert after == before


def _die(*_: object) -> None:
    raise MailboxError(place="here", cause="the process died")
