from __future__ import annotations

import pytest

from notifier.domain.errors import (
    AddressError,
    DigestError,
    EmptySelectionError,
    HourError,
    LeadsError,
    PreferenceError,
    SelectionTermError,
    UnknownSelectionTermError,
)
from notifier.domain.leads import OwnLeads, parse_leads, parse_own_leads
from notifier.domain.preferences import Preference, address_key, parse_address, parse_mailbox
from notifier.domain.selections import EVERYTHING, check_selection, parse_selection
from notifier.domain.texts import LanguageTag
from tests.factories import black_january, khojaly, make_catalog, make_event


def preference(*, hour: int = 9, digest: str = "none") -> Preference:
    return Preference(LanguageTag("de"), "Europe/Berlin", hour, OwnLeads((7, 1, 0)), digest, EVERYTHING)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("all", "all"),
        ("khojaly, black-january", "black-january,khojaly"),
        ("all;-khojaly", "all,-khojaly"),
        ("collection:azerbaijan,-collection:world,-khojaly", "collection:azerbaijan,-collection:world,-khojaly"),
        ("khojaly,all,khojaly", "all"),
    ],
)
def test_equal_selections_are_written_equally(written: str, canonical: str) -> None:
    assert str(parse_selection(written)) == canonical
    assert parse_selection(canonical) == parse_selection(written)


def test_a_selection_takes_in_and_leaves_out() -> None:
    events = (black_january(), khojaly(), make_event("elsewhere", collections=()))

    def picked(text: str) -> list[str]:
        return [event.id for event in parse_selection(text).pick(events)]

    assert picked("all") == ["black-january", "khojaly", "elsewhere"]
    assert picked("collection:azerbaijan") == ["black-january", "khojaly"]
    assert picked("all,-khojaly") == ["black-january", "elsewhere"]
    assert picked("elsewhere,collection:azerbaijan,-black-january") == ["khojaly", "elsewhere"]


def test_a_renamed_event_is_still_selected_by_its_former_id() -> None:
    renamed = make_event("january-1990", was=("black-january",))

    assert renamed in parse_selection("black-january")
    check_selection(parse_selection("black-january"), make_catalog(renamed))


@pytest.mark.parametrize("written", ["", " , ", "-khojaly", "all,-all"])
def test_a_selection_that_takes_nothing_in_is_refused(written: str) -> None:
    with pytest.raises(EmptySelectionError):
        parse_selection(written)


@pytest.mark.parametrize("written", ["Khojaly", "a b", "collection:", "--khojaly", "khojaly/", "collection:x:y"])
def test_a_term_of_another_form_is_refused(written: str) -> None:
    with pytest.raises(SelectionTermError, match="is not a selection"):
        parse_selection(written)


def test_an_unknown_term_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(UnknownSelectionTermError, match=r'no event "khojali"; did you mean khojaly\?'):
        check_selection(parse_selection("khojali"), make_catalog())
    with pytest.raises(UnknownSelectionTermError, match='no collection "world"'):
        check_selection(parse_selection("all,-collection:world"), make_catalog())


def test_own_leads_are_written_one_way() -> None:
    chosen = parse_own_leads("khojaly:0; milestones ;0,7;black-january:30,1,30")

    assert chosen == OwnLeads((7, 0), (("black-january", (30, 1)), ("khojaly", (0,))), milestones=True)
    assert str(chosen) == "7,0;milestones;black-january:30,1;khojaly:0"
    assert parse_own_leads(str(chosen)) == chosen


def test_no_choice_and_the_choice_of_none_differ() -> None:
    assert parse_own_leads("") == OwnLeads()
    assert parse_own_leads("none") == OwnLeads(())
    assert str(OwnLeads(())) == "none"
    assert not str(OwnLeads())


@pytest.mark.parametrize("written", ["7;0", "x:1;x:2", "Khojaly:7", ":7", "7,1:0", "milestone"])
def test_own_leads_that_cannot_be_read_are_refused(written: str) -> None:
    with pytest.raises(PreferenceError):
        parse_own_leads(written)


def test_leads_are_kept_furthest_first_and_once() -> None:
    assert parse_leads("0, 7,1,7") == (7, 1, 0)


@pytest.mark.parametrize("written", ["", "7,", "-1", "1.5", "367", "seven", "٧"])
def test_leads_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(LeadsError):
        parse_leads(written)


def test_a_preference_cannot_hold_what_cannot_be_kept() -> None:
    with pytest.raises(HourError):
        preference(hour=24)
    with pytest.raises(DigestError):
        preference(digest="weekly:someday")


def test_equal_preferences_have_equal_keys() -> None:
    assert preference().key == preference().key
    assert preference().key != preference(hour=10).key


def test_an_addresss_domain_is_kept_in_small_letters() -> None:
    assert parse_address(" Leser@Example.ORG ") == "Leser@example.org"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("leser@ｅxample.org", "leser@example.org"),
        ("leser@example。org", "leser@example.org"),
        ("leser@ex\u00adample.org", "leser@example.org"),
        ("leser@Bücher.example", "leser@xn--bcher-kva.example"),
        ("leser@bu\u0308cher.example", "leser@xn--bcher-kva.example"),
        ("leser@XN--BCHER-KVA.example", "leser@xn--bcher-kva.example"),
        ("leser@ｘn--bcher-kva．example", "leser@xn--bcher-kva.example"),
        ("ju\u0308rgen@example.org", "jürgen@example.org"),
    ],
)
def test_an_address_has_one_form_however_its_domain_is_written(written: str, kept: str) -> None:
    assert parse_address(written) == kept
    assert address_key(written.replace("leser", "LESER")) == kept


def test_letters_that_are_one_only_in_small_letters_are_one_key() -> None:
    assert address_key("J\u030c@example.org") == address_key("\u01f0@example.org")


def test_what_is_no_address_has_a_key_of_its_own() -> None:
    assert address_key(" Nobody ") == "nobody"


@pytest.mark.parametrize(
    "written",
    ["", "leser", "@example.org", "leser@", "leser@localhost", "a b@example.org", "a@b@example.org", "a@example..org",
     "a@example.org。", "a@。example.org", "a@\u00ad.org", "a@ü，b.example", "a@b＠example.org", "a@i❤.example",
     "a@" + 64 * "ü" + ".example",
     "a@example.org\r\nBcc: b@example.org", "<a@example.org>", "a@example.org,b@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(AddressError):
        parse_address(written)


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        ("days@example.org", ("", "days@example.org")),
        ("Days of remembrance <days@example.org>", ("Days of remembrance", "days@example.org")),
        ("Büro, Tage <days@example.org>", ("Büro, Tage", "days@example.org")),
        ('"Office" <days@Example.org>', ("Office", "days@example.org")),
    ],
)
def test_a_mailbox_may_have_a_name(written: str, mailbox: tuple[str, str]) -> None:
    assert parse_mailbox(written) == mailbox


@pytest.mark.parametrize(
    "written", ["", "Office", "Office <>", "a@example.org <b@example.org> c", "A\nB <a@example.org>"]
)
def test_what_is_no_mailbox_is_refused(written: str) -> None:
    with pytest.raises(AddressError):
        parse_mailbox(written)
