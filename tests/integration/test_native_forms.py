"""What each language says of one day, as it was read over."""

from __future__ import annotations

import re

import pytest

from tests.further_languages import SPOKEN
from tests.native_forms import GOLDEN, LEADS, native_forms
from tests.web_site import LANGUAGES

BLOCK = re.compile(r"^(\d+) days ahead\n  subject: (.+)\n  feed:    (.+)\n  page:    (.+) \| (.+)$", re.MULTILINE)


@pytest.mark.parametrize("tag", SPOKEN)
def test_the_forms_are_those_that_were_read_over(tag: str) -> None:
    """After a change that is meant: `python -m tests.native_forms`, and read what it wrote."""
    assert native_forms(tag) == (GOLDEN / f"{tag}.txt").read_text("utf-8")


def test_there_is_a_file_for_every_language_and_no_other() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(SPOKEN) == set(LANGUAGES.tags)


@pytest.mark.parametrize("tag", SPOKEN)
def test_subject_feed_and_page_say_the_same_title_and_days_left(tag: str) -> None:
    language, said = LANGUAGES[tag], (GOLDEN / f"{tag}.txt").read_text("utf-8")
    said = said.replace("\u00a0", " ")  # feeds keep plain spaces alone
    blocks = BLOCK.findall(said)

    assert [int(lead) for lead, *_ in blocks] == list(LEADS)
    for lead, subject, feed, heading, when in blocks:
        left = language.days_left(int(lead))
        assert subject == feed
        assert subject.startswith(heading)
        assert subject.endswith(left)
        assert when.endswith(left)
