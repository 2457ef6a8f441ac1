"""Every kind of message in every language as bytes: its headers, and both its parts whole."""

from __future__ import annotations

import email
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from notifier.content.editions import TOKEN_PLACE
from tests.every_message import BASE_URL, MESSAGE_ID, NAMES, TOKENS, Message, every_message, of_languages, presses


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], Message]:
    with presses(tmp_path_factory.mktemp("press")) as (press, accepting):
        return every_message(press, accepting)


@pytest.fixture
def message(messages: Mapping[tuple[str, str], Message], name: str, tag: str) -> Message:
    return messages[name, tag]


def parsed(message: Message) -> Any:
    return email.message_from_bytes(message.bytes(), policy=default)


def personal(text: str) -> str:
    for place, token in TOKENS.items():
        text = text.replace(place, token)
    return text


every = pytest.mark.parametrize(("name", "tag"), of_languages(NAMES))


@every
def test_every_header_is_there(message: Message, tag: str) -> None:
    sent = parsed(message)

    leave = TOKENS[TOKEN_PLACE]
    assert sent["Date"] == "Wed, 13 Jan 2027 08:00:00 +0000"
    assert sent["From"].addresses[0].addr_spec == "days@example.org"
    assert sent["From"].addresses[0].display_name == message.press.catalog.calendar.name.get(tag)
    assert sent["To"] == "reader@example.org"
    assert sent["Reply-To"] == "office@example.org"
    assert sent["Subject"] == message.content.subject
    assert sent["Message-ID"] == MESSAGE_ID
    assert sent["List-Unsubscribe"] == f"<{BASE_URL}/unsubscribe/{leave}>, <mailto:bounces@example.org?subject={leave}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Id"] == "<remembrance.example.org>"
    assert sent["List-Help"].startswith(f"<{BASE_URL}/{tag}/")
    assert sent["List-Post"] == "NO"
    assert sent["List-Owner"] == "<mailto:owner@example.org>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Content-Language"] == tag
    assert sent["Feedback-ID"] == f"{message.of.day}:{message.of.kind}:remembrance.example.org"
    assert sent["MIME-Version"] == "1.0"
    assert len(sent.keys()) == len(set(sent.keys()))


@every
def test_it_goes_out_in_ascii_with_both_parts_whole(message: Message) -> None:
    raw = message.bytes()
    sent = parsed(message)

    assert raw.isascii()
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in raw.split(b"\r\n"))
    assert sent.get_content_type() == "multipart/alternative"
    plain, page = parts_of(sent)
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert {part["Content-Transfer-Encoding"] for part in (plain, page)} == {"quoted-printable"}
    assert {part.get_content_charset() for part in (plain, page)} == {"utf-8"}
    assert plain.get_content().replace("\r\n", "\n") == personal(message.content.text)
    assert page.get_content().replace("\r\n", "\n").rstrip() == personal(message.content.html).rstrip()
    assert not any(place in raw.decode().replace("=\r\n", "") for place in TOKENS)


def parts_of(sent: Any) -> tuple[EmailMessage, EmailMessage]:
    plain, page = sent.iter_parts()
    return plain, page
