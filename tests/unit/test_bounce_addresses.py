"""Signed addresses that what comes back is sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.bounce_addresses import LONGEST_NAME, BounceAddressError, BounceAddresses

OLD, NEW = "an old secret of 32 characters, so", "a new secret of 32 characters, also"
ADDRESSES = BounceAddresses("bounces@example.org", [NEW])


@given(st.integers(1, 2**63 - 1))
def test_an_address_says_which_delivery_came_back(delivery: int) -> None:
    made = ADDRESSES.make(delivery)

    assert ADDRESSES.read(made) == delivery
    assert made.islower()
    assert len(made.partition("@")[0]) <= 64


def test_the_longest_name_leaves_room_for_the_longest_number() -> None:
    addresses = BounceAddresses(f"{'b' * LONGEST_NAME}@example.org", [NEW])

    assert len(addresses.make(2**63 - 1).partition("@")[0]) == 64


def test_its_case_may_be_lost_and_brackets_may_be_left_on_the_way() -> None:
    assert ADDRESSES.read(f" <{ADDRESSES.make(7).upper()}> ") == 7


def test_a_new_secret_leaves_old_addresses_readable_and_signs_by_itself() -> None:
    rotated = BounceAddresses("bounces@example.org", [NEW, OLD])

    assert rotated.read(BounceAddresses("bounces@example.org", [OLD]).make(7)) == 7
    assert rotated.make(7) == ADDRESSES.make(7)
    assert BounceAddresses("bounces@example.org", [OLD]).read(rotated.make(7)) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@example.org",
        "bounces+7@example.org",
        "bounces+7.@example.org",
        "bounces+7.aaaaaaaaaaaaaaaa@example.org",
        ADDRESSES.make(7).replace("+7.", "+8."),
        ADDRESSES.make(7).replace("+7.", "+07."),
        ADDRESSES.make(7).replace("+7.", "+٧."),
        ADDRESSES.make(7).replace("bounces", "others"),
        ADDRESSES.make(7).replace("example.org", "example.com"),
        ADDRESSES.make(7).replace("@", "a@"),
    ],
)
def test_what_was_not_made_here_names_no_delivery(address: str) -> None:
    assert ADDRESSES.read(address) is None


@pytest.mark.parametrize("address", ["", "bounces", "bo+unces@example.org", "ü@example.org", "b@", f"{'b' * 28}@b.org"])
def test_an_address_with_no_room_for_a_signature_is_refused(address: str) -> None:
    with pytest.raises(BounceAddressError, match="use an address with at most 27"):
        BounceAddresses(address, [NEW])
