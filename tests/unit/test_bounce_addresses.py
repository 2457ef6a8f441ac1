"""Signed addresses that what comes back is sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.bounce_addresses import LONGEST_NAME, BounceAddressError, BounceAddresses

OLD, NEW = "an old secret of 32 characters, so", "a new secret of 32 characters, also"
ADDRESSES = BounceAddresses("bounces@example.org", [NEW])


READER, SOMEBODY_ELSE = "abcdefghijklmnop", "bcdefghijklmnopq"


def delivery_of(address: str, addresses: BounceAddresses = ADDRESSES, of: str = READER) -> int | None:
    """Return which delivery to this person an address proves."""
    read = addresses.read(address)
    return read.delivery_id if read is not None and read.was_made_for(of) else None


@given(st.integers(1, 2**63 - 1))
def test_an_address_says_which_delivery_came_back(delivery: int) -> None:
    made = ADDRESSES.make(delivery, READER)

    assert delivery_of(made) == delivery
    assert made.islower()
    assert len(made.partition("@")[0]) <= 64


def test_the_longest_name_leaves_room_for_the_longest_number() -> None:
    addresses = BounceAddresses(f"{'b' * LONGEST_NAME}@example.org", [NEW])

    assert len(addresses.make(2**63 - 1, READER).partition("@")[0]) == 64


def test_its_case_may_be_lost_and_brackets_may_be_left_on_the_way() -> None:
    assert delivery_of(f" <{ADDRESSES.make(7, READER).upper()}> ") == 7


def test_a_new_secret_leaves_old_addresses_readable_and_signs_by_itself() -> None:
    rotated = BounceAddresses("bounces@example.org", [NEW, OLD])

    old = BounceAddresses("bounces@example.org", [OLD])

    assert delivery_of(old.make(7, READER), rotated) == 7
    assert rotated.make(7, READER) == ADDRESSES.make(7, READER)
    assert delivery_of(rotated.make(7, READER), old) is None


def test_an_address_proves_nothing_of_somebody_else_whose_delivery_has_the_same_number() -> None:
    assert delivery_of(ADDRESSES.make(7, READER), of=SOMEBODY_ELSE) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@example.org",
        "bounces+7@example.org",
        "bounces+7.@example.org",
        "bounces+7.aaaaaaaaaaaaaaaa@example.org",
        ADDRESSES.make(7, READER).replace("+7.", "+8."),
        ADDRESSES.make(7, READER).replace("+7.", "+07."),
        ADDRESSES.make(7, READER).replace("+7.", "+٧."),
        ADDRESSES.make(7, READER).replace("bounces", "others"),
        ADDRESSES.make(7, READER).replace("example.org", "example.com"),
        ADDRESSES.make(7, READER).replace("@", "a@"),
    ],
)
def test_what_was_not_made_here_names_no_delivery(address: str) -> None:
    assert delivery_of(address) is None


@pytest.mark.parametrize("address", ["", "bounces", "bo+unces@example.org", "ü@example.org", "b@", f"{'b' * 28}@b.org"])
def test_an_address_with_no_room_for_a_signature_is_refused(address: str) -> None:
    with pytest.raises(BounceAddressError, match="use an address with at most 27"):
        BounceAddresses(address, [NEW])
