"""When pages were revised is told as it is of the feeds' entries, in one language and not in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from notifier.domain.events import Statement
from notifier.usecases.page_revisions import page_revisions
from tests.factories import black_january, khojaly, make_catalog, text
from tests.integration.publishing import NOW, Publisher, migrated

LATER = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_a_page_is_as_new_as_what_it_tells_of(tmp_path: Path) -> None:
    with migrated(tmp_path) as engine:
        publisher = Publisher.of(engine)
        before = page_revisions(publisher.publish(make_catalog(), NOW), "en")
        said = (Statement(text(en="The town was attacked.", de="Die Stadt wurde angegriffen."), None, ()),)
        edited = make_catalog(black_january(), replace(khojaly(), summary=said))
        after = page_revisions(publisher.publish(edited, LATER), "en")

    assert len(set(before.values())) == 1
    changed = {path for path, revised in after.items() if revised != before[path]}
    assert changed >= {"/en/", "/en/events/khojaly", "/en/events/khojaly/2027", "/en/collections/azerbaijan"}
    assert not [path for path in changed if "black-january" in path]
    assert {after[path] for path in changed} == {LATER}


def test_an_edit_in_one_language_leaves_the_pages_of_another(tmp_path: Path) -> None:
    with migrated(tmp_path) as engine:
        publisher = Publisher.of(engine)
        before = publisher.publish(make_catalog(), NOW)
        german = replace(khojaly(), heading=text(en="Khojaly", de="Chodschaly"))
        after = publisher.publish(make_catalog(black_january(), german), LATER)

    assert page_revisions(after, "en") == page_revisions(before, "en")
    assert page_revisions(after, "de") != page_revisions(before, "de")


def test_what_was_taken_out_is_not_listed(tmp_path: Path) -> None:
    with migrated(tmp_path) as engine:
        publisher = Publisher.of(engine)
        publisher.publish(make_catalog(), NOW)
        site = publisher.publish(make_catalog(black_january()), LATER)

    assert not [path for path in page_revisions(site, "en") if "khojaly" in path]
