"""Messages as bytes: joined ones are those `email` would build for each reader, and no value breaks a header."""

from __future__ import annotations

import email
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8, default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.mailboxes import LocalPartError, ascii_address
from notifier.content.mime import POLICY, MessageHead, build_template, write_body, write_head
from notifier.content.places import CONFIRM_PLACE, PLACES
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
    return build_template(edition, head).personal(to, ID, {TOKEN_PLACE: TOKEN}, FIVE)


def parsed(message: bytes) -> Any:
    return email.message_from_bytes(message, policy=default)


def built_by_email(
    edition: EditionText, head: MessageHead, to: Address, own: Mapping[str, str], date: datetime
) -> bytes:
    """Build one reader's message from nothing."""
    text, html = edition.text, edition.html
    for place, token in own.items():
        text, html = text.replace(place, token), html.replace(place, token)
    message = EmailMessage(policy=POLICY)
    message["Date"] = date.replace(microsecond=0)
    message["To"] = to
    message["Message-ID"] = ID
    token = own[TOKEN_PLACE]
    mailto = "" if head.unsubscribe_mailbox is None else f", <mailto:{head.unsubscribe_mailbox}?subject={token}>"
    message["List-Unsubscribe"] = f"<{head.base_url}/unsubscribe/{token}>{mailto}"
    write_body(message, replace(edition, text=text, html=html))
    write_head(message, edition, head)
    # A boundary is any text that no part has; an edition's is the same for all its readers.
    message.set_boundary(parsed(personal(edition, head)).get_boundary())
    return message.as_bytes()


@settings(max_examples=10)  # each builds a whole message twice
@given(
    mailbox=st.tuples(local_parts, domains.map(".".join)),
    own=st.tuples(tokens, tokens, tokens, tokens),
    date=moments,
    around=st.tuples(anything, anything),
    name=anything,
    order=st.permutations(tuple(PLACES.values())),
    mailto=st.sampled_from(["leave@example.org", None]),
)
def test_a_joined_message_is_what_email_builds(  # noqa: PLR0917  # hypothesis names them
    mailbox: tuple[str, str],
    own: tuple[str, ...],
    date: datetime,
    around: tuple[str, str],
    name: str,
    order: list[str],
    mailto: str | None,
) -> None:
    (local, domain), (before, after) = mailbox, around
    links = [f"https://notices.example.org/{number}/{place}" for number, place in enumerate(order)]
    edition = replace(
        EDITION,
        text=f"{before}{after.join(links)}{after}",
        html=f"<p>{before}</p>{''.join(f'<a href={link}>{after}</a>' for link in links)}",
    )
    head = replace(HEAD, from_name=name, unsubscribe_mailbox=mailto)
    mine = dict(zip(PLACES.values(), own, strict=True))

    joined = build_template(edition, head, tuple(PLACES.values())).personal(f"{local}@{domain}", ID, mine, date)

    assert joined == built_by_email(edition, head, Address(username=local, domain=domain), mine, date)


@pytest.mark.parametrize("local", ["bücher", "пример", "البريد", "ə" * 60])
def test_so_is_a_local_part_outside_ascii(local: str) -> None:
    message = EmailMessage(policy=SMTPUTF8)
    message["To"] = Address(username=local, domain="example.org")

    assert message.as_bytes().rstrip() in personal(to=f"{local}@example.org")


@pytest.mark.parametrize("length", range(1, 60))
def test_no_space_is_lost_where_a_line_of_the_head_ends(length: int) -> None:
    name = f"{'ö' * length} für Gedenktage und Jahrestage in Ländern und Städten"

    head = email.message_from_bytes(personal(replace(EDITION, subject=name), replace(HEAD, from_name=name)))

    assert decoded(head["Subject"]) == name
    assert decoded(head["From"]) == f"{name} <notices@example.org>"


def decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


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
        "List-Help": "<https://notices.example.org/de/subscribe>",
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
        template.personal("reader@example.org", f"<a@b>{end}Bcc: <c@d>", {TOKEN_PLACE: TOKEN}, FIVE)
    with pytest.raises(ValueError, match="token"):
        template.personal("reader@example.org", ID, {TOKEN_PLACE: TOKEN[:-1] + end[0]}, FIVE)


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


def test_a_local_part_outside_ascii_is_written_as_it_is_and_nothing_else_is() -> None:
    message = personal(to="пример@пример.example")

    assert "To: пример@xn--e1afmkfd.example\r\n".encode() in message
    assert message.replace("пример".encode(), b"").isascii()
    with pytest.raises(LocalPartError, match="before the @"):
        ascii_address("пример@example.org")


@pytest.mark.parametrize("address", ["при\u2028мер@example.org", "при мер\x85@example.org", "при\u200bмер@example.org"])
def test_nothing_unseen_stands_in_a_local_part(address: str) -> None:
    with pytest.raises(AddressError):
        personal(to=address)


def test_a_token_that_is_missing_or_too_long_makes_no_message() -> None:
    template = build_template(EDITION, HEAD)
    for tokens in ({}, {TOKEN_PLACE: TOKEN + "t"}, {CONFIRM_PLACE: TOKEN}):
        with pytest.raises(ValueError, match="token"):
            template.personal("reader@example.org", ID, tokens, FIVE)
