"""Service messages: what each says, that nothing in them is anybody's own, and that no text is markup."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import html5lib
import pytest

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.places import CONFIRM_PLACE, MANAGE_PLACE, NEVER_PLACE, PLACES
from notifier.domain.deliveries import EditionKey, EditionKind
from notifier.domain.events import Catalog
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.domain.selections import parse_selection
from notifier.domain.texts import LanguageTag
from notifier.domain.translations import refused_languages
from notifier.tokens import TOKEN_LENGTH
from notifier.usecases.letters import SUBSCRIBED_ALREADY, Letters, about_welcome, render_letter
from tests.factories import black_january, khojaly, make_catalog, make_event, text
from tests.web_site import LANGUAGES, TEMPLATES_READ

DAY = date(2027, 1, 11)
ALL = ("en", "de", "az", "tr", "ru")
KINDS = ("confirm", "welcome", "manage", "already")


def wanting(**changes: Any) -> Preference:
    berlin: dict[str, Any] = {
        "language": LanguageTag("en"),
        "zone": "Europe/Berlin",
        "hour": 9,
        "leads": OwnLeads((7, 0)),
    }
    return Preference(**(berlin | {"digest": "none", "selection": parse_selection("all")} | changes))


def letter(kind: str, catalog: Catalog | None = None, **changes: Any) -> EditionText:
    catalog, preference = catalog or make_catalog(black_january(), khojaly()), wanting(**changes)
    letters = Letters(
        catalog,
        LANGUAGES.__getitem__,
        TEMPLATES_READ,
        "https://days.example.org",
        lambda _: "Days of remembrance",
        "Example Foundation\n1 Example Street",
        lambda event: refused_languages(event, ()),
    )
    about = {
        "confirm": preference.key,
        "welcome": about_welcome(preference, DAY),
        "manage": "",
        "already": SUBSCRIBED_ALREADY,
    }[kind]
    of = EditionKind.MANAGE if kind == "already" else EditionKind(kind)
    return render_letter(EditionKey(preference.language, DAY, kind=of, about=about), letters)


def flat(message: str) -> str:
    return " ".join(message.split())


def html_text(message: EditionText) -> str:
    return flat("".join(html5lib.HTMLParser(strict=True).parse(message.html).itertext()))


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("kind", KINDS)
def test_both_parts_are_complete_and_in_their_language(kind: str, language: str) -> None:
    catalog = make_catalog(black_january(), khojaly(), languages=ALL)
    message = letter(kind, catalog, language=language, leads=OwnLeads((30, 0), milestones=True), digest="weekly:wed")

    said = html_text(message)
    assert f'<html lang="{language}"' in message.html
    for part in re.split(r"\n\s*\n|\n- |; |: ", re.sub(r"\n[=-]{3,}\n", "\n", message.text)):
        if "https://" not in part and "Example" not in part:
            assert flat(part).removeprefix("- ").removesuffix(":") in said, part
    for place in PLACES.values():
        assert (place in message.text) == (place in message.html)
    assert "Example Foundation\n1 Example Street" in message.text
    assert not re.search(r"!|celebrat|happy", message.text, re.IGNORECASE)


def test_to_confirm_there_are_two_links_and_nothing_else() -> None:
    message = letter("confirm")

    assert message.subject == "Please confirm your subscription to Days of remembrance"
    links = re.findall(r'href="([^"]+)"', message.html)
    assert links == [
        f"https://days.example.org/confirm/{CONFIRM_PLACE}",
        f"https://days.example.org/never/{NEVER_PLACE}",
    ]
    assert all(link in message.text for link in links)


def test_what_was_asked_for_is_said_in_words() -> None:
    leads = OwnLeads((7, 1, 0), (("khojaly", (30, 0)),), milestones=True)
    selection = parse_selection("collection:azerbaijan,black-january,-khojaly")
    message = letter("confirm", leads=leads, selection=selection, digest="monthly", hour=18)

    said = flat(message.text)
    assert "- Days: Black January and the collection Azerbaijan, without Khojaly" in said
    assert "- Notices: 7 days before, 1 day before and on the day itself" in said
    assert "- Khojaly: 30 days before and on the day itself" in said
    assert "- Round anniversaries: also announced long before" in said
    assert "- Overview: on the first of each month" in said
    assert "- Hour: from 18:00, time zone Europe/Berlin" in said


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"leads": OwnLeads()}, "Notices: as the calendar recommends for each day (mostly 7 days before and on the"),
        ({"leads": OwnLeads(()), "digest": "weekly:tue"}, "Notices: none - Overview: every week, on Tuesday"),
        ({"selection": parse_selection("gone,collection:gone")}, "Days: the collection gone and gone"),
    ],
)
def test_every_choice_has_words(changes: dict[str, Any], line: str) -> None:
    assert line in flat(letter("confirm", **changes).text)


def test_the_welcome_says_what_comes_next_and_when_and_how_to_change_and_leave() -> None:
    message = letter("welcome", digest="weekly:wed", leads=OwnLeads((7, 0)))

    said = flat(message.text)
    first = "- Wednesday, 13 January 2027, from 09:00: Black January: 37th anniversary, in 7 days; an overview of the"
    assert first in said
    assert said.count("from 09:00:") == 3
    assert f"https://days.example.org/unsubscribe/{TOKEN_PLACE}" in message.text
    assert "\nhttps://days.example.org/manage\n" in message.text


@pytest.mark.parametrize("kind", ["confirm", "welcome"])
def test_a_message_that_may_be_passed_on_does_not_open_the_settings(kind: str) -> None:
    """listmonk#2583."""
    assert MANAGE_PLACE not in letter(kind).text
    assert MANAGE_PLACE not in letter(kind).html


@pytest.mark.parametrize("kind", ["manage", "already"])
def test_the_link_to_the_settings_says_what_it_is(kind: str) -> None:
    message = letter(kind)

    assert re.findall(r'href="([^"]+)"', message.html) == [f"https://days.example.org/manage/{MANAGE_PLACE}"]
    assert "it is good for 30 minutes" in flat(message.text)
    assert "Please do not pass this message on" in message.text


def test_where_nothing_is_due_that_is_said() -> None:
    message = letter("welcome", make_catalog(make_event(until=2020)))

    assert "No message is due within a year." in message.text


def test_a_day_of_mourning_without_a_reviewed_translation_is_named_in_another_language_and_labelled() -> None:
    event = make_event(translations={LanguageTag("de"): "machine"})
    message = letter("welcome", make_catalog(event), language="de", selection=parse_selection("black-january"))

    assert "Schwarzer Januar" not in message.text
    assert "Tage: Black January (auf Englisch)" in flat(message.text)
    assert "37. Jahrestag (auf Englisch), in 7 Tagen" in flat(message.text)


def test_what_an_event_says_is_text_and_nothing_else() -> None:
    name = "{{ 7*7 }}\r\nBcc: everybody@example.org <b>x</b>\n- Notices: none"
    event = make_event(heading=text(en=name, de=name))
    message = letter("confirm", make_catalog(event), selection=parse_selection("black-january"))

    assert "\r" not in message.text
    assert "\nBcc" not in message.text
    assert "\n- Notices: none" not in message.text
    assert "<b>" not in message.html
    assert "49" not in message.html
    assert "\n" not in message.subject


def test_every_place_is_as_long_as_a_token_and_no_part_of_another() -> None:
    places = list(PLACES.values())

    assert {len(place) for place in places} == {TOKEN_LENGTH}
    assert len(set(places)) == len(places) == 4
    assert all(re.fullmatch("[A-Za-z0-9._~-]+", place) for place in places)


def test_what_is_no_service_message_is_not_rendered() -> None:
    letters = Letters(make_catalog(), LANGUAGES.__getitem__, TEMPLATES_READ, "", lambda _: "", None, lambda _: ())
    with pytest.raises(ValueError, match="notice"):
        render_letter(EditionKey("en", DAY), letters)
