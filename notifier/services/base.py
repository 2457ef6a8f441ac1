"""What every part of the wiring stands on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine

if TYPE_CHECKING:
    from notifier.content.language import Language
    from notifier.content.templates import Templates
    from notifier.domain.events import Catalog
    from notifier.settings import Settings
    from notifier.tokens import AddressHash, Tokens


class Base(Protocol):
    """The calendar, the database, words, templates and secrets. Each is asked for anew: the calendar may be swapped."""

    @property
    def settings(self) -> Settings:
        """What the environment says."""

    @property
    def engine(self) -> Engine:
        """The database, its schema up to date."""

    @property
    def catalog(self) -> Catalog:
        """The calendar in use."""

    @property
    def languages(self) -> Mapping[str, Language]:
        """The languages there are words in."""

    @property
    def templates(self) -> Templates:
        """What pages and messages are rendered from."""

    @property
    def tokens(self) -> Tokens:
        """What signs links."""

    @property
    def address_hash(self) -> AddressHash:
        """What suppressed addresses are known by."""

    @property
    def base_url(self) -> str:
        """The address people open, without a slash at its end."""

    def now(self) -> datetime:
        """Return the present instant, aware."""

    def language(self, tag: str) -> Language:
        """Return one of the calendar's languages, its first for an empty tag. Raises UnknownLanguageError."""
