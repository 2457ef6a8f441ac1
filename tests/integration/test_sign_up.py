"""Subscribing by form: what it takes, what everybody is told, and what only the mailbox learns."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.leads import OwnLeads
from notifier.settings import Settings
from notifier.storage.engine import reading
from notifier.storage.subscribers import Consent, all_subscribers
from notifier.storage.tables import deliveries, subscribers
from notifier.usecases.sign_up import NothingToConfirmError
from notifier.usecases.suppress import ERASED
from notifier.web.app import build_app
from notifier.web.limits import SETTLED
from tests.integration.people import at, days_left, preference, tick
from tests.integration.visiting import EMAIL, RealSite, everything, visiting

SENT = {"email": EMAIL, "lang": "en", "zone": "Europe/Berlin", "hour": "9", "leads": "7,1,0", "select": "all"}


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> RealSite:
    return visiting(engine, tmp_path)


@pytest.fixture
def browser(site: RealSite) -> TestClient:
    return site.browser()


def subscribe(browser: TestClient, **changes: Any) -> Any:
    return browser.post("/subscriptions", data=SENT | changes)


def confirmed(site: RealSite, browser: TestClient, **changes: Any) -> None:
    subscribe(browser, **changes)
    assert browser.post(site.letters()[-1].link("confirm")).status_code == 200


WAYS = [
    ("reader@example.org", "reader@ｅxample.org"),
    ("reader@example.org", "Reader@example。org"),
    ("reader@bücher.example", "reader@xn--bcher-kva.example"),
    ("reader@xn--bcher-kva.example", "reader@bu\u0308cher.example"),
    ("j\u00fcrgen@example.org", "ju\u0308rgen@example.org"),
]
"""Addresses, and another way of writing each."""


@pytest.mark.parametrize(("once", "again"), WAYS)
def test_an_address_is_one_person_however_it_is_written(
    site: RealSite, browser: TestClient, once: str, again: str
) -> None:
    subscribe(browser, email=once)
    assert subscribe(browser, email=again).status_code == 200

    with reading(site.engine) as db:
        assert len(list(all_subscribers(db))) == 1
    assert len(site.letters()) == 1  # the second one has not cooled down
    assert site.person(again) == site.person(once)


@pytest.mark.parametrize(("once", "again"), WAYS)
def test_an_address_that_is_suppressed_is_so_however_it_is_written(
    site: RealSite, browser: TestClient, once: str, again: str
) -> None:
    site.suppressions.suppress(once, "complaint", site.instant)

    assert subscribe(browser, email=again).status_code == 200

    assert site.letters() == []
    with reading(site.engine) as db:
        assert list(all_subscribers(db)) == []


# Asking and confirming


def test_who_asks_is_pending_until_they_confirm_from_their_mailbox(site: RealSite, browser: TestClient) -> None:
    answer = subscribe(browser)

    assert answer.status_code == 200
    assert "Please look into your mailbox" in answer.text
    assert site.person().status is SubscriberStatus.PENDING
    [letter] = site.letters()
    assert (letter.to, letter.kind, site.woken) == (EMAIL, "confirm", 1)

    shown = browser.get(letter.link("confirm"))
    assert shown.status_code == 200
    assert site.person().status is SubscriberStatus.PENDING

    done = browser.post(letter.link("confirm"))
    assert done.status_code == 200
    assert "Wednesday, 13 January 2027, from 09:00: Black January: 37th anniversary, in 7 days" in done.text
    assert site.person().status is SubscriberStatus.ACTIVE


def test_what_was_chosen_and_agreed_to_is_kept(site: RealSite, browser: TestClient) -> None:
    subscribe(browser, page="de", digest="weekly:mon", milestones="on", select=["khojaly", "collection:azerbaijan"])

    person = site.person()
    assert str(person.preference.selection) == "collection:azerbaijan,khojaly"
    assert person.preference.leads == OwnLeads((7, 1, 0), milestones=True)
    assert (person.preference.zone, person.preference.hour) == ("Europe/Berlin", 9)
    assert (person.preference.language, person.preference.digest) == ("en", "weekly:mon")
    page = browser.get("/de/subscribe").text
    assert person.consent.wording.startswith("Mit dieser Schaltfläche willigen Sie ein")
    assert person.consent.wording in page
    assert person.consent.source == "http://testserver/de/subscribe"
    assert (person.consent.at, person.consent.ip) == (site.instant, None)


@pytest.mark.parametrize(
    ("client", "kept"), [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("nobody", None)]
)
def test_the_clients_address_is_kept_only_where_settings_say_so(
    engine: Engine, tmp_path: Path, client: str, kept: str | None
) -> None:
    site = visiting(engine, tmp_path, settings=Settings.model_validate({"consent_ip": True}), trusted_proxies=())
    browser = TestClient(build_app(site, settled=0.0), client=(client, 1))

    subscribe(browser)

    assert site.person().consent.ip == kept


def test_a_form_with_the_address_alone_means_what_is_recommended(site: RealSite, browser: TestClient) -> None:
    """As a page of another site may have it."""
    browser.post("/subscriptions", data={"email": EMAIL}, headers={"Accept-Language": "de"})

    wanted = site.person().preference
    assert (wanted.language, wanted.zone, wanted.hour) == ("de", "Asia/Baku", 9)
    assert (wanted.leads, wanted.digest, str(wanted.selection)) == (OwnLeads(), "none", "collection:azerbaijan")


def test_the_first_message_is_todays_and_never_the_past(site: RealSite, browser: TestClient, engine: Engine) -> None:
    """The reader's hour is past, the window is not."""
    assert site.instant == at("2027-01-13T13:00+01:00")
    confirmed(site, browser)

    assert tick(engine, site.catalog, "2027-01-13T13:01+01:00").planned == 1
    assert days_left(engine, site.person())[-1:] == [(7,)]


def test_the_welcome_says_what_comes_next_and_how_to_leave(site: RealSite, browser: TestClient) -> None:
    confirmed(site, browser)

    welcome = site.letters()[-1]
    assert welcome.kind == "welcome"
    assert "Wednesday, 13 January 2027, from 09:00: Black January: 37th anniversary, in" in welcome.text
    assert "That is about 6 messages a year." in welcome.text
    assert browser.get(welcome.link("unsubscribe")).status_code == 200
    assert "http://testserver/manage\n" in welcome.text
    assert "/manage/" not in welcome.text


def test_who_confirms_in_the_evening_is_told_of_tomorrow(site: RealSite, browser: TestClient) -> None:
    site.instant = at("2027-01-13T21:00+01:00")
    subscribe(browser)
    done = browser.post(site.letters()[-1].link("confirm"))

    first = "Thursday, 14 January 2027, from 09:00: Black January: 37th anniversary, in 6 days"
    assert first in done.text
    assert first in " ".join(site.letters()[-1].text.split())


def test_a_link_confirms_once(site: RealSite, browser: TestClient) -> None:
    subscribe(browser)
    link = site.letters()[-1].link("confirm")
    browser.post(link)

    again = browser.post(link)
    assert (again.status_code, browser.get(link).status_code) == (410, 410)
    assert "There is nothing to confirm at this link any more." in again.text
    assert [letter.kind for letter in site.letters()].count("welcome") == 1


def test_a_link_used_before_leaving_does_not_bring_anybody_back(site: RealSite, browser: TestClient) -> None:
    subscribe(browser)
    link = site.letters()[-1].link("confirm")
    browser.post(link)
    browser.post(site.letters()[-1].link("unsubscribe"))

    assert browser.post(link).status_code == 410
    assert site.person().status is SubscriberStatus.UNSUBSCRIBED


def test_a_link_is_good_for_three_days(site: RealSite, browser: TestClient) -> None:
    subscribe(browser)
    link, asked = site.letters()[-1].link("confirm"), site.instant

    site.instant = asked + timedelta(days=3)
    assert browser.post(link).status_code == 410
    site.instant = asked + timedelta(days=3, seconds=-1)
    assert browser.post(link).status_code == 200


def test_a_newer_link_takes_the_place_of_the_one_before(site: RealSite, browser: TestClient) -> None:
    subscribe(browser)
    old = site.letters()[-1].link("confirm")
    site.later(minutes=15)
    subscribe(browser, hour="7")

    new = site.letters()[-1].link("confirm")
    assert browser.post(old).status_code == 410
    assert browser.post(new).status_code == 200
    assert site.person().preference.hour == 7


def test_it_is_kept_when_somebody_confirmed(site: RealSite, browser: TestClient) -> None:
    subscribe(browser)
    assert site.person().confirmed_at is None
    site.later(hours=2)
    browser.post(site.letters()[-1].link("confirm"))

    assert site.person().confirmed_at == site.instant
    exported = json.loads(site.visitors.export(site.person().key))
    assert exported["confirmed_at"] == site.instant.isoformat()


# Asking for somebody who left: anybody can type their address


def test_what_somebody_agreed_to_stays_until_they_confirm_something_else(site: RealSite, browser: TestClient) -> None:
    confirmed(site, browser)
    browser.post(site.letters()[-1].link("unsubscribe"))
    left = site.person()
    site.later(days=2)

    subscribe(browser, page="de", lang="de", hour="5")

    asked = site.person()
    assert (asked.consent, asked.preference, asked.status) == (left.consent, left.preference, left.status)
    assert (asked.updated_at, asked.confirmed_at) == (left.updated_at, left.confirmed_at)
    exported = json.loads(site.visitors.export(asked.key))
    assert exported["request"]["preference"]["hour"] == 5
    assert exported["request"]["consent"]["at"] == site.instant.isoformat()

    requested = site.instant
    site.later(hours=1)
    assert browser.post(site.letters()[-1].link("confirm")).status_code == 200

    back = site.person()
    assert (back.status, back.preference.hour, back.preference.language) == (SubscriberStatus.ACTIVE, 5, "de")
    assert (back.consent.at, back.consent.source) == (requested, "http://testserver/de/subscribe")
    assert back.consent.wording.startswith("Mit dieser Schaltfläche")
    assert (back.confirmed_at, back.request, back.requested_at) == (site.instant, None, None)


def test_leaving_can_still_be_taken_back_after_a_stranger_asked(site: RealSite, browser: TestClient) -> None:
    confirmed(site, browser)
    browser.post(site.letters()[-1].link("unsubscribe"))
    left = site.person()
    site.later(hours=1)
    subscribe(browser, hour="5")
    link = site.letters()[-1].link("confirm")

    assert site.visitors.take_back(left.key, left.updated_at.replace(microsecond=0), day_alone=False)

    person = site.person()
    assert (person.status, person.preference.hour, person.request) == (SubscriberStatus.ACTIVE, 9, None)
    assert browser.post(link).status_code == 410


# What nobody outside can see


@pytest.mark.parametrize("who", ["pending", "active", "paused", "suspended", "unsubscribed", "suppressed", "erased"])
def test_the_answer_is_the_same_whoever_has_the_address(
    engine: Engine, tmp_path: Path, who: str, site: RealSite, browser: TestClient
) -> None:
    known(site, browser, who)
    site.later(hours=1)

    here, elsewhere = subscribe(browser), subscribe(browser, email="nobody@example.org")

    assert (here.status_code, here.content) == (elsewhere.status_code, elsewhere.content)
    assert sorted(here.headers.items()) == sorted(elsewhere.headers.items())


@pytest.mark.parametrize(
    ("who", "gets"),
    [
        ("pending", "confirm"),
        ("active", "manage"),
        ("paused", "manage"),
        ("suspended", "manage"),
        ("unsubscribed", "confirm"),
        ("suppressed", None),
        ("erased", None),
    ],
)
def test_only_the_mailbox_learns_who_is_there(site: RealSite, browser: TestClient, who: str, gets: str | None) -> None:
    known(site, browser, who)
    site.later(hours=1)
    site.sent()
    status = status_of(site)

    subscribe(browser, hour="5")

    new = site.letters()
    assert [letter.kind for letter in new] == ([] if gets is None else [gets])
    assert status_of(site) == status
    if gets == "manage":
        assert "It is subscribed already, and nothing was changed." in " ".join(new[-1].text.split())
        assert site.person().preference.hour == 9


def known(site: RealSite, browser: TestClient, who: str) -> None:
    """Bring somebody to a status by what people themselves can do."""
    subscribe(browser)
    letter = site.letters()[-1]
    if who == "suppressed":
        browser.post(letter.link("confirm"))
        browser.post(letter.link("never"))
        return
    if who == "pending":
        return
    browser.post(letter.link("confirm"))
    key = site.person().key
    if who == "paused":
        assert site.visitors.pause(key, date(2027, 3, 1))
    elif who == "suspended":
        suspend(site)
    elif who == "unsubscribed":
        browser.post(site.letters()[-1].link("unsubscribe"))
    elif who == "erased":
        site.visitors.erase(key)


def suspend(site: RealSite) -> None:
    from notifier.storage.engine import writing
    from notifier.storage.subscribers import set_status

    with writing(site.engine) as db:
        set_status(db, site.person().id, SubscriberStatus.SUSPENDED, site.instant, reason="messages came back")


def status_of(site: RealSite) -> str:
    with reading(site.engine) as db:
        return "".join(person.status.value for person in all_subscribers(db)) or ERASED


@pytest.mark.parametrize("path", ["/subscriptions", "/manage"])
def test_how_long_an_answer_takes_does_not_tell_who_has_the_address(
    site: RealSite, browser: TestClient, path: str
) -> None:
    """Asked in turns, neither is always the later one: of all pairs of answers, that is, about as many either way.

    Of times that nothing distinguishes, a share outside these bounds comes about once in ten thousand runs, however
    busy the machine is. That they are apart by more than the machine's own noise is what the floor under both prevents.
    """
    confirmed(site, browser)
    browser.post(path, data=SENT)

    took = asyncio.run(in_turns(build_app(site), path, EMAIL, rounds=30))

    assert min(min(times) for times in took.values()) >= SETTLED
    pairs = [(one, other) for one in took["known"] for other in took["unknown"]]
    later = sum(one > other for one, other in pairs) / len(pairs)
    assert 0.2 < later < 0.8


async def in_turns(app: ASGIApp, path: str, known: str, rounds: int) -> dict[str, list[float]]:
    """Ask for a known address and for new ones, each a moment after the one before; return how long each took."""
    took: dict[str, list[float]] = {"known": [], "unknown": []}

    async def ask(who: str, number: int) -> None:
        await asyncio.sleep(0.025 * number)
        # Each from another client, since one alone may ask twenty times.
        transport = ASGITransport(app, client=(f"192.0.2.{number}", 1))
        async with AsyncClient(transport=transport, base_url="http://testserver") as client:
            email = known if who == "known" else f"nobody-{number}@example.org"
            began = asyncio.get_running_loop().time()
            answer = await client.post(path, data=SENT | {"email": email})
            took[who].append(asyncio.get_running_loop().time() - began)
        assert answer.status_code == 200

    turns = [who for number in range(rounds) for who in (("known", "unknown"), ("unknown", "known"))[number % 2]]
    await asyncio.gather(*(ask(who, number) for number, who in enumerate(turns)))
    return took


# Limits


def test_nobody_is_flooded_by_a_form_that_is_sent_again_and_again(site: RealSite, browser: TestClient) -> None:
    """listmonk#3229."""
    for _ in range(5):
        subscribe(browser)
    assert len(site.letters()) == 1

    for _ in range(2 * 24 * 4):
        site.later(minutes=15)
        subscribe_from_elsewhere(site)
    with reading(site.engine) as db:
        # At once, then after 15 minutes, and each time after twice as long: eight in two days.
        assert db.scalar(select(func.count()).select_from(deliveries)) == 8


def subscribe_from_elsewhere(site: RealSite) -> None:
    """Ask as if from any other client, so that only the address counts."""
    person = site.person()
    site.visitors.sign_up(EMAIL, person.preference, Consent("I agree", site.instant, "test"))


def test_asking_again_for_the_confirmation_works_after_a_while(site: RealSite, browser: TestClient) -> None:
    """listmonk#2434."""
    subscribe(browser)
    site.later(minutes=14, seconds=59)
    subscribe(browser)
    assert len(site.letters()) == 1

    site.later(seconds=1)
    subscribe(browser)

    # The one before has not left, and opens nothing any more: it is not sent.
    [letter] = site.letters()
    assert browser.get(letter.link("confirm")).status_code == 200


# Two at once, and letters


def test_many_who_ask_for_one_address_at_once_write_one_message(site: RealSite) -> None:
    together = Barrier(6)

    def ask(_: int) -> None:
        together.wait()
        site.visitors.sign_up(EMAIL, preference(language="en"), Consent("I agree", site.instant, "test"))

    with ThreadPoolExecutor(6) as people:
        list(people.map(ask, range(6)))

    with reading(site.engine) as db:
        assert db.scalar(select(func.count()).select_from(subscribers)) == 1
    assert len(site.letters()) == 1


def test_a_link_that_is_opened_many_times_at_once_confirms_once(site: RealSite, browser: TestClient) -> None:
    subscribe(browser)
    link, together = site.letters()[-1].link("confirm"), Barrier(6)
    key, nonce = site.tokens.read_confirm(link.rpartition("/")[2])

    def confirm(_: int) -> bool:
        together.wait()
        try:
            site.visitors.confirm(key, nonce)
        except NothingToConfirmError:
            return False
        return True

    with ThreadPoolExecutor(6) as people:
        done = list(people.map(confirm, range(6)))

    assert done.count(True) == 1
    assert [letter.kind for letter in site.letters()].count("welcome") == 1


@pytest.mark.parametrize("what", ["confirm", "never"])
def test_pages_with_a_token_are_kept_by_nobody_and_do_not_repeat_it(
    site: RealSite, browser: TestClient, what: str
) -> None:
    subscribe(browser)
    link = site.letters()[-1].link(what)
    for answer in (browser.get(link), browser.post(link), browser.get(link), browser.get(link[:-4] + "xxxx")):
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert link.rpartition("/")[2] not in answer.text
        assert EMAIL not in answer.text


@pytest.mark.parametrize("what", ["confirm", "never", "unsubscribe", "manage", "undo"])
def test_a_token_of_one_link_opens_no_other(site: RealSite, browser: TestClient, what: str) -> None:
    confirmed(site, browser)
    key, now = site.person().key, site.instant
    made = {
        "confirm": site.tokens.confirm(key, key),
        "never": site.tokens.never(key, site.address_hash.of(EMAIL)),
        "unsubscribe": site.tokens.unsubscribe(key),
        "manage": site.tokens.manage(key, now),
        "undo": site.tokens.undo(key, now),
        "session": site.tokens.session(key, now),
    }
    before = everything(site.engine)
    for purpose, token in made.items():
        if purpose != what:
            assert browser.post(f"/{what}/{token}", data={"keep": "all"}).status_code == 404, purpose

    assert everything(site.engine) == before
