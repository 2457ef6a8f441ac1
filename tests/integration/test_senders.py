"""Who a message is from, where answers go, and the postal address: in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest

from notifier.domain.deliveries import EditionState
from notifier.services import Services, open_services
from notifier.settings import ByLanguage, Settings, SettingsError
from notifier.storage.editions import Edition, EditionContent
from tests.every_message import ANNOUNCEMENTS, LETTERS, MESSAGE_ID, SENT, SETTINGS, TOKENS

LONG = "Gesellschaft für das Gedenken an die Opfer und für die Erforschung ihrer Geschichte in Württemberg"


def services(folder: Path, **changes: object) -> Services:
    values = SETTINGS | {"database_url": f"sqlite:///{folder}/notifier.db"} | changes
    return Services(Settings.model_validate(values), lambda: SENT)


def message(folder: Path, language: str, kind: str = "notice", **changes: object) -> Any:
    """Return a message as its reader's programme reads it."""
    values = SETTINGS | {"database_url": f"sqlite:///{folder}/notifier.db"} | changes
    with open_services(Settings.model_validate(values), lambda: SENT) as opened:
        press = opened.mail.press()
        of = LETTERS[kind](language) if kind in LETTERS else ANNOUNCEMENTS[kind](press, language)
        content = press.render(of)
        assert content is not None
        raw = press.encode(content, of).personal("reader@example.org", MESSAGE_ID, TOKENS, SENT)
    assert raw.isascii()
    return message_from_bytes(raw, policy=policy.default)


def decoded(read: Any, header: str) -> str:
    """Return a header as it was meant: the newer half of `email` puts spaces into long names."""
    older = message_from_bytes(read.as_bytes(), policy=policy.compat32)
    return str(make_header(decode_header(older[header])))


def foot(read: Any) -> str:
    return "\n".join(part.get_content() for part in read.iter_parts())


def test_without_a_name_in_settings_the_calendars_is_the_senders_in_every_language(tmp_path: Path) -> None:
    names = {tag: message(tmp_path, tag)["From"] for tag in ("en", "de", "ru")}

    assert {tag: sender.addresses[0].display_name for tag, sender in names.items()} == {
        "en": "Days of remembrance",
        "de": "Gedenktage",
        "ru": "Дни памяти",
    }
    assert {sender.addresses[0].addr_spec for sender in names.values()} == {"days@example.org"}


def test_a_name_in_settings_is_everybodys_but_for_languages_that_have_one_of_their_own(tmp_path: Path) -> None:
    sender = ByLanguage("Museum of Memory <days@example.org>", {"de": f"{LONG} <days@example.org>"})

    assert message(tmp_path, "ru", mail_from=sender)["From"] == "Museum of Memory <days@example.org>"
    german = message(tmp_path, "de", mail_from=sender)
    assert decoded(german, "From") == f"{LONG} <days@example.org>"
    assert LONG in " ".join(foot(german).split())


@pytest.mark.parametrize("kind", ["notice", "digest", "confirm", "welcome", "manage"])
def test_answers_and_letters_go_to_the_address_for_the_language(tmp_path: Path, kind: str) -> None:
    changes: Mapping[str, object] = {
        "mail_reply_to": ByLanguage("office@example.org", {"az": "Bakı ofisi <baku@example.org>"}),
        "postal_address": ByLanguage("1 Example Street\nBaku", {"az": "Nümunə küçəsi 1\nBakı"}),
    }

    here, elsewhere = (message(tmp_path, tag, kind, **changes) for tag in ("az", "de"))

    assert here["Reply-To"].addresses[0].display_name == "Bakı ofisi"
    assert here["Reply-To"].addresses[0].addr_spec == "baku@example.org"
    assert elsewhere["Reply-To"] == "office@example.org"
    assert ("Nümunə küçəsi 1" in foot(here), "1 Example Street" in foot(here)) == (True, False)
    assert ("Nümunə küçəsi 1" in foot(elsewhere), "1 Example Street" in foot(elsewhere)) == (False, True)


def test_a_correction_names_the_same_sender(tmp_path: Path) -> None:
    changes = {"postal_address": ByLanguage("1 Example Street", {"de": "Beispielstraße 1"})}
    one = services(tmp_path, **changes)
    of = ANNOUNCEMENTS["notice"](one.mail.press(), "de")
    edition = Edition(1, "a" * 26, of, EditionState.RELEASED, EditionContent("Subject", "", ""))

    text = one.operating._correction(edition, "Es beginnt um 11 Uhr.").text

    assert "Beispielstraße 1" in text
    assert "1 Example Street" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"postal_address": ByLanguage("x", {"xx": "y"})},
            'NOTIFIER_POSTAL_ADDRESS_XX: "xx" is not a language of the service; it has ',
        ),
        (
            {"mail_from": ByLanguage("days@example.org", {"de": "Gedenktage <tage@example.org>"})},
            "NOTIFIER_MAIL_FROM_DE: only the name can be another one; use the address of NOTIFIER_MAIL_FROM",
        ),
        ({"mail_from": ByLanguage("", {"de": "days@example.org"})}, "NOTIFIER_MAIL_FROM_DE: only the name can be"),
        ({"mail_from": "days@-example.org"}, 'NOTIFIER_MAIL_FROM: "days@-example.org" is not an e-mail address'),
        ({"operator": "a@exa$mple.org"}, 'NOTIFIER_OPERATOR: "a@exa$mple.org" is not an e-mail address'),
    ],
)
def test_what_would_stop_every_message_stops_the_start(
    tmp_path: Path, changes: Mapping[str, object], sentence: str
) -> None:
    with pytest.raises(SettingsError) as error:
        services(tmp_path, **changes)

    assert str(error.value).startswith(sentence)
