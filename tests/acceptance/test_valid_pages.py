"""Every page as the Nu Html Checker reads it: the whole site in all languages, all other kinds, style and icon."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.testclient import TestClient

from notifier.content.site_paths import page_paths
from notifier.domain.long_lists import long_lists
from notifier.domain.occurrences import occurrences_between
from notifier.web.app import build_app
from tests.acceptance.kinds import KINDS, KINDS_OF_MANY, Kind, links, site_of_every_kind, site_of_many
from tests.factories import ROOT, TEMPLATES
from tests.further_languages import SPOKEN
from tests.web_site import TEMPLATES_READ, SmallSite

CHECKER = ROOT / "tests/nu/node_modules/vnu-jar/build/dist/vnu.jar"
JAVA = ("java", "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def complaints(folder: Path) -> list[str]:
    """Return what the checker has to say of the pages, styles and drawings in a folder: errors and warnings."""
    assert CHECKER.exists(), "make test installs the checker"
    said = subprocess.run(
        [*JAVA, "-jar", str(CHECKER), "--also-check-css", "--also-check-svg", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return [line.replace(str(folder), "") for line in (said.stdout + said.stderr).splitlines()]


def published_pages(site: SmallSite, client: TestClient) -> Iterator[tuple[str, str]]:
    """Yield all that is published, in every language, each under a name for its file."""
    years = site.years(site.now())
    published = occurrences_between(site.catalog.events, years.start, years.end)
    long = long_lists(site.catalog, years)
    for tag in SPOKEN:
        for number, path in enumerate(page_paths(site.catalog, years, published, long, tag)):
            answer = client.get(path)
            assert answer.status_code == 200, path
            yield f"{tag}-{number}", answer.text


def other_kinds(site: SmallSite, client: TestClient, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, str]]:
    for name, kind in kinds.items():
        path = kind.path.format(**links(site))
        for _ in range(20 if kind.wait else 0):
            client.post(path, data=kind.form)
        answer = client.get(path) if kind.form is None else client.post(path, data=kind.form, follow_redirects=True)
        assert answer.status_code == kind.status, name
        yield name, answer.text


def browser_of(site: SmallSite) -> TestClient:
    return TestClient(build_app(site, settled=0.0), raise_server_exceptions=False)


def test_the_checker_has_nothing_to_say(tmp_path: Path) -> None:
    site, of_many = site_of_every_kind(TEMPLATES_READ), site_of_many(TEMPLATES_READ)
    client = browser_of(site)
    pages = {
        **dict(published_pages(site, client)),
        **dict(other_kinds(site, client, KINDS)),
        **dict(other_kinds(of_many, browser_of(of_many), KINDS_OF_MANY)),
    }
    for name, html in pages.items():
        (tmp_path / f"{name}.html").write_text(html, "utf-8")
    for name in ("style.css", "icon.svg"):
        shutil.copy(TEMPLATES / "web" / name, tmp_path)

    assert len(pages) > 400
    assert complaints(tmp_path) == []


def test_the_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    """Otherwise the test above could pass because nothing is looked at."""
    (tmp_path / "page.html").write_text("<!DOCTYPE html><title>A</title><p><div></p>", "utf-8")
    (tmp_path / "style.css").write_text("p { colour: red }", "utf-8")
    (tmp_path / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><nothing/></svg>', "utf-8")
    told = "\n".join(complaints(tmp_path))

    assert all(f"/{name}" in told for name in ("page.html", "style.css", "drawing.svg"))
