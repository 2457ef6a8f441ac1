"""The JSON API: what it answers, to whom, and how it refuses."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from starlette.testclient import TestClient

from notifier.domain.events import EventId, Place, Update
from notifier.domain.rules.gregorian import FixedDay
from notifier.usecases.api import EVENTS_AT_A_TIME, LONGEST_SELECTION
from notifier.web.app import build_app
from tests.factories import JAMNEWS_PAGE, OFFICIAL, black_january, khojaly, make_catalog, make_event, text
from tests.web_site import A_WEEK_BEFORE, SmallSite

EVENTS, OCCURRENCES, NOTICES = "/api/v1/events", "/api/v1/occurrences", "/api/v1/notices"
EVERY = (EVENTS, OCCURRENCES, NOTICES, "/api/openapi.json", "/api/events.schema.json")


@pytest.fixture(scope="module")
def served() -> tuple[SmallSite, TestClient]:
    """The application, built once; what is behind it is as new in each test."""
    site = SmallSite()
    return site, TestClient(build_app(site), raise_server_exceptions=False)


@pytest.fixture
def site(served: tuple[SmallSite, TestClient]) -> SmallSite:
    site, _ = served
    site.catalog, site.instant = make_catalog(), A_WEEK_BEFORE
    return site


@pytest.fixture
def browser(site: SmallSite, served: tuple[SmallSite, TestClient]) -> TestClient:
    return served[1]


def days_of(browser: TestClient, query: str) -> list[str]:
    return [one["date"] for one in browser.get(f"{OCCURRENCES}?{query}").json()["occurrences"]]


def refusal(browser: TestClient, path: str) -> str:
    """Return the one sentence that a question is refused with."""
    answer = browser.get(path)
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    assert list(answer.json()) == ["error"]
    sentence: str = answer.json()["error"]
    return sentence


# Occurrences


@pytest.mark.parametrize(("day", "path"), [("2030-01-20", "black-january/2030"), ("2031-01-20", "black-january")])
def test_a_day_without_a_page_leads_to_the_events(browser: TestClient, day: str, path: str) -> None:
    for query in (f"{OCCURRENCES}?from={day}&to={day}", f"{NOTICES}?on={day}"):
        ((one,),) = browser.get(query).json().values()

        assert one["url"] == f"http://testserver/en/events/{path}"
        assert browser.get(one["url"]).status_code == 200


def test_an_occurrence_is_what_the_design_says(browser: TestClient) -> None:
    answer = browser.get(f"{OCCURRENCES}?from=2027-01-13&to=2027-01-20&lang=de")

    assert answer.json() == {
        "occurrences": [
            {
                "event": "black-january",
                "year": 2027,
                "date": "2027-01-20",
                "until": "2027-01-20",
                "days": 7,
                "ordinal": 37,
                "title": "Schwarzer Januar: 37. Jahrestag",
                "estimated": False,
                "collections": ["azerbaijan"],
                "url": "http://testserver/de/events/black-january/2027",
            }
        ]
    }
    assert answer.headers["content-type"] == "application/json"


def test_without_a_word_it_is_ninety_days_from_today_in_the_calendars_zone_and_first_language(
    site: SmallSite, browser: TestClient
) -> None:
    site.instant = datetime(2027, 1, 20, 20, 30, tzinfo=UTC)  # half past midnight of the 21st in Baku

    [khojaly] = browser.get(OCCURRENCES).json()["occurrences"]

    assert (khojaly["date"], khojaly["days"], khojaly["title"]) == ("2027-02-26", 36, "Khojaly: 35th anniversary")


def test_both_ends_of_a_period_belong_to_it(browser: TestClient) -> None:
    assert days_of(browser, "from=2027-01-20&to=2027-02-26") == ["2027-01-20", "2027-02-26"]
    assert days_of(browser, "from=2027-01-21&to=2027-02-25") == []


def test_a_period_is_at_most_four_hundred_days_long(browser: TestClient) -> None:
    assert len(days_of(browser, "from=2027-01-01&to=2028-02-05")) == 3

    sentence = refusal(browser, f"{OCCURRENCES}?from=2027-01-01&to=2028-02-06")
    assert sentence == "from 2027-01-01 to 2028-02-06 it is 401 days; ask for at most 400 at a time"


@pytest.mark.parametrize("first", ["0001-01-01", "0001-01-02", "1990-01-20", "9999-10-02", "9999-12-30", "9999-12-31"])
def test_every_date_there_is_can_be_asked_for(browser: TestClient, first: str) -> None:
    assert browser.get(f"{OCCURRENCES}?from={first}").status_code == 200
    assert browser.get(f"{NOTICES}?on={first}").status_code == 200


def test_a_day_without_an_origin_is_there_from_the_first_year_to_the_last(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(
        make_event(origin=None, rule=FixedDay(1, 1)), make_event("other", rule=FixedDay(12, 30))
    )

    assert days_of(browser, "from=0001-01-01") == ["0001-01-01"]
    assert days_of(browser, "from=9999-01-01&to=9999-12-31") == ["9999-01-01", "9999-12-30"]
    assert [one["days"] for one in browser.get(f"{NOTICES}?on=0001-01-01").json()["notices"]] == [0]


def test_a_selection_is_the_same_as_everywhere(browser: TestClient) -> None:
    assert days_of(browser, "from=2027-01-01&select=all,-khojaly") == ["2027-01-20"]
    assert days_of(browser, "from=2027-01-01&select=khojaly;black-january") == ["2027-01-20", "2027-02-26"]
    assert days_of(browser, "from=2027-01-01&select=collection:azerbaijan,-black-january") == ["2027-02-26"]


# Notices


def test_a_notice_is_an_occurrence_with_the_lead_that_announces_it(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(black_january(), replace(khojaly(), leads=(30, 1)))

    [announced] = browser.get(f"{NOTICES}?on=2027-01-13").json()["notices"]
    assert (announced["event"], announced["date"], announced["days"], announced["lead"]) == (
        "black-january",
        "2027-01-20",
        7,
        7,
    )
    assert {"lead"} == announced.keys() - browser.get(OCCURRENCES).json()["occurrences"][0].keys()

    told = {
        day: [(one["event"], one["lead"]) for one in browser.get(f"{NOTICES}?on={day}").json()["notices"]]
        for day in ("2027-01-19", "2027-01-20", "2027-01-27", "2027-02-19", "2027-02-25")
    }
    assert told == {
        "2027-01-19": [],
        "2027-01-20": [("black-january", 0)],
        "2027-01-27": [("khojaly", 30)],
        "2027-02-19": [],
        "2027-02-25": [("khojaly", 1)],
    }


def test_notices_are_those_of_today_unless_a_day_is_named(browser: TestClient) -> None:
    assert browser.get(NOTICES).json() == browser.get(f"{NOTICES}?on=2027-01-13").json()


# Events


def full_event() -> Any:
    """Return the event with everything that an event can have and the factories leave out."""
    return replace(
        black_january(),
        was=(EventId("january-1990"),),
        official_name=replace(black_january().called[0], term=text(en="Day of National Mourning")),
        remembered=black_january().summary,
        updates=(Update(date(2024, 2, 23), text(en="Something became known."), OFFICIAL, (JAMNEWS_PAGE,)),),
        leads=(30, 7, 0),
        place=Place(None, None, None),
        translations={"de": "machine"},
    )


def test_figures_and_names_are_claims_with_whoever_makes_them_and_where(browser: TestClient) -> None:
    event = browser.get(f"{EVENTS}?select=black-january&lang=de").json()["events"][0]

    assert event["figures"] == [
        {
            "what": "killed",
            "name": {"text": "Getötete", "language": "de"},
            "claims": [
                {
                    "value": 147,
                    "qualifier": "exactly",
                    "said": "147",
                    "by": {"id": "official-az", "name": {"text": "amtliche Angaben", "language": "de"}},
                    "sources": ["jamnews-2019-01"],
                    "note": None,
                },
                {
                    "value": 140,
                    "qualifier": "at least",
                    "said": "mindestens 140",
                    "by": {"id": "euronews", "name": {"text": "Euronews", "language": "de"}},
                    "sources": ["euronews"],
                    "note": None,
                },
            ],
        }
    ]
    assert event["called"][0]["term"] == {"text": "Massaker", "language": "de"}
    assert [source["id"] for source in event["sources"]] == ["euronews", "jamnews-2019-01"]
    assert (event["origin"], event["rule"], event["begins"]) == ("1990-01-20", "20 January", "eve")
    assert event["place"] == {
        "name": {"text": "Baku", "language": "de"},
        "zone": "Asia/Baku",
        "latitude": 40.3553,
        "longitude": 49.8128,
    }


def test_a_text_that_is_not_translated_says_which_language_it_is_in(site: SmallSite, browser: TestClient) -> None:
    site.catalog = make_catalog(full_event())

    [event] = browser.get(f"{EVENTS}?lang=de").json()["events"]

    assert event["official_name"]["term"] == {"text": "Day of National Mourning", "language": "en"}
    assert event["updates"][0]["text"]["language"] == "en"
    assert event["heading"] == {"text": "Schwarzer Januar", "language": "de"}
    assert (event["unreviewed"], event["leads"], event["was"]) == (True, [30, 7, 0], ["january-1990"])
    assert event["place"] == {"name": None, "zone": None, "latitude": None, "longitude": None}


def test_many_events_come_in_parts_each_of_which_names_the_next(site: SmallSite, browser: TestClient) -> None:
    many = [f"day-{number}" for number in range(2 * EVENTS_AT_A_TIME + 1)]
    site.catalog = make_catalog(*map(make_event, many))

    following, parts = f"{EVENTS}?lang=de&select=all,-day-3", []
    while following:
        answer = browser.get(following).json()
        parts.append([event["id"] for event in answer["events"]])
        following = answer["next"]

    assert [len(part) for part in parts] == [EVENTS_AT_A_TIME, EVENTS_AT_A_TIME]
    assert list(chain(*parts)) == [one for one in many if one != "day-3"]


# Refusals


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (f"{OCCURRENCES}?lang=xx", '"xx" is not a language of this calendar; it has en, de'),
        (f"{NOTICES}?lang=", '"" is not a language of this calendar; it has en, de'),
        (f"{OCCURRENCES}?from=2027-02-29", '"2027-02-29" is not a date; write it as 2027-01-20'),
        (f"{OCCURRENCES}?to=20270120", '"20270120" is not a date; write it as 2027-01-20'),
        (f"{OCCURRENCES}?from=10000-01-01", '"10000-01-01" is not a date; write it as 2027-01-20'),
        (f"{OCCURRENCES}?from=0000-01-01", '"0000-01-01" is not a date; write it as 2027-01-20'),
        (f"{OCCURRENCES}?from=%D9%A2%D9%A0%D9%A2%D9%A7-01-01", '"٢٠٢٧-01-01" is not a date; write it as 2027-01-20'),
        (f"{NOTICES}?on=today", '"today" is not a date; write it as 2027-01-20'),
        (f"{NOTICES}?on={'9' * 100}", f'"{"9" * 60}…" is not a date; write it as 2027-01-20'),
        (
            f"{OCCURRENCES}?from=2027-01-20&to=2027-01-19",
            "the period ends on 2027-01-19, before it begins on 2027-01-20",
        ),
        (f"{OCCURRENCES}?to=2027-01-12", "the period ends on 2027-01-12, before it begins on 2027-01-13"),
        (f"{OCCURRENCES}?select=khojali", 'the calendar has no event "khojali"; did you mean khojaly?'),
        (f"{EVENTS}?select=collection:moon", 'the calendar has no collection "moon"'),
        (
            f"{EVENTS}?select=-all",
            'the selection "-all" takes no event in; begin with all, collection:NAME or an event\'s id',
        ),
        (
            f"{EVENTS}?select=a%00b",
            (
                '"a\x00b" is not a selection; use all, collection:NAME or an event\'s id, '
                "each with - before it to leave it out"
            ),
        ),
        (f"{EVENTS}?after=nothing", 'the calendar has no event "nothing"'),
        (f"{OCCURRENCES}?on=2027-01-20", 'there is no parameter "on" here; see /api/openapi.json'),
        (
            f"{OCCURRENCES}?from=2027-01-01&from=2028-01-01",
            'the parameter "from" is there 2 times; give each once',
        ),
        (f"{EVENTS}?lang=de&select=all&lang=de", 'the parameter "lang" is there 2 times; give each once'),
        (f"{NOTICES}?on=2027-01-13&on=&on=", 'the parameter "on" is there 3 times; give each once'),
        (
            f"{EVENTS}?select={'a,' * 2000}",
            f"the selection has 4000 characters; use at most {LONGEST_SELECTION}, or name a collection",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_with_one_sentence(browser: TestClient, path: str, sentence: str) -> None:
    assert refusal(browser, path) == sentence


def test_a_query_that_is_too_long_is_not_read(browser: TestClient) -> None:
    answer = browser.get(f"{EVENTS}?select={'a,' * 5000}")

    assert (answer.status_code, answer.json()) == (414, {"error": "The query is longer than 8192 octets."})


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/", "/api/v2/events", f"{EVENTS}/", "/api/docs"])
def test_an_address_that_is_none_is_404_in_one_sentence(browser: TestClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    assert answer.json() == {"error": "there is nothing at this address; see /api/openapi.json"}


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_the_api_is_only_read(browser: TestClient, method: str, path: str) -> None:
    answer = browser.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"error": "the API is read with GET or HEAD"}


class Broken(SmallSite):
    def now(self) -> datetime:
        return datetime.fromisoformat(Path("/nowhere").read_text("utf-8"))


def test_a_fault_of_the_service_tells_nothing_of_it() -> None:
    answer = TestClient(build_app(Broken()), raise_server_exceptions=False).get(EVENTS)

    assert (answer.status_code, answer.json()) == (500, {"error": "something went wrong here; please try again later"})
    assert answer.headers["access-control-allow-origin"] == "*"


# HTTP


@pytest.mark.parametrize("path", EVERY)
def test_head_has_the_headers_of_get_and_no_body(browser: TestClient, path: str) -> None:
    get, head = browser.get(path), browser.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("path", EVERY)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_an_answer_the_reader_has_is_not_sent_again(browser: TestClient, path: str, coding: str) -> None:
    etag = browser.get(path, headers={"Accept-Encoding": coding}).headers["etag"]

    answer = browser.get(path, headers={"Accept-Encoding": coding, "If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_long_answer_is_packed_for_those_who_take_it(browser: TestClient) -> None:
    plain = browser.get(EVENTS, headers={"Accept-Encoding": "identity"})
    with browser.stream("GET", EVENTS, headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] == f'{plain.headers["etag"][:-1]}-gzip"'
    assert gzip.decompress(raw) == plain.content


def test_an_answer_changes_with_the_date_and_with_the_calendar(site: SmallSite, browser: TestClient) -> None:
    etag = browser.get(OCCURRENCES).headers["etag"]

    site.instant = datetime(2027, 1, 13, 20, 0, tzinfo=UTC)  # midnight in Baku
    tomorrow = browser.get(OCCURRENCES, headers={"If-None-Match": etag})
    assert tomorrow.json()["occurrences"][0]["days"] == 6

    site.catalog = make_catalog(khojaly())
    changed = browser.get(OCCURRENCES, headers={"If-None-Match": tomorrow.headers["etag"]})
    assert [one["event"] for one in changed.json()["occurrences"]] == ["khojaly"]


@pytest.mark.parametrize("path", [*EVERY, f"{EVENTS}?lang=xx", "/api/nothing", f"{EVENTS}?select={'a,' * 5000}"])
def test_the_scripts_of_any_site_may_read_it_and_the_security_headers_stay(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers

    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_browser_that_asks_first_is_told_that_it_may_read_and_only_read(browser: TestClient) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}

    answer = browser.options(EVENTS, headers=asked | {"Access-Control-Request-Headers": "if-none-match"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert answer.headers["access-control-allow-headers"] == "If-None-Match"


def test_a_page_of_the_site_is_not_opened_to_other_sites_by_it(browser: TestClient) -> None:
    assert "access-control-allow-origin" not in browser.get("/en/").headers


# The description


def test_the_description_names_the_languages_of_the_calendar_and_every_refusal(browser: TestClient) -> None:
    document = browser.get("/api/openapi.json").json()

    assert set(document["paths"]) == {EVENTS, OCCURRENCES, NOTICES}
    assert document["servers"] == [{"url": "http://testserver"}]
    for path in document["paths"].values():
        [operation] = path.values()
        assert set(operation["responses"]) == {"200", "304", "414", "422"}
        [lang] = [one for one in operation["parameters"] if one["name"] == "lang"]
        assert lang["schema"]["enum"] == ["en", "de"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "Each parameter is given once" in document["info"]["description"]


def test_everything_in_an_answer_is_described_and_always_there(browser: TestClient) -> None:
    schemas = browser.get("/api/openapi.json").json()["components"]["schemas"]

    occurrence = browser.get(OCCURRENCES).json()["occurrences"][0]
    assert list(schemas["OccurrenceFields"]["properties"]) == list(occurrence)
    assert schemas["OccurrenceFields"]["required"] == list(occurrence)
    event = browser.get(EVENTS).json()["events"][0]
    assert schemas["EventFields"]["required"] == list(event)


def test_readers_who_come_at_once_to_an_api_nobody_asked_before_are_all_answered() -> None:
    app, together = build_app(SmallSite()), Barrier(6)

    def read(_: int) -> int:
        together.wait()
        return TestClient(app).get(OCCURRENCES).status_code

    with ThreadPoolExecutor(6) as readers:
        assert list(readers.map(read, range(6))) == [200] * 6
