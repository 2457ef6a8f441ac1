"""The JSON API of the running service, and what all of the web does with requests that make no sense."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.acceptance.conftest import Daemon, Place, environment, free_port
from tests.factories import ROOT

Start = Callable[..., Daemon]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One daemon for all requests that change nothing."""
    daemon = Daemon(Place(tmp_path_factory.mktemp("served")), free_port())
    daemon.wait_until_ready()
    yield daemon
    daemon.stop()


SCHEMATHESIS = [sys.executable, "-m", "schemathesis.cli"]

# Dates that are each well-formed can make a period that ends before it begins: that is for nobody's schema to say.
BEYOND_A_SCHEMA = "positive_data_acceptance"


def test_the_description_holds_for_whatever_it_allows_and_forbids(place: Place, start: Start) -> None:
    daemon = start()

    done = subprocess.run(
        [
            *SCHEMATHESIS, "run", f"{daemon.url}/api/openapi.json", "--max-examples=100",
            "--generation-deterministic", f"--exclude-checks={BEYOND_A_SCHEMA}", "--no-color",
        ],
        cwd=place.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: 3" in done.stdout
    assert "Traceback" not in daemon.log()


@pytest.mark.parametrize("lang", ["en", "de", "az", "tr", "ru"])
def test_the_command_line_and_the_api_say_the_same(place: Place, served: Daemon, lang: str) -> None:
    asked = ("upcoming", "--on", "2027-01-13", "--days", "400", "--lang", lang, "--select", "all,-khojaly", "--json")
    said = place.run(*asked, NOTIFIER_PORT=served.url.rpartition(":")[2])

    answer = served.get(f"/api/v1/occurrences?from=2027-01-13&to=2028-02-17&lang={lang}&select=all,-khojaly")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == json.loads(answer.body)
    assert len(json.loads(answer.body)["occurrences"]) >= 2


def test_every_language_tells_all_events_with_their_documents(served: Daemon) -> None:
    for lang in ("en", "de", "az", "tr", "ru"):
        events = json.loads(served.get(f"/api/v1/events?lang={lang}").body)["events"]
        assert events
        for event in events:
            assert event["heading"]["language"] == lang
            claims = [claim for figure in event["figures"] for claim in figure["claims"]] + event["called"]
            documents = {source["id"] for source in event["sources"]}
            assert all(claim["sources"] and documents.issuperset(claim["sources"]) for claim in claims)


START = """
import sys
import notifier.daemon
from notifier import clock
from notifier.services import open_services
from notifier.settings import read_settings
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first

with open_services(read_settings()) as services:
    services.start(clock.now())
    feeds_first(lambda: services.site, build_app(services))
    print([name for name in ("fastapi", "notifier.web.api_v1", "notifier.usecases.api") if name in sys.modules])
"""


def test_a_start_does_without_what_only_the_api_needs(place: Place) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=place.folder,
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout == "[]\n", done.stderr


# Requests that make no sense

ANSWERS = {200, 301, 302, 303, 308, 404, 405, 414, 422, 429}
"""What may come of any request that is HTTP: an answer, another address, or a sentence. Never a fault."""


def ask(daemon: Daemon, method: str, target: str) -> tuple[int, bytes]:
    """Send a request target as it stands, which no library would, and return the status and the body."""
    address = urlsplit(daemon.url)
    request = f"{method} {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request.encode("latin-1"))
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


ODD = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=30)
ENCODED = st.binary(min_size=1, max_size=6).map(lambda raw: "".join(f"%{octet:02X}" for octet in raw))
KNOWN = st.sampled_from(
    [
        *("en", "de", "xx", "EN", "api", "v1", "feeds", "events", "s", "unsubscribe", "static", "selections", "manage"),
        *("occurrences", "notices", "openapi.json", "healthz", "readyz", "calendar", "collections", "style.css"),
        *("black-january", "khojaly", "2027", "02027", "-1", "all.ics", "all.atom", "all.json", "azerbaijan.csv"),
        *("black-january.ics", "feeds.opml", "2027.ics", "1234567890123456.ics", "", ".", "..", "%2e%2e", "%2F"),
        *("%00", "%", "%zz", "%u2603", "%ff%fe", "%ED%A0%80", "%F0%9F%95%AF", "9" * 5000, "a" * 20_000, "%41" * 3000),
    ]
)
PIECE = KNOWN | ODD | ENCODED
NAME = st.sampled_from(["lang", "select", "from", "to", "on", "after", "q", "v", "lang[]", "", "%00"]) | ODD
VALUE = PIECE | st.sampled_from(["0001-01-01", "9999-12-31", "2027-02-29", "all", "-all", "all," * 3000, "1e999", "+"])
QUERY = st.lists(st.tuples(NAME, VALUE).map("=".join), max_size=3).map("&".join)
TARGET = st.builds(
    lambda pieces, query: "/" + "/".join(pieces) + (f"?{query}" if query else ""), st.lists(PIECE, max_size=5), QUERY
)
METHOD = st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])


def test_no_request_however_odd_is_a_fault(start: Start) -> None:
    daemon = start()

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(METHOD, TARGET)
    def ask_for(method: str, target: str) -> None:
        status, body = ask(daemon, method, target)
        assert status in ANSWERS
        assert b"Traceback" not in body
        assert status == 200 or status < 400 or method == "HEAD" or body.strip()

    ask_for()
    assert "Traceback" not in daemon.log()
    assert daemon.get("/healthz").status == 200


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/feeds/xx/all.ics", 404),
        ("/feeds/en/nothing.ics", 404),
        ("/feeds/en/events/nothing.ics", 404),
        ("/feeds/en/%00.ics", 404),
        ("/feeds/en/../../events.yaml", 404),
        ("/xx/", 404),
        ("/en/events/nothing", 404),
        ("/en/events/black-january/99999", 404),
        ("/unsubscribe/nothing", 404),
        ("/unsubscribe/%ff%fe%00", 404),
        ("/s/1234567890123456.ics", 404),
        ("/s/%F0%9F%95%AF.ics", 404),
        (f"/en/{'a' * 20_000}", 404),
        (f"/api/v1/events?select={'all,' * 10_000}", 414),
        (f"/api/v1/events?select={'all,' * 1_000}", 422),
        ("/api/v1/events?lang=%ff", 422),
        ("/api/v1/occurrences?from=%00", 422),
        ("/en/%zz%", 404),
    ],
)
def test_what_does_not_exist_is_one_sentence(served: Daemon, target: str, status: int) -> None:
    answered, body = ask(served, "GET", target)

    assert answered == status
    if b"<html" not in body:
        sentence = json.loads(body)["error"] if body.startswith(b"{") else body.decode().strip()
        assert sentence
        assert "\n" not in sentence


def test_what_is_no_http_is_refused_by_the_server_itself(served: Daemon) -> None:
    for target in ("/en/\x00", "/" + "a" * 70_000, "nothing", "http://[/"):
        assert 400 <= ask(served, "GET", target)[0] < 500
    assert ask(served, "BREW", "/")[0] == 400
