"""Texts: which language a reader is shown, and whether a text says anything at all."""

from __future__ import annotations

import pytest

from notifier.domain.texts import says_something


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n\u00a0\u2003\u2028\u3000",
        "\x00\x01\x1b\x7f\x85\x9f",
        "\u00ad\u200b\u200d\u200e\u202e\u2066\ufeff\U000e0001",
        "\ufffe\uffff\ufdd0\U0001ffff\U0010fffe",
        "\u034f\u115f\u3164\uffa0\ufe0f\U000e0100\u2800",
        ",",
        " ; \\ \u200b,",
    ],
    ids=ascii,
)
def test_what_nobody_sees_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["a", "\x01Ə", "שלום", "🕯", "한", "?", "\ufffd", ", ;7", "\u200b.", "\U0001fae9"])
def test_one_character_that_is_seen_is_enough(text: str) -> None:
    assert says_something(text)
