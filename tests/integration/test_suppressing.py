"""Addresses that are never written to again, whatever comes: imports, new secrets, restored backups."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select
from starlette.testclient import TestClient

from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.storage.engine import reading, writing
from notifier.storage.subscribers import erase, insert_subscriber, subscriber_by_email
from notifier.storage.suppressions import Journal, JournalError, Suppression
from notifier.storage.tables import preferences, subscribers, suppressions
from notifier.tokens import Tokens
from notifier.usecases.subscribe import SuppressedError, add_subscriber
from tests.integration.people import at, attempt, join, planned_for, preference, tick
from tests.integration.visiting import EMAIL, RealSite, visiting

NOW = at("2027-01-13T12:00Z")


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> RealSite:
    return visiting(engine, tmp_path)


@pytest.fixture
def browser(site: RealSite) -> TestClient:
    return site.browser()


def never(site: RealSite, browser: TestClient) -> str:
    browser.post("/subscriptions", data={"email": EMAIL})
    return site.letters()[-1].link("never")


def test_a_link_in_the_first_message_has_an_address_never_written_to_again(
    site: RealSite, browser: TestClient, engine: Engine
) -> None:
    link = never(site, browser)
    assert browser.get(link).status_code == 200
    assert site.person().status is SubscriberStatus.PENDING

    answer = browser.post(link)

    assert "This address will not be written to again." in answer.text
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(subscribers)) == 0  # they never agreed to anything
    site.later(days=2)
    browser.post("/subscriptions", data={"email": EMAIL.upper()})
    assert site.letters() == []


def test_it_works_when_nothing_else_of_the_address_is_there_any_more(
    site: RealSite, browser: TestClient, engine: Engine
) -> None:
    link = never(site, browser)
    with writing(engine) as db:
        erase(db, site.person().id)

    browser.post(link)
    browser.post("/subscriptions", data={"email": EMAIL})

    assert site.letters() == []


def test_what_is_planned_for_somebody_suppressed_does_not_go_out(site: RealSite, engine: Engine) -> None:
    person = join(engine, site.catalog, EMAIL)
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")

    site.suppressions.suppress(EMAIL.upper(), "complaint", NOW)

    assert attempt(engine, "2027-01-13T13:01+01:00") == []
    assert [delivery.state for delivery in planned_for(engine, person)] == [DeliveryState.EXPIRED]
    assert (site.person().status, site.person().reason) == (SubscriberStatus.SUPPRESSED, "complaint")
    with reading(engine) as db:
        assert site.suppressions.holds(db, " Reader@Example.org")
        assert not site.suppressions.holds(db, "other@example.org")


@pytest.mark.parametrize("how", ["operator", "erased"])
def test_nobody_adds_an_address_that_is_suppressed(site: RealSite, engine: Engine, how: str) -> None:
    person = join(engine, site.catalog, EMAIL)
    if how == "erased":
        assert site.suppressions.erase(person.key, NOW)
        assert not site.suppressions.erase(person.key, NOW)
    else:
        site.suppressions.suppress("reader@EXAMPLE.org", how, NOW)
        with writing(engine) as db:
            erase(db, person.id)

    with pytest.raises(SuppressedError, match=r"Reader@example.org is never to be written to again"):
        add_subscriber(
            engine, site.catalog, preference(), "Reader@Example.ORG", "by letter", "operator", NOW,
            hash_of=site.suppressions.hash_of,
        )  # fmt: skip


def test_a_new_secret_of_links_forgets_no_suppression(site: RealSite, browser: TestClient, engine: Engine) -> None:
    link = never(site, browser)
    site.tokens = Tokens(["another secret, as long as it has to be", "a secret for tests, long enough for anyone"])
    browser.post(link)
    site.tokens = Tokens(["a third secret, which is as long as that"])

    with reading(engine) as db:
        assert site.suppressions.holds(db, EMAIL)


# The journal


def test_a_restored_backup_is_told_what_was_suppressed_since(site: RealSite, engine: Engine) -> None:
    forgotten = join(engine, site.catalog, "forgotten@example.org")
    complained = join(engine, site.catalog, "complained@example.org")
    stays = join(engine, site.catalog, "stays@example.org")
    site.suppressions.erase(forgotten.key, NOW)
    site.suppressions.suppress(complained.email, "complaint", NOW)
    restore_as_before(engine, forgotten.email)

    assert site.suppressions.apply_journal(NOW) == 2
    assert site.suppressions.apply_journal(NOW) == 0

    with reading(engine) as db:
        assert subscriber_by_email(db, forgotten.email) is None
        there = subscriber_by_email(db, complained.email)
        assert there is not None
        assert (there.status, there.reason) == (SubscriberStatus.SUPPRESSED, "complaint")
    assert site.person(stays.email).status is SubscriberStatus.ACTIVE


def test_a_restored_backup_is_told_who_left_since_and_who_came_back(site: RealSite, engine: Engine) -> None:
    people = {name: join(engine, site.catalog, f"{name}@example.org") for name in ("before", "left", "back", "stays")}
    site.visitors.unsubscribe(people["before"].key, NOW - timedelta(seconds=1))
    for name in ("left", "back"):
        assert site.visitors.unsubscribe(people[name].key, NOW)
    site.instant = NOW + timedelta(minutes=5)
    assert site.visitors.take_back(people["back"].key, NOW, day_alone=False)
    with writing(engine) as db:
        db.execute(subscribers.update().values(status=SubscriberStatus.ACTIVE))

    site.suppressions.apply_journal(NOW)
    assert site.person("left@example.org").status is SubscriberStatus.ACTIVE  # a start takes nobody off
    assert site.suppressions.let_go_since(NOW, site.instant) == 1
    assert site.suppressions.let_go_since(NOW, site.instant) == 0

    standing = {name: site.person(f"{name}@example.org").status for name in people}
    left, active = SubscriberStatus.UNSUBSCRIBED, SubscriberStatus.ACTIVE
    assert standing == {"before": active, "left": left, "back": active, "stays": active}
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(suppressions)) == 0


def test_whoever_left_and_agrees_anew_is_kept_by_a_restored_backup(
    site: RealSite, browser: TestClient, engine: Engine
) -> None:
    person = join(engine, site.catalog, EMAIL)
    began = site.instant
    site.visitors.unsubscribe(person.key, site.instant)
    site.visitors.unsubscribe(person.key, site.instant)  # what changes nothing is not written down
    site.later(days=1)
    browser.post("/subscriptions", data={"email": EMAIL})
    browser.post(site.letters()[-1].link("confirm"))

    assert [line.split()[1] for line in site.journal.read_text().splitlines()] == ["unsubscribed", "returned"]
    assert site.suppressions.let_go_since(began, site.instant) == 0
    assert site.person().status is SubscriberStatus.ACTIVE


def restore_as_before(engine: Engine, email: str) -> None:
    """Leave the database as it was before anybody was suppressed or erased."""
    with writing(engine) as db:
        db.execute(delete(suppressions))
        db.execute(subscribers.update().values(status=SubscriberStatus.ACTIVE, reason=""))
        one = subscriber_by_email(db, "stays@example.org")
        assert one is not None
        preference_id = db.scalar(select(preferences.c.id))
        insert_subscriber(
            db, email, int(preference_id or 0), status=SubscriberStatus.ACTIVE, covered_through=one.covered_through,
            consent=one.consent, at=NOW,
        )  # fmt: skip


def test_the_journal_holds_no_address_and_each_line_is_on_the_disk(site: RealSite) -> None:
    site.suppressions.suppress(EMAIL, "complaint", NOW)
    site.suppressions.suppress(EMAIL, "operator", NOW)

    assert site.journal.read_text() == f"{site.address_hash.of(EMAIL)} complaint 2027-01-13T12:00:00+00:00\n"
    assert site.journal.stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    journal, whole = Journal(tmp_path / "suppressions"), Suppression("a" * 16, "complaint", NOW)
    journal.write([whole])
    with journal.path.open("a") as file:
        file.write("bbbbbbbbbbbbbbbb compl")
    other = Suppression("c" * 16, "erased", NOW)
    journal.write([other])

    assert list(journal.read()) == [whole, other]


@pytest.mark.parametrize(
    "content", ["", "\n\n", "not a line\n", "a" * 16 + " x 2027-13-45T99:00:00+00:00000\n", "\xff"]
)
def test_what_is_no_line_is_passed_over(tmp_path: Path, content: str) -> None:
    journal = Journal(tmp_path / "suppressions")
    journal.path.write_bytes(content.encode("latin-1"))

    assert list(journal.read()) == []


def test_without_a_journal_there_is_nothing_to_apply(tmp_path: Path) -> None:
    assert list(Journal(tmp_path / "none" / "suppressions").read()) == []


def test_nothing_is_suppressed_that_cannot_be_written_down(site: RealSite, engine: Engine) -> None:
    join(engine, site.catalog, EMAIL)
    site.journal.mkdir()

    with pytest.raises(JournalError, match=r"keeps the addresses never to be written to, cannot be used"):
        site.suppressions.suppress(EMAIL, "complaint", NOW)
    assert site.person().status is SubscriberStatus.ACTIVE
