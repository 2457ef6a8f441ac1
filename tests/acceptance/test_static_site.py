"""The published folder beside the daemon: the same bytes, and from a real nginx the same answers."""

from __future__ import annotations

import gzip
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from notifier.content.nginx import live_pattern
from tests.acceptance.conftest import NEXT_YEAR, Answer, Daemon, Place, free_port
from tests.hub import running_hub
from tests.nginx import NGINX, Nginx, running_nginx

Start = Callable[..., Daemon]

needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed (on Debian and Ubuntu: apt-get install nginx-light)"
)

# For static servers, not for readers; or not under an address of its own.
UNADDRESSED = {"_headers", "_redirects", "nginx.conf", "revisions.json", ".published.json"}

LIVE = re.compile(live_pattern(""))

FEED, PAGE, STYLE = "/feeds/de/all.ics", "/de/events/black-january", "/static/style.css"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def times(folder: Path) -> dict[str, float]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime for path in folder.rglob("*") if path.is_file()}


def address_of(name: str) -> str:
    """Return the address that a published file is the answer for."""
    path = "/" + name.removesuffix(".gz")
    for end, shown in (("/404.html", "/-"), ("/404.txt", "/-"), ("/index.html", "/"), (".html", "")):
        if path.endswith(end):
            return path.removesuffix(end) + shown
    return path


def publish(place: Place, url: str, folder: str = "site") -> Path:
    done = place.run("publish", folder, "--base-url", url)
    assert done.returncode == 0, done.stderr
    return place.folder / folder


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty folder, where two languages are served; without pictures, which take most of the time."""
    return Place(tmp_path, settings={"NOTIFIER_LANGUAGES": "en,de", "NOTIFIER_PICTURES": "false"})


@pytest.fixture
def elsewhere(place: Place) -> Place:
    """A second empty folder, with a database of its own."""
    (place.folder / "elsewhere").mkdir()
    return Place(place.folder / "elsewhere", settings=place.settings)


# --- the same bytes ---------------------------------------------------------------------------------------------------


def test_every_file_is_what_the_daemon_answers(place: Place, start: Start) -> None:
    place.settings.clear()  # all languages of the calendar
    daemon = start()

    published = files(publish(place, daemon.url))

    for name, content in published.items():
        if name in UNADDRESSED:
            continue
        asked = daemon.get("/en/" if name == "index.html" else address_of(name), Accept_Encoding="identity")
        assert asked.status == (404 if "404." in name else 200), name
        assert (gzip.decompress(content) if name.endswith(".gz") else content) == asked.body, name
        if name.endswith(".gz"):
            assert content == daemon.get(address_of(name), Accept_Encoding="gzip").body
    for path in ("en/index", "de/events/black-january", f"ru/events/khojaly/{NEXT_YEAR}"):
        assert f"{path}.html" in published
    feeds = ("feeds/en/all.ics", "feeds/az/azerbaijan.ics", "feeds/ru/events/khojaly.ics")
    for path in (*feeds, f"en/events/khojaly/{NEXT_YEAR}.ics"):
        assert {path, f"{path}.gz"} <= set(published)


def test_every_address_the_pages_link_to_is_published(place: Place, start: Start) -> None:
    url = "http://127.0.0.1:1"
    published = files(publish(place, url))
    addresses = {address_of(name) for name in published}

    for name, content in published.items():
        if name.endswith(".html"):
            linked = {part.partition('"')[0] for part in content.decode().replace(url, "").split('href="')[1:]}
            local = {link.partition("?")[0].partition("#")[0] for link in linked if link.startswith("/")}
            assert {address for address in local if not LIVE.match(address)} <= addresses, name


def test_a_fresh_database_publishes_the_same_folder(place: Place, elsewhere: Place) -> None:
    first, second = publish(place, "https://days.example.org"), publish(elsewhere, "https://days.example.org")

    assert {**files(first), ".published.json": b""} == {**files(second), ".published.json": b""}
    assert {n: t for n, t in times(first).items() if ".ics" in n} == {
        n: t for n, t in times(second).items() if ".ics" in n
    }


def test_publishing_again_writes_nothing(place: Place) -> None:
    place.run("publish", "site")
    before = times(place.folder / "site")

    done = place.run("publish", "site")

    assert (done.returncode, done.stdout) == (0, f"0 written, {len(before) - 1} unchanged, 0 removed: site\n")
    assert {**times(place.folder / "site"), ".published.json": 0} == {**before, ".published.json": 0}


def test_a_german_edit_rewrites_german_files_only(place: Place, calendar: Path) -> None:
    site = publish(place, "https://days.example.org")
    before = files(site)
    text = calendar.read_text("utf-8")
    calendar.write_text(text.replace("Euronews beschreibt die Ereignisse", "Euronews nennt die Ereignisse"), "utf-8")

    publish(place, "https://days.example.org")

    changed = {name for name, content in files(site).items() if before[name] != content}
    feeds = {name for name in changed if name.startswith("feeds/")}
    assert {name.split("/")[1] for name in feeds} == {"de"}
    assert changed - feeds - {"revisions.json", ".published.json"} <= {n for n in changed if n.startswith("de/")}


def test_a_fresh_database_goes_on_where_the_published_history_stopped(
    place: Place, elsewhere: Place, calendar: Path, start: Start
) -> None:
    text = calendar.read_text("utf-8")
    edited = text.replace("Euronews beschreibt die Ereignisse", "Euronews nennt die Ereignisse")
    for version in (text, edited):
        calendar.write_text(version, "utf-8")
        publish(place, "https://days.example.org")
    calendar.write_text(text, "utf-8")
    daemon = start()
    url, said = daemon.url, daemon.get(FEED)
    site = publish(place, url)
    daemon.stop()
    assert b"SEQUENCE:2" in said.body

    shutil.copytree(site, elsewhere.folder / "site")
    shutil.copy(calendar, elsewhere.folder)
    done = elsewhere.run("publish", "site", "--base-url", url)
    assert (done.returncode, done.stdout.startswith("0 written")) == (0, True), done.stderr + done.stdout

    third = Place(elsewhere.folder / "third", settings=place.settings)
    third.folder.mkdir()
    shutil.copy(calendar, third.folder)
    adopted = third.run("db", "adopt", str(site / "revisions.json"))
    assert (adopted.returncode, adopted.stdout) == (0, f"{site / 'revisions.json'} was adopted\n")
    went_on = start(third)
    now_said = went_on.get(FEED)
    assert now_said.body.replace(b"\r\n ", b"").replace(went_on.url.encode(), b"") == said.body.replace(
        b"\r\n ", b""
    ).replace(url.encode(), b"")
    assert now_said.headers["last-modified"] == said.headers["last-modified"]
    assert parsedate_to_datetime(said.headers["last-modified"]).timestamp() == times(site)["feeds/de/all.ics"]


def test_a_history_is_never_mixed_with_another(place: Place) -> None:
    publish(place, "https://days.example.org")

    done = place.run("db", "adopt", "site/revisions.json")

    assert done.returncode == 1
    assert done.stderr == (
        "error: the database has a history of its own, and keeps it; site/revisions.json is for one that has "
        "published nothing yet\n"
    )


def test_a_hub_is_told_of_what_was_replaced_once_that_is_there(place: Place, calendar: Path) -> None:
    """FEEDS, Other feeds: WebSub `rel=hub` when a hub is set. A folder that was empty has no readers yet."""
    url = "https://days.example.org"
    text = calendar.read_text("utf-8")
    with running_hub() as hub:
        place.settings["NOTIFIER_WEBSUB_HUB"] = hub.url
        publish(place, url)
        publish(place, url)
        assert hub.topics == []

        calendar.write_text(
            text.replace("Euronews beschreibt die Ereignisse", "Euronews nennt die Ereignisse"), "utf-8"
        )
        publish(place, url)
        assert f"{url}/feeds/de/all.ics" in hub.topics
        assert {topic.split("/")[4] for topic in hub.topics} == {"de"}

        hub.status = 503
        calendar.write_text(text, "utf-8")
        done = place.run("publish", "site", "--base-url", url)
        assert done.returncode == 0
        assert (
            "the hub was not told of all changed feeds; readers learn at their next poll: HTTP Error 503" in done.stderr
        )


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_folder_of_somebody_else_is_refused(place: Place) -> None:
    (place.folder / "site").mkdir()
    (place.folder / "site/thesis.txt").write_text("years of work", "utf-8")

    done = place.run("publish", "site")

    assert done.returncode == 2
    assert done.stderr == (
        "error: site holds files that were not published by this service; name an empty folder, or add --force\n"
    )
    assert place.run("publish", "site", "--force").returncode == 0
    assert (place.folder / "site/thesis.txt").read_text("utf-8") == "years of work"


@pytest.mark.parametrize("url", ["days.example.org", "ftp://days.example.org", "https://days.example.org/?a=b"])
def test_an_address_that_is_none_is_one_sentence(place: Place, url: str) -> None:
    done = place.run("publish", "site", "--base-url", url)

    assert done.returncode == 2
    assert done.stderr == (
        f'error: --base-url: use the address people open, such as https://days.example.org, all ASCII (it is "{url}")\n'
    )


def test_a_history_of_another_calendar_is_refused(place: Place, elsewhere: Place, calendar: Path) -> None:
    site = publish(place, "https://days.example.org")
    shutil.copytree(site, elsewhere.folder / "site")
    text = calendar.read_text("utf-8")
    (elsewhere.folder / "events.yaml").write_text(text.replace("  id: remembrance.", "  id: other.", 1), "utf-8")

    done = elsewhere.run("publish", "site")

    assert done.returncode == 1
    assert "site/revisions.json is the history of remembrance." in done.stderr
    assert files(elsewhere.folder / "site") == files(site)


# --- from nginx -------------------------------------------------------------------------------------------------------


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(url: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Make one request; a redirect is an answer like any other."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url + path, headers=named, method=method)
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=10) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Daemon, Nginx]]:
    """The daemon, and nginx with what was published from the same database."""
    place = Place(tmp_path_factory.mktemp("beside"))
    daemon = Daemon(place, free_port())
    daemon.wait_until_ready()
    site = publish(place, daemon.url)
    with running_nginx(site) as nginx:
        yield daemon, nginx
    daemon.stop()


SAID = (
    "content-type",
    "cache-control",
    "vary",
    "content-encoding",
    "content-language",
    "content-length",
    "content-disposition",
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-robots-tag",
    "location",
)


def said(answer: Answer) -> tuple[int, dict[str, str | None], bytes]:
    """Return an answer without what servers say each in their own way: dates, validators, the body of a redirect."""
    if 300 <= answer.status < 400:
        lasting = {name: answer.headers.get(name) for name in SAID if not name.startswith("content-")}
        return answer.status, lasting, b""
    return answer.status, {name: answer.headers.get(name) for name in SAID}, answer.body


@needs_nginx
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br, gzip;q=0.5", "gzip;q=0"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/de",
        "/de/",
        PAGE,
        f"{PAGE}/{NEXT_YEAR}",
        f"{PAGE}/{NEXT_YEAR}.ics",
        FEED,
        "/feeds/ru/events/khojaly.ics",
        STYLE,
        "/static/icon.svg",
        f"{STYLE}?v=older",
        # what is not there
        "/en/events/unknown",
        "/en/events/black-january/",
        "/en/events/black-january/1990",
        "/en/events/black-january/1990.ics",
        "/en/events",
        "/de/events/black-january.html",
        "/de/index",
        "/de/index.html",
        "/de/404",
        "/de/404.html",
        "/404.html",
        "/feeds/en/none.ics",
        "/feeds/en/all.ics.gz",
        "/feeds/404.txt",
        "/nothing/at/all",
        "/revisions.json",
        "/nginx.conf",
        "/_headers",
        "/.published.json",
    ],
)
def test_nginx_answers_as_the_daemon_does(beside: tuple[Daemon, Nginx], path: str, coding: str, method: str) -> None:
    daemon, nginx = beside

    assert said(ask(nginx.url, path, method, Accept_Encoding=coding)) == said(
        ask(daemon.url, path, method, Accept_Encoding=coding)
    )


@needs_nginx
def test_the_stylesheet_is_kept_for_good_under_its_digest(beside: tuple[Daemon, Nginx]) -> None:
    daemon, nginx = beside
    page = daemon.get("/en/").body.decode()
    address = STYLE + page.partition(STYLE)[2].partition('"')[0]

    assert "immutable" in ask(nginx.url, address).headers["cache-control"]
    assert said(ask(nginx.url, address)) == said(ask(daemon.url, address))


@needs_nginx
@pytest.mark.parametrize("read", ["de-AT,de;q=0.9,en;q=0.8", "fr-FR,fr;q=0.9,ru;q=0.5", "ja", "az", ""])
def test_nginx_leads_to_the_language_the_browser_asks_for(beside: tuple[Daemon, Nginx], read: str) -> None:
    daemon, nginx = beside

    assert said(ask(nginx.url, "/", Accept_Language=read))[:2] == said(ask(daemon.url, "/", Accept_Language=read))[:2]


@needs_nginx
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", [FEED, PAGE, STYLE])
def test_what_a_reader_has_is_not_sent_again(beside: tuple[Daemon, Nginx], path: str, coding: str) -> None:
    for server in beside:
        whole = ask(server.url, path, Accept_Encoding=coding)
        etag = whole.headers["etag"]
        assert not etag.startswith("W/")

        for tag in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = ask(server.url, path, Accept_Encoding=coding, If_None_Match=tag)
            assert (again.status, again.body) == (304, b"")
            for name in ("etag", "cache-control", "vary", "last-modified"):
                assert again.headers.get(name) == whole.headers.get(name), name
        assert ask(server.url, path, Accept_Encoding=coding, If_None_Match='"other"').status == 200


@needs_nginx
def test_the_two_forms_of_a_feed_have_their_own_validators(beside: tuple[Daemon, Nginx]) -> None:
    for server in beside:
        tags = {ask(server.url, FEED, Accept_Encoding=coding).headers["etag"] for coding in ("identity", "gzip")}
        assert len(tags) == 2


@needs_nginx
def test_dates_are_compared_as_dates_and_tags_beat_them(beside: tuple[Daemon, Nginx]) -> None:
    daemon, nginx = beside
    modified = daemon.get(FEED).headers["last-modified"]
    assert ask(nginx.url, FEED).headers["last-modified"] == modified
    later, earlier = "Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 2015 00:00:00 GMT"

    for conditions, status in (
        ({"If_Modified_Since": modified}, 304),
        ({"If_Modified_Since": later}, 304),
        ({"If_Modified_Since": earlier}, 200),
        ({"If_Modified_Since": "no date"}, 200),
        ({"If_Modified_Since": later, "If_None_Match": '"other"'}, 200),
    ):
        for server in beside:
            assert ask(server.url, FEED, **conditions).status == status, (server.url, conditions)


@needs_nginx
def test_a_part_is_never_sent(beside: tuple[Daemon, Nginx]) -> None:
    for server in beside:
        assert ask(server.url, FEED, Range="bytes=0-9").status == 200


def renamed(calendar: Path) -> None:
    text = calendar.read_text("utf-8")
    calendar.write_text(text.replace("  - id: khojaly\n", "  - id: khojaly\n    was: [february]\n", 1), "utf-8")


def daemon_below(place: Place, prefix: str) -> Daemon:
    """Start the daemon with a base address that has this path, taken away by whoever asks it."""
    port = free_port()
    place.settings["NOTIFIER_BASE_URL"] = f"http://127.0.0.1:{port}{prefix}"
    daemon = Daemon(place, port)
    daemon.wait_until_ready()
    return daemon


def published_below(place: Place, url: str, prefix: str) -> Path:
    """Publish into a folder of the path's name, and return the root that it lies below."""
    publish(place, url + prefix, f"site{prefix}")
    return place.folder / "site"


FORMER = (
    "/feeds/de/events/february.ics?a=b",
    "/feeds/de/events/february.atom",
    "/de/events/february",
    f"/de/events/february/{NEXT_YEAR}",
    f"/de/events/february/{NEXT_YEAR}.ics",
)


@needs_nginx
@pytest.mark.parametrize("prefix", ["", "/days"])
def test_former_addresses_lead_to_the_present_ones(place: Place, calendar: Path, prefix: str) -> None:
    """The daemon is asked without the path of the base address, as a proxy in front of it asks; answers have it."""
    renamed(calendar)
    daemon = daemon_below(place, prefix)
    site = published_below(place, daemon.url, prefix)
    redirects = (site / f".{prefix}/_redirects").read_text()
    assert f"{prefix}/feeds/de/events/february.ics {prefix}/feeds/de/events/khojaly.ics 301\n" in redirects

    with running_nginx(site, prefix=prefix) as nginx:
        for path in FORMER:
            answer = ask(nginx.url, prefix + path)
            assert answer.headers["location"] == prefix + path.replace("february", "khojaly")
            assert said(answer) == said(ask(daemon.url, path))
            assert answer.status == 301
            assert ask(nginx.url, answer.headers["location"]).status == 200
    daemon.stop()


@needs_nginx
@pytest.mark.parametrize("prefix", ["", "/days"])
def test_nginx_leaves_to_the_service_what_needs_it_as_the_include_says(place: Place, prefix: str) -> None:
    daemon = daemon_below(place, prefix)
    site = published_below(place, daemon.url, prefix)
    conf = (site / f".{prefix}/nginx.conf").read_text("utf-8")
    (told,) = (line.lstrip("# ") for line in conf.splitlines() if "proxy_pass" in line)

    with running_nginx(site, told.replace("http://127.0.0.1:8000", daemon.url), prefix) as nginx:
        for path in ("/en/subscribe", "/api/openapi.json", "/unsubscribe/none", "/en/", FEED):
            assert ask(nginx.url, prefix + path).status == ask(daemon.url, path).status
            assert ask(nginx.url, prefix + path).body == ask(daemon.url, path).body
    daemon.stop()


def test_types_and_caching_are_told_to_static_hosts(place: Place) -> None:
    rules = _blocks((publish(place, "https://days.example.org") / "_headers").read_text("utf-8"))

    assert rules["/feeds/*.ics"]["Content-Type"] == "text/calendar; charset=utf-8"
    assert "max-age=3600" in rules["/feeds/*.ics"]["Cache-Control"]
    assert rules["/feeds/*.ics"]["X-Content-Type-Options"] == "nosniff"
    assert rules["/feeds/*.ics"]["Strict-Transport-Security"] == "max-age=31536000"
    assert rules["/de/*.ics"]["Content-Disposition"] == "attachment"
    assert rules["/de/*"]["Content-Language"] == "de"
    assert rules["/de/*"]["Strict-Transport-Security"] == "max-age=31536000"
    assert rules["/static/style.css"]["Cache-Control"] == "public, no-cache"
    assert len(rules) < 100  # more are not read by Cloudflare


def _blocks(text: str) -> Mapping[str, Mapping[str, str]]:
    found = {}
    for block in text.rstrip().split("\n\n"):
        place, *lines = block.splitlines()
        found[place] = dict(line.strip().split(": ", 1) for line in lines)
    return found
