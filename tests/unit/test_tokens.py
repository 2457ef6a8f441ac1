"""Tokens in links."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.tokens import (
    CONFIRM_FOR,
    KEY_LENGTH,
    MANAGE_FOR,
    PART_LENGTH,
    SESSION_FOR,
    TOKEN_LENGTH,
    UNDO_FOR,
    AddressHash,
    TokenError,
    Tokens,
    TokenTooOldError,
)

NOW = datetime(2027, 1, 13, 5, 0, 0, 250_000, tzinfo=UTC)
PERSON, NONCE = "abcdefghijklmnop", "2345672345672345"

MADE: dict[str, Callable[[Tokens], str]] = {
    "unsubscribe": lambda tokens: tokens.unsubscribe(PERSON),
    "confirm": lambda tokens: tokens.confirm(PERSON, NONCE),
    "never": lambda tokens: tokens.never(PERSON, NONCE),
    "manage": lambda tokens: tokens.manage(PERSON, NOW),
    "session": lambda tokens: tokens.session(PERSON, NOW),
    "undo": lambda tokens: tokens.undo(PERSON, NOW),
}
READ: dict[str, Callable[[Tokens, str], object]] = {
    "unsubscribe": lambda tokens, token: tokens.read_unsubscribe(token),
    "confirm": lambda tokens, token: tokens.read_confirm(token),
    "never": lambda tokens, token: tokens.read_never(token),
    "manage": lambda tokens, token: tokens.read_manage(token, NOW),
    "session": lambda tokens, token: tokens.read_session(token, NOW),
    "undo": lambda tokens, token: tokens.read_undo(token, NOW)[0],
}
HELD: dict[str, object] = {
    "unsubscribe": PERSON,
    "confirm": (PERSON, NONCE),
    "never": (PERSON, NONCE),
    "manage": PERSON,
    "session": PERSON,
    "undo": PERSON,
}

KEY = "0123456789abcdef0123456789abcdef"

keys = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=1, max_size=KEY_LENGTH)


@given(keys)
def test_a_token_gives_back_the_key_it_was_made_for(key: str) -> None:
    tokens = Tokens(["secret"])

    assert tokens.read_unsubscribe(tokens.unsubscribe(key)) == key


@given(keys)
def test_every_token_has_the_same_length_and_needs_no_escaping_in_an_address(key: str) -> None:
    token = Tokens(["secret"]).unsubscribe(key)

    assert len(token) == TOKEN_LENGTH
    assert re.fullmatch("[A-Za-z0-9._~-]+", token)


def test_a_token_outlives_a_new_secret() -> None:
    token = Tokens(["old"]).unsubscribe(KEY)

    assert Tokens(["new", "old"]).read_unsubscribe(token) == KEY


def test_tokens_are_signed_with_the_newest_secret() -> None:
    token = Tokens(["new", "old"]).unsubscribe(KEY)

    assert Tokens(["new"]).read_unsubscribe(token) == KEY
    with pytest.raises(TokenError):
        Tokens(["old"]).read_unsubscribe(token)


@given(st.integers(0, TOKEN_LENGTH - 1))
def test_a_token_with_one_character_changed_opens_nothing(position: int) -> None:
    token = Tokens(["secret"]).unsubscribe(KEY)
    # The last character of a signature carries two bits that say nothing; "B" differs from "A" in those alone.
    other = "Z" if token[position] not in "XYZab" else "k"
    with pytest.raises(TokenError):
        Tokens(["secret"]).read_unsubscribe(token[:position] + other + token[position + 1 :])


@given(st.text())
def test_what_is_no_token_opens_nothing(text: str) -> None:
    with pytest.raises(TokenError):
        Tokens(["secret"]).read_unsubscribe(text)


def test_a_token_for_something_else_does_not_unsubscribe() -> None:
    from itsdangerous import Signer

    token = Signer("secret", salt="notifier.manage", key_derivation="hmac").sign(KEY).decode()
    with pytest.raises(TokenError):
        Tokens(["secret"]).read_unsubscribe(token)


@pytest.mark.parametrize("secrets", [[], [""], ["good", ""]])
def test_a_ring_without_secrets_is_a_mistake(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="secrets"):
        Tokens(secrets)


@pytest.mark.parametrize("purpose", MADE)
@pytest.mark.parametrize("other", READ)
def test_a_token_for_one_purpose_opens_nothing_else(purpose: str, other: str) -> None:
    tokens = Tokens(["secret"])
    token = MADE[purpose](tokens)

    if purpose == other:
        assert READ[other](tokens, token) == HELD[purpose]
        return
    with pytest.raises(TokenError):
        READ[other](tokens, token)


@pytest.mark.parametrize("purpose", MADE)
def test_a_new_secret_breaks_no_link_and_all_are_as_long(purpose: str) -> None:
    token = MADE[purpose](Tokens(["old"]))

    assert len(token) == TOKEN_LENGTH
    assert re.fullmatch("[A-Za-z0-9._~-]+", token)
    assert READ[purpose](Tokens(["new", "old"]), token) == HELD[purpose]
    with pytest.raises(TokenError):
        READ[purpose](Tokens(["new"]), token)


@pytest.mark.parametrize(
    ("make", "read", "good_for"),
    [
        (Tokens.manage, Tokens.read_manage, MANAGE_FOR),
        (Tokens.session, Tokens.read_session, SESSION_FOR),
        (Tokens.undo, Tokens.read_undo, UNDO_FOR),
    ],
)
def test_what_ends_ends_to_the_second(
    make: Callable[[Tokens, str, datetime], str],
    read: Callable[[Tokens, str, datetime], object],
    good_for: timedelta,
) -> None:
    tokens = Tokens(["secret"])
    token, made = make(tokens, PERSON, NOW), NOW.replace(microsecond=0)

    assert read(tokens, token, made + good_for - timedelta(seconds=1))
    for instant in (made + good_for, made - timedelta(seconds=1)):
        with pytest.raises(TokenTooOldError):
            read(tokens, token, instant)


def test_taking_back_knows_the_second_in_which_somebody_left() -> None:
    tokens = Tokens(["secret"])

    assert tokens.read_undo(tokens.undo(PERSON, NOW), NOW) == (PERSON, NOW.replace(microsecond=0))


def test_links_are_good_for_as_long_as_people_are_told() -> None:
    assert (timedelta(days=3), timedelta(minutes=30), timedelta(minutes=30)) == (CONFIRM_FOR, MANAGE_FOR, SESSION_FOR)


@pytest.mark.parametrize("part", ["", "x" * 17, "with space", "a@b.example", "línea"])
def test_what_is_no_part_of_a_token_is_a_mistake(part: str) -> None:
    tokens = Tokens(["secret"])
    for make in (tokens.confirm, tokens.never):
        with pytest.raises(ValueError, match="part"):
            make(part, NONCE)
    with pytest.raises(ValueError, match="part"):
        tokens.manage(part, NOW)


def test_an_address_has_one_hash_whatever_its_case_which_says_nothing_without_the_secret() -> None:
    hashes = AddressHash("secret")

    assert hashes.of(" Reader@Example.ORG ") == hashes.of("reader@example.org")
    assert re.fullmatch(f"[a-z2-7]{{{PART_LENGTH}}}", hashes.of("reader@example.org"))
    assert hashes.of("reader@example.org") != AddressHash("another").of("reader@example.org")
    with pytest.raises(ValueError, match="secret"):
        AddressHash("")
