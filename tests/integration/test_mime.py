"""Messages as bytes: joined ones are those `email` would build for each reader, and no value breaks a header."""

from __future__ import annotations

import email
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy, default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.mailboxes import LocalPartError, ascii_address
from notifier.content.message_head import MessageHead
from notifier.content.mime import build_template
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
    reply_to=("", "office@example.org"),
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
# What a name or a subject is: words with single spaces between them.
words = st.text("aZ0.,:!()'\"@<>äöəğışЖя年🕯=?_", min_size=1, max_size=30)
one_line = st.lists(words, min_size=1, max_size=12).map(" ".join)


def personal(edition: EditionText = EDITION, head: MessageHead = HEAD, to: str = "reader@example.org") -> bytes:
    return build_template(edition, head).personal(to, ID, {TOKEN_PLACE: TOKEN}, FIVE)


def parsed(message: bytes) -> Any:
    return email.message_from_bytes(message, policy=default)


# The standard library's own policy for SMTP, with widths alone set: a header that is all address may not be folded, and
# has 998 characters at most (RFC 5322 §2.1.1); quoted-printable has 76, not 78 (RFC 2045 §6.7).
UNFOLDED, BODY = SMTP.clone(max_line_length=998), SMTP.clone(max_line_length=76)


@dataclass(frozen=True)
class Plain:
    """One reader's message as plain values."""

    name: str
    answers: str
    subject: str
    text: str
    html: str
    to: Address
    date: datetime
    token: str
    mailto: str | None


def built_by_email(said: Plain, boundary: str) -> bytes:
    """Build a message from nothing with `email`; a boundary is any text that no part has."""
    body = EmailMessage(policy=BODY)
    body.set_content(said.text, cte="quoted-printable")
    body.add_alternative(said.html, subtype="html", cte="quoted-printable")
    body.set_boundary(boundary)
    mime, _, parts = body.as_bytes(policy=UNFOLDED).partition(b"\r\n\r\n")
    page = f"<https://notices.example.org/unsubscribe/{said.token}>"
    mailto = "" if said.mailto is None else f", <mailto:{said.mailto}?subject={said.token}>"
    own = {"Date": said.date.replace(microsecond=0), "To": said.to, "Message-ID": ID}
    return b"".join(
        [
            fields(UNFOLDED, own | {"List-Unsubscribe": page + mailto}),
            mime + b"\r\n",
            mailbox("From", said.name, "notices@example.org"),
            mailbox("Reply-To", said.answers, "office@example.org"),
            subject(said.subject),
            fields(
                UNFOLDED,
                {
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    "List-Id": "<remembrance.example.org>",
                    "List-Help": "<https://notices.example.org/de/subscribe>",
                    "List-Post": "NO",
                    "List-Owner": "<mailto:owner@example.org>",
                    "Auto-Submitted": "auto-generated",
                    "Content-Language": "de",
                    "Feedback-ID": "2027-01-13:notice:remembrance",
                },
            ),
            b"\r\n" + parts,
        ]
    )


def fields(how: EmailPolicy[Any], values: Mapping[str, Any]) -> bytes:
    message = EmailMessage(policy=how)
    for name, value in values.items():
        message[name] = value
    return message.as_bytes().removesuffix(b"\r\n")


def mailbox(header: str, name: str, address: str) -> bytes:
    if name.isascii():
        return fields(SMTP, {header: Address(name, addr_spec=address)})
    return f"{header}: {encoded(header, name)}\r\n <{address}>\r\n".encode("ascii")


def subject(said: str) -> bytes:
    if not said.isascii():
        return f"Subject: {encoded('Subject', said)}\r\n".encode("ascii")
    # By the older half as well: the newer one leaves the first line empty where all fits on the second.
    lines = Header(said, "us-ascii", maxlinelen=78, header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {lines}\r\n".encode("ascii")


def encoded(header: str, words: str) -> str:
    """Encode words by the older half of `email`: the newer one loses spaces between lines."""
    return Header(words, "utf-8", maxlinelen=76, header_name=header).encode(linesep="\r\n")


@settings(max_examples=15)  # each builds a whole message twice
@given(
    to=st.tuples(local_parts, domains.map(".".join)),
    own=st.tuples(tokens, tokens, tokens, tokens),
    date=moments,
    around=st.tuples(anything, anything),
    named=st.tuples(one_line, st.just("") | one_line, one_line),
    order=st.permutations(tuple(PLACES.values())),
    mailto=st.sampled_from(["leave@example.org", None]),
)
def test_a_joined_message_is_what_email_builds(  # noqa: PLR0917  # hypothesis names them
    to: tuple[str, str],
    own: tuple[str, ...],
    date: datetime,
    around: tuple[str, str],
    named: tuple[str, str, str],
    order: list[str],
    mailto: str | None,
) -> None:
    (local, domain), (before, after), (name, answers, about) = to, around, named
    mine = dict(zip(PLACES.values(), own, strict=True))
    text, html = body_with(before, after, order), page_with(before, after, order)
    edition = replace(EDITION, subject=about, text=text, html=html)
    head = replace(HEAD, from_name=name, reply_to=(answers, "office@example.org"), unsubscribe_mailbox=mailto)
    template = build_template(edition, head, tuple(mine))

    joined = template.personal(f"{local}@{domain}", ID, mine, date)

    said = Plain(
        name=name,
        answers=answers,
        subject=about,
        text=body_with(before, after, [mine[place] for place in order]),
        html=page_with(before, after, [mine[place] for place in order]),
        to=Address(username=local, domain=domain),
        date=date,
        token=mine[TOKEN_PLACE],
        mailto=mailto,
    )
    assert joined == built_by_email(said, parsed(joined).get_boundary())


def body_with(before: str, after: str, tokens: Sequence[str]) -> str:
    links = [f"https://notices.example.org/{number}/{token}" for number, token in enumerate(tokens)]
    return f"{before}{after.join(links)}{after}"


def page_with(before: str, after: str, tokens: Sequence[str]) -> str:
    links = [f"<a href=https://notices.example.org/{n}/{token}>{after}" for n, token in enumerate(tokens)]
    return f"<p>{before}</p>{''.join(links)}"


@pytest.mark.parametrize("local", ["bücher", "пример", "البريد", "ə" * 60])
def test_so_is_a_local_part_outside_ascii(local: str) -> None:
    message = EmailMessage(policy=SMTPUTF8)
    message["To"] = Address(username=local, domain="example.org")

    assert message.as_bytes().rstrip() in personal(to=f"{local}@example.org")


@pytest.mark.parametrize("length", range(1, 60))
def test_no_space_is_lost_where_a_line_of_the_head_ends(length: int) -> None:
    name = f"{'ö' * length} für Gedenktage und Jahrestage in Ländern und Städten"

    named = replace(HEAD, from_name=name, reply_to=(name, "office@example.org"))

    head = email.message_from_bytes(personal(replace(EDITION, subject=name), named))

    assert decoded(head["Subject"]) == name
    assert decoded(head["From"]) == f"{name} <notices@example.org>"
    assert decoded(head["Reply-To"]) == f"{name} <office@example.org>"


@pytest.mark.parametrize("length", range(40, 160))
def test_a_subject_begins_on_its_own_line_and_comes_out_as_it_went_in(length: int) -> None:
    said = ("Black January: 37th anniversary, in 7 days, and 1 more day of remembrance " * 3)[:length].strip()

    message = personal(replace(EDITION, subject=said))

    assert parsed(message)["Subject"] == said
    [first, *_] = message.partition(b"Subject: ")[2].split(b"\r\n")
    assert first
    assert max(len(line) for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n") if b"Black" in line) <= 78


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
    changed: dict[str, Any] = {field: f"{getattr(HEAD, field)}{end}Bcc: victim@example.org"}
    answers = (f"Office{end}Bcc: victim@example.org", "office@example.org")

    assert "Bcc" not in parsed(personal(head=replace(HEAD, **changed, reply_to=answers)))


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


@pytest.mark.parametrize("field", ["from_address", "reply_to", "owner", "unsubscribe_mailbox"])
@pytest.mark.parametrize("end", NEW_LINES)
def test_an_address_with_a_line_end_is_refused(field: str, end: str) -> None:
    address = f"a@example.org{end}Bcc: victim@example.org"
    changed: dict[str, Any] = {field: ("", address) if field == "reply_to" else address}
    with pytest.raises(AddressError):
        personal(head=replace(HEAD, **changed))
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
