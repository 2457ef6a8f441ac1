"""Messages as bytes: joined ones are those `email` would build for each reader, and no value breaks a header."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.mailboxes import LocalPartError, ascii_address
from notifier.content.mime import POLICY, MessageHead, build_template, write_body, write_head
from notifier.domain.errors import AddressError
from notifier.tokens import TOKEN_LENGTH

FIVE = datetime(2027, 1, 13, 5, tzinfo=UTC)
ID = "<1.a@remembrance.example.org>"
TOKEN = "t" * TOKEN_LENGTH
LINK = f"https://notices.example.org/unsubscribe/{TOKEN_PLACE}"
EDITION = EditionText(
    "Schwarzer Januar: 37. Jahrestag, in 7 Tagen",
    f"Getötete: 147\nAbmelden: {LINK}\n",
    f'<!DOCTYPE html><html lang="de"><body><p>Getötete: 147</p><a href="{LINK}">Abmelden</a></body></html>',
    "de",
)
HEAD = MessageHead(
    from_name="Gedenktage Württemberg",
    from_address="notices@example.org",
    reply_to="office@example.org",
    calendar_id="remembrance.example.org",
    base_url="https://notices.example.org",
    owner="owner@example.org",
    unsubscribe_mailbox="leave@example.org",
    feedback_id="2027-01-13:notice:remembrance",
)

atoms = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=20)
local_parts = st.lists(atoms, min_size=1, max_size=3).map(".".join)
domains = st.lists(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True), min_size=2, max_size=5)
tokens = st.text("abcXYZ019._~-", min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # naive bounds
anything = st.text()


def personal(edition: EditionText = EDITION, head: MessageHead = HEAD, to: str = "reader@example.org") -> bytes:
    return build_template(edition, head).personal(to, ID, TOKEN, FIVE)


def parsed(message: bytes) -> Any:
    return email.message_from_bytes(message, policy=default)


def built_by_email(edition: EditionText, head: MessageHead, to: Address, token: str, date: datetime) -> bytes:
    """Build one reader's message from nothing."""
    mine = replace(
        edition, text=edition.text.replace(TOKEN_PLACE, token), html=edition.html.replace(TOKEN_PLACE, token)
    )
    message = EmailMessage(policy=POLICY)
    message["Date"] = date.replace(microsecond=0)
    message["To"] = to
    message["Message-ID"] = ID
    page = f"<{head.base_url}/unsubscribe/{token}>"
    message["List-Unsubscribe"] = f"{page}, <mailto:{head.unsubscribe_mailbox}?subject={token}>"
    write_body(message, mine)
    write_head(message, edition, head)
    # A boundary is any text that no part has; an edition's is the same for all its readers.
    message.set_boundary(parsed(personal(edition, head)).get_boundary())
    return message.as_bytes()


@settings(max_examples=10)  # each builds a whole message twice
@given(st.tuples(local_parts, domains.map(".".join)), tokens, moments, st.tuples(anything, anything), anything)
def test_a_joined_message_is_what_email_builds(
    mailbox: tuple[str, str], token: str, date: datetime, around: tuple[str, str], name: str
) -> None:
    (local, domain), (before, after) = mailbox, around
    edition = replace(EDITION, text=f"{before}{LINK}{after}", html=f"<p>{before}</p><a href='{LINK}'>{after}</a>")
    head = replace(HEAD, from_name=name)

    joined = build_template(edition, head).personal(f"{local}@{domain}", ID, token, date)

    assert joined == built_by_email(edition, head, Address(username=local, domain=domain), token, date)


@pytest.mark.parametrize("indent", range(80))
def test_a_token_that_a_soft_line_break_cuts_stays_whole(indent: int) -> None:
    edition = replace(EDITION, text=f"{'x' * indent}{LINK}\n{'=' * indent}{LINK}")

    message = parsed(personal(edition))

    assert message.get_body(("plain",)).get_content().count(LINK.replace(TOKEN_PLACE, TOKEN)) == 2
    assert TOKEN_PLACE not in message.get_body(("html",)).get_content()


@given(anything, anything)
def test_a_message_is_ascii_in_lines_that_every_server_takes(text: str, html: str) -> None:
    message = personal(replace(EDITION, subject=text, text=text, html=html))

    assert message.isascii()
    lines = message.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line or len(line) > 998 for line in lines)
    body = message.partition(b"\r\n\r\n")[2]
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))


def test_both_parts_come_out_as_they_went_in() -> None:
    message = parsed(personal())

    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == EDITION.text.replace(TOKEN_PLACE, TOKEN)
    assert html.get_content().rstrip() == EDITION.html.replace(TOKEN_PLACE, TOKEN)
    assert {part["Content-Transfer-Encoding"] for part in (text, html)} == {"quoted-printable"}


def test_the_headers_say_what_a_mailing_has_to_say() -> None:
    message = parsed(personal())

    page = f"<https://notices.example.org/unsubscribe/{TOKEN}>"
    assert {name: message[name] for name in message if name not in {"MIME-Version", "Content-Type"}} == {
        "Date": "Wed, 13 Jan 2027 05:00:00 +0000",
        "To": "reader@example.org",
        "Message-ID": ID,
        "List-Unsubscribe": f"{page}, <mailto:leave@example.org?subject={TOKEN}>",
        "From": "Gedenktage Württemberg <notices@example.org>",
        "Reply-To": "office@example.org",
        "Subject": "Schwarzer Januar: 37. Jahrestag, in 7 Tagen",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "<remembrance.example.org>",
        "List-Help": "<https://notices.example.org/de/#subscribe>",
        "List-Post": "NO",
        "List-Owner": "<mailto:owner@example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "de",
        "Feedback-ID": "2027-01-13:notice:remembrance",
    }


def test_what_is_not_set_is_not_said() -> None:
    head = replace(HEAD, reply_to=None, owner=None, unsubscribe_mailbox=None, feedback_id=None)

    message = parsed(personal(head=head))

    assert message["List-Unsubscribe"] == f"<https://notices.example.org/unsubscribe/{TOKEN}>"
    assert not {"Reply-To", "List-Owner", "Feedback-ID"} & set(message)


def test_a_long_list_unsubscribe_is_never_encoded() -> None:
    head = replace(HEAD, base_url=f"https://{'long.' * 30}example.org")

    assert f"<{head.base_url}/unsubscribe/{TOKEN}>".encode() in personal(head=head)


NEW_LINES = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"]


@pytest.mark.parametrize("end", NEW_LINES)
@pytest.mark.parametrize("field", ["from_name", "calendar_id", "feedback_id"])
def test_no_setting_can_bring_a_header_along(field: str, end: str) -> None:
    head = replace(HEAD, **{field: f"{getattr(HEAD, field)}{end}Bcc: victim@example.org"})

    assert "Bcc" not in parsed(personal(head=head))


@pytest.mark.parametrize("end", [*NEW_LINES, " ", ">", "é"])
def test_an_address_of_the_service_with_a_line_end_is_a_mistake(end: str) -> None:
    with pytest.raises(ValueError, match="notices"):
        personal(head=replace(HEAD, base_url=f"https://notices.example.org{end}Bcc: victim@example.org"))


@pytest.mark.parametrize("end", NEW_LINES)
@pytest.mark.parametrize("field", ["subject", "text", "html"])
def test_no_text_of_an_event_can_bring_a_header_along(field: str, end: str) -> None:
    text = f"Black January{end}Bcc: victim@example.org{end}{end}--=_"

    message = parsed(personal(replace(EDITION, **{field: text})))

    assert "Bcc" not in message
    assert len(list(message.iter_parts())) == 2
    assert not any("Bcc" in part for part in message.iter_parts())


@pytest.mark.parametrize("address", ["from_address", "reply_to", "owner", "unsubscribe_mailbox"])
@pytest.mark.parametrize("end", NEW_LINES)
def test_an_address_with_a_line_end_is_refused(address: str, end: str) -> None:
    with pytest.raises(AddressError):
        personal(head=replace(HEAD, **{address: f"a@example.org{end}Bcc: victim@example.org"}))
    with pytest.raises(AddressError):
        personal(to=f"a{end}Bcc: b@example.org")


@pytest.mark.parametrize("end", NEW_LINES)
def test_a_message_id_or_token_with_a_line_end_is_refused(end: str) -> None:
    template = build_template(EDITION, HEAD)
    with pytest.raises(ValueError, match="a@b"):
        template.personal("reader@example.org", f"<a@b>{end}Bcc: <c@d>", TOKEN, FIVE)
    with pytest.raises(ValueError, match="token"):
        template.personal("reader@example.org", ID, TOKEN[:-1] + end[0], FIVE)


@given(anything, anything)
def test_whatever_name_and_subject_say_the_headers_are_the_same(name: str, subject: str) -> None:
    head, _, _ = personal(replace(EDITION, subject=subject), replace(HEAD, from_name=name)).partition(b"\r\n\r\n")

    names = re.findall(rb"(?m)^([A-Za-z-]+):", head)
    assert names == re.findall(rb"(?m)^([A-Za-z-]+):", personal().partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("reader@example.org", "reader@example.org"),
        ("leser@bücher.example", "leser@xn--bcher-kva.example"),
        ("leser@straße.example", "leser@xn--strae-oqa.example"),
        ("o'brien+x@example.org", "o'brien+x@example.org"),
        ("a..b@example.org", '"a..b"@example.org'),
        ('"a b"@example.org', '"a b"@example.org'),
        ("me@localhost", "me@localhost"),
    ],
)
def test_an_address_as_it_goes_over_the_wire(address: str, wire: str) -> None:
    assert ascii_address(address) == wire


@pytest.mark.parametrize(
    "address", ["", "a", "@example.org", "a@", "a@b c", "a@b>", "a@xn--\u2028.de", "a@.de", "a@-.de"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        ascii_address(address)


def test_a_local_part_outside_ascii_is_refused_with_its_reason() -> None:
    with pytest.raises(LocalPartError, match="before the @"):
        personal(to="пример@example.org")
