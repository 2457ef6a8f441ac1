"""Tokens in links."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.tokens import KEY_LENGTH, TOKEN_LENGTH, TokenError, Tokens

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
