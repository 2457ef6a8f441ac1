"""One's own subscription: the link, the cookie, everything that can be changed, and leaving."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import html5lib
import pytest
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from notifier.domain.deliveries import DeliveryState, SubscriberStatus
from notifier.domain.selections import parse_selection
from notifier.storage.claims import LEASE, ClaimedDelivery, claim_batch
from notifier.storage.engine import reading, writing
from notifier.storage.outcomes import Ended, record_outcomes
from notifier.storage.subscribers import set_status, subscriber_by_key
from notifier.storage.tables import deliveries, subscribers, suppressions
from notifier.tokens import MANAGE_FOR, SESSION_FOR
from notifier.usecases.manage import change_preference
from tests.integration.people import at, attempt, days_left, join, planned_for, preference, tick
from tests.integration.visiting import EMAIL, RealSite, visiting

SECRET_PLACES = ("manage", "confirm", "never", "undo")


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> RealSite:
    site = visiting(engine, tmp_path)
    join(engine, site.catalog, EMAIL, language="en")
    return site


@pytest.fixture
def browser(site: RealSite) -> TestClient:
    return site.browser()


def opened(site: RealSite, browser: TestClient) -> TestClient:
    """Ask for a link, and exchange it for the cookie."""
    browser.post("/manage", data={"email": EMAIL})
    answer = browser.post(site.letters()[-1].link("manage"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/manage")
    return browser


def change(browser: TestClient, doing: str, **form: Any) -> str:
    """Change something, and return the page that says what was done."""
    answer = browser.post(f"/manage/{doing}", data=form)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/manage?done=")
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    html5lib.HTMLParser(strict=True).parse(page.text)
    return page.text


def settings(**changes: Any) -> dict[str, Any]:
    return {"lang": "en", "zone": "Europe/Berlin", "hour": "9", "leads": ["7", "1", "0"], "select": "all"} | changes


# The link and the cookie


def test_a_link_is_sent_to_whoever_is_there_and_the_answer_is_the_same_for_everybody(
    site: RealSite, browser: TestClient
) -> None:
    known, unknown = (browser.post("/manage", data={"email": e}) for e in (EMAIL, "nobody@example.org"))

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [(letter.to, letter.kind) for letter in site.letters()] == [(EMAIL, "manage")]
    assert site.woken == 2


@pytest.mark.parametrize("status", [SubscriberStatus.PENDING, SubscriberStatus.SUPPRESSED])
def test_who_never_confirmed_or_is_not_to_be_written_to_gets_none(
    site: RealSite, browser: TestClient, status: SubscriberStatus
) -> None:
    with writing(site.engine) as db:
        set_status(db, site.person().id, status, site.instant)

    assert browser.post("/manage", data={"email": EMAIL}).status_code == 200
    assert site.letters() == []


def test_links_cool_down(site: RealSite, browser: TestClient) -> None:
    for _ in range(3):
        browser.post("/manage", data={"email": EMAIL})
    assert len(site.letters()) == 1
    for minutes in (1, 2, 4):
        site.later(minutes=minutes, seconds=-1)
        browser.post("/manage", data={"email": EMAIL})
        before = len(site.letters())
        site.later(seconds=1)
        browser.post("/manage", data={"email": EMAIL})
        assert len(site.letters()) == before + 1


def test_who_has_just_confirmed_need_not_wait_for_a_link(site: RealSite, browser: TestClient) -> None:
    browser.post("/subscriptions", data={"email": "new@example.org"})
    browser.post(site.letters()[-1].link("confirm"))
    browser.post("/manage", data={"email": "new@example.org"})

    assert [letter.kind for letter in site.letters()][-2:] == ["welcome", "manage"]


def test_what_is_no_address_is_said_and_not_looked_for(browser: TestClient) -> None:
    answer = browser.post("/manage", data={"email": "reader"}, headers={"Accept-Language": "de"})

    assert answer.status_code == 422
    assert "Bitte schreiben Sie eine E-Mail-Adresse" in answer.text


def test_opening_a_link_shows_a_button_alone(site: RealSite, browser: TestClient) -> None:
    """Mail scanners open links."""
    browser.post("/manage", data={"email": EMAIL})
    shown = browser.get(site.letters()[-1].link("manage"))

    assert shown.status_code == 200
    assert "set-cookie" not in shown.headers
    assert EMAIL not in shown.text
    assert browser.get("/manage").text.count("<form") == 1


def test_the_cookie_goes_to_this_part_of_the_site_alone_and_to_no_script(
    engine: Engine, tmp_path: Path, site: RealSite
) -> None:
    browser = opened(site, site.browser())
    site.later(minutes=20)
    answer = browser.post("/manage", data={"email": EMAIL})
    cookie = browser.post(site.letters()[-1].link("manage")).headers["set-cookie"]

    assert answer.status_code == 200
    assert re.fullmatch(r"manage=[^;]{76}; HttpOnly; Max-Age=1800; Path=/manage; SameSite=strict", cookie), cookie
    site.base_url = "https://days.example.org/calendar"
    site.later(minutes=40)
    secure = site.browser()
    secure.post("/manage", data={"email": EMAIL})
    headers = {"Origin": "https://days.example.org"}
    answer = secure.post(site.letters()[-1].link("calendar/manage").removeprefix("/calendar"), headers=headers)
    assert answer.headers["location"] == "/calendar/manage"
    assert answer.headers["set-cookie"].endswith("Path=/calendar/manage; SameSite=strict; Secure")


def test_a_link_and_a_cookie_end_after_half_an_hour(site: RealSite, browser: TestClient) -> None:
    browser.post("/manage", data={"email": EMAIL})
    link, asked = site.letters()[-1].link("manage"), site.instant

    site.instant = asked + MANAGE_FOR
    assert browser.post(link).status_code == 404
    site.instant = asked + MANAGE_FOR - timedelta(seconds=1)
    assert browser.post(link).status_code == 303
    began = site.instant
    site.instant = began + SESSION_FOR - timedelta(seconds=1)
    assert EMAIL in browser.get("/manage").text
    site.instant = began + SESSION_FOR
    over = browser.get("/manage")
    assert (over.status_code, EMAIL in over.text) == (403, False)
    assert browser.post("/manage/leave").status_code == 403
    assert site.person().status is SubscriberStatus.ACTIVE


@pytest.mark.parametrize("value", ["", "x", "x" * 76])
def test_a_cookie_that_was_not_made_here_opens_nothing(site: RealSite, browser: TestClient, value: str) -> None:
    browser.cookies.set("manage", value, path="/manage")

    for doing in ("preferences", "day", "leave-day", "pause", "resume", "leave", "rejoin", "erase"):
        assert browser.post(f"/manage/{doing}", data=settings()).status_code == 403
    assert browser.get("/manage/export").status_code == 403


@pytest.mark.parametrize("purpose", ["unsubscribe", "confirm", "never", "manage", "undo"])
def test_no_other_token_is_a_cookie(site: RealSite, browser: TestClient, purpose: str) -> None:
    key = site.person().key
    tokens = site.tokens
    made = {
        "unsubscribe": lambda: tokens.unsubscribe(key),
        "confirm": lambda: tokens.confirm(key, key),
        "never": lambda: tokens.never(key, key),
        "manage": lambda: tokens.manage(key, site.instant),
        "undo": lambda: tokens.undo(key, site.instant),
    }[purpose]()
    browser.cookies.set("manage", made, path="/manage")

    assert browser.get("/manage").status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_forms_of_other_sites_change_nothing(site: RealSite, browser: TestClient, headers: dict[str, str]) -> None:
    opened(site, browser)
    site.allowed_origins = ("https://partner.example",)

    for doing in ("preferences", "leave", "pause", "erase"):
        assert browser.post(f"/manage/{doing}", data=settings(), headers=headers).status_code == 403
    partner = {"Origin": "https://partner.example", "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/manage/leave", headers=partner).status_code == 403
    ended = browser.post("/manage/end", headers=headers)
    assert (ended.status_code, "set-cookie" in ended.headers) == (403, False)
    assert EMAIL in browser.get("/manage").text
    assert site.person().status is SubscriberStatus.ACTIVE


def test_the_settings_can_be_closed_on_a_device(site: RealSite, browser: TestClient) -> None:
    opened(site, browser)
    browser.post("/manage/end")

    assert EMAIL not in browser.get("/manage").text


def test_the_page_is_kept_by_nobody(site: RealSite, browser: TestClient) -> None:
    headers = opened(site, browser).get("/manage").headers

    assert headers["cache-control"] == "private, no-store"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["referrer-policy"] == "same-origin"


# What can be changed


def test_language_zone_hour_leads_overview_and_days_can_be_changed(site: RealSite, browser: TestClient) -> None:
    page = change(
        opened(site, browser),
        "preferences",
        lang="de",
        zone="America/New_York",
        hour="7",
        leads=["30", "0"],
        milestones="on",
        digest="weekly:sun",
        select=["khojaly", "collection:azerbaijan", "-black-january"],
    )

    wanted = site.person().preference
    assert wanted.key == "de America/New_York 7 30,0;milestones weekly:sun collection:azerbaijan,khojaly,-black-january"
    assert "Die Einstellungen sind gespeichert." in page


def test_what_cannot_be_read_changes_nothing_and_comes_back_as_it_was_filled(
    site: RealSite, browser: TestClient
) -> None:
    answer = opened(site, browser).post("/manage/preferences", data=settings(hour="25", zone="Asia/Tokyo"))

    assert answer.status_code == 422
    assert "Please choose an hour from 0 to 23." in answer.text
    assert '<option value="Asia/Tokyo" selected>' in answer.text
    assert site.person().preference.hour == 9


def test_one_day_can_have_notices_of_its_own(site: RealSite, browser: TestClient) -> None:
    opened(site, browser)
    page = change(browser, "day", event="khojaly", leads=["30", "0"])
    assert str(site.person().preference.leads) == "7,1,0;khojaly:30,0"
    assert "Khojaly: 30 days before and on the day itself" in page

    change(browser, "preferences", **settings(leads="none"))
    assert str(site.person().preference.leads) == "none;khojaly:30,0"
    change(browser, "day", event="khojaly")
    assert str(site.person().preference.leads) == "none"


@pytest.mark.parametrize("form", [{"event": "nowhere"}, {}, {"event": "khojaly", "leads": "soon"}])
def test_a_day_that_is_not_there_changes_nothing(site: RealSite, browser: TestClient, form: dict[str, str]) -> None:
    opened(site, browser)

    assert browser.post("/manage/day", data=form).status_code == 422
    assert str(site.person().preference.leads) == "7,1,0"


def test_one_day_can_be_left_and_taken_in_again(site: RealSite, browser: TestClient) -> None:
    opened(site, browser)
    change(browser, "day", event="khojaly", leads=["30"])
    page = change(browser, "leave-day", event="khojaly")

    person = site.person()
    assert (str(person.preference.selection), str(person.preference.leads)) == ("all,-khojaly", "7,1,0")
    assert "You will hear no more of this day." in page
    assert re.search(r'value="-khojaly" checked', page)
    change(browser, "preferences", **settings())
    assert str(site.person().preference.selection) == "all"


def test_a_pause_lasts_until_a_date_and_can_be_ended(site: RealSite, browser: TestClient, engine: Engine) -> None:
    opened(site, browser)
    page = change(browser, "pause", until="2027-01-19")
    assert (site.person().status, site.person().paused_until) == (SubscriberStatus.PAUSED, date(2027, 1, 19))
    assert "Paused: reader@example.org is written to again from 19 January 2027 on." in page
    assert tick(engine, site.catalog, "2027-01-14T09:00+01:00").planned == 0

    site.instant = at("2027-01-14T10:00+01:00")
    change(opened(site, site.browser()), "resume")
    assert (site.person().status, site.person().paused_until) == (SubscriberStatus.ACTIVE, None)


@pytest.mark.parametrize("until", ["2027-01-13", "2020-01-01", "tomorrow", "", "2027-02-30"])
def test_a_pause_until_no_coming_date_is_refused(site: RealSite, browser: TestClient, until: str) -> None:
    answer = opened(site, browser).post("/manage/pause", data={"until": until})

    assert answer.status_code == 422
    assert "Please choose a date after today." in answer.text
    assert site.person().status is SubscriberStatus.ACTIVE


def test_who_is_suspended_is_told_why_and_can_lift_it(site: RealSite, browser: TestClient) -> None:
    with writing(site.engine) as db:
        set_status(db, site.person().id, SubscriberStatus.SUSPENDED, site.instant, reason="5.1.1 no such user <x>")
        db.execute(subscribers.update().values(bounces=5, bounced_on=date(2027, 1, 11)))
    page = opened(site, browser).get("/manage").text
    assert "came back, last on 11 January 2027; therefore nothing is sent there at present." in page
    assert "5.1.1" not in page

    change(browser, "resume")

    person = site.person()
    assert (person.status, person.bounces, person.bounced_on) == (SubscriberStatus.ACTIVE, 0, None)


def test_leaving_everything_and_coming_back_with_a_new_consent(site: RealSite, browser: TestClient) -> None:
    opened(site, browser)
    page = change(browser, "leave")
    assert site.person().status is SubscriberStatus.UNSUBSCRIBED
    assert "With this button you agree" in page

    site.later(minutes=1)
    change(browser, "rejoin")

    person = site.person()
    assert (person.status, person.consent.source) == (SubscriberStatus.ACTIVE, "http://testserver/manage")
    assert (person.consent.at, person.consent.wording[:11]) == (site.instant, "With this b")


def test_everything_that_is_kept_can_be_taken_away(site: RealSite, browser: TestClient, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T13:00+01:00")
    answer = opened(site, browser).get("/manage/export")

    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["content-disposition"] == 'attachment; filename="subscription.json"'
    kept = json.loads(answer.content)
    assert (kept["email"], kept["status"], kept["preference"]["select"]) == (EMAIL, "active", "all")
    assert kept["consent"] == {"wording": "I agree", "at": "2027-01-10T11:00:00+00:00", "source": "test", "ip": None}
    assert [(one["kind"], one["day"], one["state"]) for one in kept["messages"]] == [
        ("notice", "2027-01-13", "due"),
        ("service", "2027-01-13", "due"),
    ]
    assert (kept["confirmed_at"], kept["request"]) == (None, None)
    columns = {column.name for column in subscribers.c} - {"id", "key", "email_key", "preference_id", "nonce"}
    columns -= {"requested_at"}  # in `request`
    assert columns <= {*kept, "consent_at", "consent_source", "consent_ip", "covered_through", "bounces", "bounced_on"}


def test_erasing_keeps_a_hash_alone(site: RealSite, browser: TestClient, engine: Engine) -> None:
    other = join(engine, site.catalog, "other@example.org")
    tick(engine, site.catalog, "2027-01-13T13:00+01:00")
    attempt(engine, "2027-01-13T13:01+01:00")
    key = site.person().key
    opened(site, browser)
    assert browser.get("/manage/erase").status_code == 200
    assert site.person().status is SubscriberStatus.ACTIVE

    answer = browser.post("/manage/erase")

    assert "Everything about you was erased." in answer.text
    assert 'manage=""; HttpOnly; Max-Age=0' in answer.headers["set-cookie"]
    with reading(engine) as db:
        assert subscriber_by_key(db, key) is None
        assert db.scalars(select(deliveries.c.subscriber_id)).all() == [other.id]
        assert db.scalars(select(suppressions.c.hash)).all() == [site.address_hash.of(EMAIL)]
    assert EMAIL not in site.journal.read_text()
    assert browser.post("/manage/preferences", data=settings()).status_code == 403


# Leaving by the link in a message, and taking it back


def left(site: RealSite, browser: TestClient) -> str:
    """Leave by one click, and return where that is taken back."""
    answer = browser.post(f"/unsubscribe/{site.tokens.unsubscribe(site.person().key)}")
    found = re.search(r'action="(/undo/[^"]+)"', answer.text)
    assert found is not None
    return found[1]


def test_leaving_can_be_taken_back_with_all_there_was(site: RealSite, browser: TestClient, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T13:00+01:00")
    undo = left(site, browser)
    assert attempt(engine, "2027-01-13T13:01+01:00") == []

    answer = browser.post(undo, data={"keep": "all"})

    assert "You will receive the notices as before." in answer.text
    assert site.person().status is SubscriberStatus.ACTIVE
    assert [claimed.email for claimed in attempt(engine, "2027-01-13T13:02+01:00")] == [EMAIL]


def test_only_the_days_themselves_can_be_kept(site: RealSite, browser: TestClient, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T13:00+01:00")
    answer = browser.post(left(site, browser), data={"keep": "day"})

    assert "one message on each of the days themselves" in answer.text
    wanted = site.person().preference
    assert (str(wanted.leads), wanted.digest) == ("0", "none")
    assert attempt(engine, "2027-01-13T13:02+01:00") == []
    tick(engine, site.catalog, "2027-01-20T09:00+01:00")
    assert days_left(engine, site.person())[-1:] == [(0,)]


def test_a_pause_is_there_again(site: RealSite, browser: TestClient) -> None:
    site.visitors.pause(site.person().key, date(2027, 3, 1))
    browser.post(left(site, browser), data={"keep": "all"})

    assert (site.person().status, site.person().paused_until) == (SubscriberStatus.PAUSED, date(2027, 3, 1))


def test_it_can_be_taken_back_once_for_half_an_hour_and_by_that_page_alone(site: RealSite, browser: TestClient) -> None:
    undo = left(site, browser)
    assert browser.get(undo).status_code == 405
    site.later(minutes=30)
    assert browser.post(undo, data={"keep": "all"}).status_code == 404
    site.later(minutes=-1)
    assert browser.post(undo, data={"keep": "all"}).status_code == 200
    browser.post(f"/unsubscribe/{site.tokens.unsubscribe(site.person().key)}")
    assert browser.post(undo, data={"keep": "all"}).status_code == 410
    assert site.person().status is SubscriberStatus.UNSUBSCRIBED


def test_whoever_is_forwarded_a_message_cannot_bring_back_somebody_who_left(
    site: RealSite, browser: TestClient
) -> None:
    """listmonk#2583: the link in a message unsubscribes, and does nothing else."""
    left(site, browser)
    site.later(seconds=1)
    again = browser.post(f"/unsubscribe/{site.tokens.unsubscribe(site.person().key)}")

    assert again.status_code == 200
    assert "/undo/" not in again.text


@pytest.mark.parametrize("status", [SubscriberStatus.PENDING, SubscriberStatus.SUSPENDED, SubscriberStatus.SUPPRESSED])
def test_who_was_not_written_to_is_not_made_to_be_by_leaving(
    site: RealSite, browser: TestClient, status: SubscriberStatus
) -> None:
    with writing(site.engine) as db:
        set_status(db, site.person().id, status, site.instant)
    answer = browser.post(f"/unsubscribe/{site.tokens.unsubscribe(site.person().key)}")

    assert "You will receive no more notices." in answer.text
    assert "/undo/" not in answer.text


# Changes lose no today and bring no past


def test_a_change_at_noon_brings_what_is_newly_wanted_today(site: RealSite, engine: Engine) -> None:
    """Nothing was announced to them today, so what they now want of today still is."""
    change_to(site, "2027-01-12T08:00+01:00", leads=(1,))
    assert tick(engine, site.catalog, "2027-01-13T09:00+01:00").planned == 0

    change_to(site, "2027-01-13T12:00+01:00", leads=(7,))

    assert tick(engine, site.catalog, "2027-01-13T12:01+01:00").planned == 1
    assert days_left(engine, site.person()) == [(7,)]


def test_whoever_has_had_todays_message_has_no_other_and_nothing_twice(site: RealSite, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T09:01+01:00")

    change_to(site, "2027-01-13T12:00+01:00", hour=13, leads=(7, 6, 0))

    assert tick(engine, site.catalog, "2027-01-13T13:00+01:00").planned == 0
    tick(engine, site.catalog, "2027-01-14T13:00+01:00")
    assert days_left(engine, site.person()) == [(7,), (6,)]


def test_what_waits_untried_goes_out_as_it_is_wanted_now(site: RealSite, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")

    change_to(site, "2027-01-13T09:00:05+01:00", language="de", selection=parse_selection("all"))
    tick(engine, site.catalog, "2027-01-13T09:00:20+01:00")

    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(deliveries)) == 1
    [delivery] = planned_for(engine, site.person())
    assert delivery.state is DeliveryState.DUE


def test_what_waits_of_a_day_that_was_left_does_not_go_out(site: RealSite, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    site.instant = at("2027-01-13T09:00:05+01:00")
    site.visitors.leave_event(site.person().key, "black-january")

    assert tick(engine, site.catalog, "2027-01-13T09:00:20+01:00").planned == 0
    assert attempt(engine, "2027-01-13T09:01+01:00") == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo", "America/Los_Angeles"])
def test_a_move_to_another_zone_says_everything_once(site: RealSite, engine: Engine, zone: str) -> None:
    every_day = tuple(range(12))
    change_to(site, "2027-01-11T01:00+01:00", leads=every_day)
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    attempt(engine, "2027-01-13T09:01+01:00")

    change_to(site, "2027-01-13T12:00+01:00", leads=every_day, zone=zone)
    for hour in range(13, 13 + 24 * 9):
        moment = at("2027-01-13T00:00+01:00") + timedelta(hours=hour)
        tick(engine, site.catalog, moment.isoformat())
        attempt(engine, moment.isoformat())

    told = [days for message in days_left(engine, site.person()) for days in message]
    assert told == sorted(told, reverse=True)
    assert len(told) == len(set(told))
    assert set(told) >= set(range(7))


def test_a_pause_that_ends_brings_nothing_of_the_time_between(site: RealSite, engine: Engine) -> None:
    site.visitors.pause(site.person().key, date(2027, 1, 30))
    site.instant = at("2027-01-19T12:00+01:00")
    site.visitors.resume(site.person().key)

    tick(engine, site.catalog, "2027-01-19T12:01+01:00")
    assert days_left(engine, site.person()) == [(1,)]


# What is on the wire meanwhile


def claimed_at(engine: Engine, when: str) -> tuple[UUID, list[ClaimedDelivery]]:
    token, now = uuid4(), at(when)
    with writing(engine) as db:
        return token, claim_batch(db, 10, token, now, now + LEASE)


def kept(engine: Engine, token: UUID, delivery: ClaimedDelivery, when: str) -> bool:
    """Let the server have taken a message, and return whether that was written down."""
    with writing(engine) as db:
        return not record_outcomes(db, token, [Ended(delivery.id, DeliveryState.SENT, "250 ok")], at(when))


@pytest.mark.parametrize("how", ["pause", "leave", "leave all but the days"])
def test_who_comes_back_while_their_message_is_on_the_wire_gets_no_second_one(
    site: RealSite, browser: TestClient, engine: Engine, how: str
) -> None:
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    token, [on_the_wire] = claimed_at(engine, "2027-01-13T09:01+01:00")
    site.instant = at("2027-01-13T09:01:01+01:00")
    if how == "pause":
        site.visitors.pause(site.person().key, date(2027, 3, 1))
        site.visitors.resume(site.person().key)
    else:
        browser.post(left(site, browser), data={"keep": "all" if how == "leave" else "day"})
    assert site.person().status is SubscriberStatus.ACTIVE

    assert tick(engine, site.catalog, "2027-01-13T09:01:02+01:00").planned == 0
    assert claimed_at(engine, "2027-01-13T09:01:02+01:00")[1] == []
    assert kept(engine, token, on_the_wire, "2027-01-13T09:01:03+01:00")

    tick(engine, site.catalog, "2027-01-13T12:00+01:00")
    assert attempt(engine, "2027-01-13T12:00+01:00") == []
    [delivery] = planned_for(engine, site.person())
    assert (delivery.state, delivery.detail, delivery.next_at) == (DeliveryState.SENT, "250 ok", None)


def test_what_its_sender_gave_up_meanwhile_goes_out_once_after_the_lease(site: RealSite, engine: Engine) -> None:
    tick(engine, site.catalog, "2027-01-13T09:00+01:00")
    claimed_at(engine, "2027-01-13T09:01+01:00")
    site.instant = at("2027-01-13T09:01:01+01:00")
    site.visitors.pause(site.person().key, date(2027, 3, 1))
    site.visitors.resume(site.person().key)

    assert attempt(engine, "2027-01-13T10:01+01:00") == []
    assert len(attempt(engine, "2027-01-13T10:01:01+01:00")) == 1
    assert attempt(engine, "2027-01-13T12:00+01:00") == []


def change_to(site: RealSite, when: str, **changes: Any) -> None:
    change_preference(site.engine, site.catalog, site.person().key, preference(**changes), at(when))
