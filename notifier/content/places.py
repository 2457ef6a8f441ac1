"""Where a reader's own tokens go in an edition: texts of a token's length, made of the same characters."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from notifier.content.editions import TOKEN_PLACE
from notifier.tokens import TOKEN_LENGTH


class Purpose(StrEnum):
    """What a token in a message opens."""

    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"
    NEVER = "never"
    MANAGE = "manage"


CONFIRM_PLACE: Final = "the-confirm-token-of-one-reader-".ljust(TOKEN_LENGTH, "y")
NEVER_PLACE: Final = "the-never-token-of-one-reader-".ljust(TOKEN_LENGTH, "z")
MANAGE_PLACE: Final = "the-manage-token-of-one-reader-".ljust(TOKEN_LENGTH, "w")

PLACES: Final[Mapping[Purpose, str]] = {
    Purpose.UNSUBSCRIBE: TOKEN_PLACE,
    Purpose.CONFIRM: CONFIRM_PLACE,
    Purpose.NEVER: NEVER_PLACE,
    Purpose.MANAGE: MANAGE_PLACE,
}
"""The text that stands for the token of each purpose."""
