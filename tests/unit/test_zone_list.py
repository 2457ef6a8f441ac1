"""The list of time zones that somebody chooses from, in their own language."""

from __future__ import annotations

import pytest
from babel import localedata

from notifier.content.zones import Zone, zones_to_choose
from notifier.domain.hours import zone_names
from tests.web_site import LANGUAGES

EVERY_LANGUAGE = list(LANGUAGES)


def listed(tag: str, chosen: str = "Asia/Baku") -> dict[str, Zone]:
    return {one.value: one for group in zones_to_choose(LANGUAGES[tag], chosen) for one in group.zones}


@pytest.mark.parametrize(
    ("tag", "baku", "tehran", "africa"),
    [
        ("en", "Baku", "Tehran", "Africa"),
        ("de", "Baku", "Teheran", "Afrika"),
        ("az", "Bakı", "Tehran", "Afrika"),
        ("ru", "Баку", "Тегеран", "Африка"),
        ("fa", "باکو", "تهران", "افریقا"),
        ("hy", "Բաքու", "Թեհրան", "Աֆրիկա"),
    ],
)
def test_places_and_parts_of_the_world_are_said_in_the_readers_language(
    tag: str, baku: str, tehran: str, africa: str
) -> None:
    zones = listed(tag)

    assert (zones["Asia/Baku"].said.text, zones["Asia/Tehran"].said.text) == (baku, tehran)
    assert africa in [group.area for group in zones_to_choose(LANGUAGES[tag], "Asia/Baku")]


@pytest.mark.parametrize("tag", ["ru", "fa", "hy"])
def test_a_place_without_a_name_in_the_language_is_marked_as_english(tag: str) -> None:
    # WCAG 2.2, success criterion 3.1.2: Language of Parts.
    english = {one.value for one in listed(tag).values() if one.said.language == "en"}

    assert english == {"America/Coyhaique", "UTC"}
    assert all(not one.said.text.isascii() for one in listed(tag).values() if one.value not in english)


def test_languages_with_latin_letters_spell_a_place_as_the_zone_does_where_cldr_says_nothing_else() -> None:
    assert {one.said.language for one in listed("de").values()} == {"de"}
    assert listed("de")["America/Argentina/La_Rioja"].said.text == "La Rioja"


@pytest.mark.parametrize(
    ("tag", "some"),
    [
        ("az", ["Dakar", "Əl Əyun", "Əlcəzair", "Fritaun", "Xartum", "Juba", "Qahirə", "Laqos"]),
        ("fa", ["آدیس آبابا", "تونس", "قاهره", "کیگالی"]),
        ("de", ["Accra", "Addis Abeba", "Asmara", "El Aaiún", "Lomé", "Tunis"]),
    ],
)
def test_they_stand_in_the_order_of_the_languages_letters(tag: str, some: list[str]) -> None:
    names = [one.said.text for one in listed(tag).values()]

    assert [name for name in names if name in some] == some


@pytest.mark.parametrize("tag", EVERY_LANGUAGE)
def test_every_zone_is_there_under_the_name_it_has_or_had(tag: str) -> None:
    zones = listed(tag)

    assert {*zones, *(name for one in zones.values() for name in one.also.split())} == set(zone_names())
    assert zones["Asia/Kolkata"].also == "Asia/Calcutta"
    assert [value for value, one in zones.items() if one.chosen] == ["Asia/Baku"]


def test_whoever_has_chosen_a_former_name_keeps_it() -> None:
    kept = listed("ru", "Europe/Kiev")["Europe/Kiev"]

    assert (kept.said.text, kept.chosen) == ("Киев", True)


def test_nothing_else_of_cldrs_data_about_zones_is_kept() -> None:
    listed("hy")

    assert "time_zones" not in localedata.load("hy")
