"""Looking for a day: what is typed on any keyboard finds what is written in any of the languages."""

from __future__ import annotations

import pytest

from notifier.content.folding import folded_words
from notifier.content.search import LONGEST_QUERY, SearchIndex, asked
from notifier.domain.events import CollectionId, Event, Place, Statement
from notifier.domain.texts import Text
from tests.factories import black_january, khojaly, make_catalog, make_event, text
from tests.web_site import LANGUAGES


def found(query: str, *events: Event, tag: str = "en") -> list[str]:
    languages = tuple(LANGUAGES.tags)
    catalog = make_catalog(*events, languages=languages)
    return [str(event.id) for event in SearchIndex(catalog, LANGUAGES[tag]).find(query)]


def named(tag: str, heading: str, id_: str = "found") -> Event:
    return make_event(
        id_, heading=Text.of([("en", "Something else"), (tag, heading)] if tag != "en" else [("en", heading)])
    )


@pytest.mark.parametrize(
    ("tag", "heading", "query"),
    [
        ("az", "Xocalı", "xocali"),
        ("az", "Xocalı", "XOCALI"),
        ("az", "İstiqlal Günü", "istiqlal"),
        ("az", "Anım günləri", "anim gunleri"),
        ("az", "Şəhidlər Xiyabanı", "sehidler"),
        ("tr", "Işık", "isik"),
        ("tr", "İzmir’in kurtuluşu", "izmirin"),
        ("de", "März 1918", "maerz"),
        ("de", "März 1918", "marz"),
        ("de", "Große Straße", "strasse"),
        ("ru", "Чёрный январь", "черный"),
        ("fr", "Événements de mars", "evenements"),
        ("fr", "L’Œuvre", "oeuvre"),
        ("fr", "Œuvre", "l'œuvre"),
        ("fr", "Jour de l’Indépendance", "indépendance"),
        ("fr", "Jour de l’Indépendance", "jour de l'independance"),
        ("fr", "Ce qu’on en sait aujourd’hui", "on aujourdhui"),
        ("az", "Bakü’ye", "bakuye"),
        ("fa", "ژانویهٔ سیاه", "ژانويه"),
        ("fa", "یادبود کودکان", "كودكان"),
        ("fa", "سی‌وهفتمین", "سیوهفتمین"),
        ("fa", "سال ۱۹۹۰", "1990"),
        ("hy", "Սև հունվար", "սեւ"),
        ("hy", "Սև հունվար", "ՍԵՎ"),
    ],
)
def test_another_keyboard_finds_the_same(tag: str, heading: str, query: str) -> None:
    assert found(query, named(tag, heading), tag=tag) == ["found"]


def test_the_beginning_of_a_word_is_enough_and_its_middle_is_not() -> None:
    assert found("khoj") == ["khojaly"]
    assert found("ojaly") == []


def test_every_word_has_to_be_found() -> None:
    assert found("black january") == ["black-january"]
    assert found("january black") == ["black-january"]
    assert found("black february") == []


def test_what_is_named_so_comes_before_what_only_speaks_of_it() -> None:
    speaks = make_event("a", heading=text(en="A march"), summary=(Statement(text(en="As in Baku."), None, ()),))
    place = make_event("b", heading=text(en="A day"), place=Place(text(en="Baku"), None, None))
    begins = make_event("c", heading=text(en="Baku remembers"))
    within = make_event("d", heading=text(en="Remembering Baku"))
    named_so = make_event("e", heading=text(en="Baku"))

    assert found("baku", speaks, place, begins, within, named_so) == ["e", "c", "d", "b", "a"]


def test_places_names_collections_and_the_year_are_found() -> None:
    assert found("baku", black_january(), khojaly()) == ["black-january"]
    assert found("massacre", black_january(), khojaly()) == ["black-january"]
    assert found("1992", black_january(), khojaly()) == ["khojaly"]
    assert found("azerbaijan", black_january(), khojaly()) == ["black-january", "khojaly"]


def test_who_says_something_and_in_which_document_is_found() -> None:
    """Where figures and names stand beside who states them, people look for those who do."""
    assert found("official data", black_january(), khojaly()) == ["black-january"]
    assert found("jamnews", black_january(), khojaly()) == ["black-january"]
    assert found("becomes pivotal", black_january(), khojaly()) == ["black-january"]
    assert found("amtliche", black_january(), khojaly(), tag="de") == ["black-january"]


def test_texts_are_found_in_the_language_of_the_page() -> None:
    assert found("einheiten", black_january(), tag="de") == ["black-january"]
    assert found("einheiten", black_january(), tag="en") == []


@pytest.mark.parametrize("query", ["", "   ", "…", "'", "%", "<>", "\u200c"])
def test_a_question_without_a_word_finds_nothing(query: str) -> None:
    assert found(query) == []


def test_a_question_is_read_up_to_its_bound_on_one_line() -> None:
    assert asked("  black\n\tjanuary\x00 ") == "black january"
    assert len(asked("x" * 10_000)) == LONGEST_QUERY
    assert found("black " * 1000) == ["black-january"]


def test_words_of_one_language_do_not_depend_on_where_marks_are_written() -> None:
    assert folded_words("e\u0301te\u0301", "fr") == folded_words("été", "fr") == ["ete"]


def test_a_collection_without_a_name_is_no_hindrance() -> None:
    event = make_event(collections=(CollectionId("unnamed"),))

    assert found("black", event) == ["black-january"]
