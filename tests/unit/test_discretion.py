"""What is taken out of what a log may say."""

from __future__ import annotations

import pytest

from notifier.domain.discretion import without_addresses, without_values


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 5.7.1 <reader@example.org>: refused", "550 5.7.1 <***@example.org>: refused"),
        ('550 "a reader"@example.org refused', "550 ***@example.org refused"),
        ("a@example.org,b@example.net", "***@example.net"),
        ("rcpt=reader%40example.org", "***@example.org"),
        ("see smtps://robot@mail.example.org:465", "see smtps://***@mail.example.org:465"),
        ("bounces+7.abcdefghijklmnop=example.org@relay.net", "***@relay.net"),
        ("not bounces+7.abcdefghijklmnop", "not ***"),
        ("Bounces+7.ABCDEFGHIJKLMNOP is not known", "*** is not known"),
        ("пример@example.org", "***@example.org"),
        ("452 4.3.1 full", "452 4.3.1 full"),
    ],
)
def test_an_address_is_left_with_its_domain(said: str, shown: str) -> None:
    assert without_addresses(said) == shown


def test_what_stands_before_the_sign_of_a_known_address_is_taken_out_wherever_it_stands() -> None:
    said = "550 user Reader.One unknown at example.org; readers welcome"

    shown = without_addresses(said, "reader.one@example.org")

    assert shown == "550 user *** unknown at example.org; readers welcome"


def test_the_values_that_postgresql_repeats_are_taken_out() -> None:
    said = (
        'duplicate key value violates unique constraint "uq"\n'
        "DETAIL:  Failing row contains (1, abc\nnonce, x).\n[SQL: INSERT]\n\nThe above exception"
    )

    shown = without_values(said)

    assert "nonce" not in shown
    assert "abc" not in shown
    assert shown.endswith("DETAIL: ***\n[SQL: INSERT]\n\nThe above exception")
