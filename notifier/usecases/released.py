"""Messages as everybody may read them who knows their address."""

from __future__ import annotations

from sqlalchemy import Engine

from notifier.content.edition_page import ReleasedEdition
from notifier.domain.deliveries import DeliveryKind, EditionState
from notifier.storage.corrections import corrections_of
from notifier.storage.editions import edition_by_key
from notifier.storage.engine import reading

_PUBLIC = {EditionState.RELEASED, EditionState.HELD, EditionState.CANCELLED}


def released_edition(engine: Engine, key: str) -> ReleasedEdition | None:
    """Return the message with this key and its corrections; None where it never began to leave, or was personal."""
    with reading(engine) as db:
        found = edition_by_key(db, key)
        if found is None or found.content is None or found.state not in _PUBLIC:
            return None
        if found.of.kind.delivery is DeliveryKind.SERVICE:
            return None
        corrections = corrections_of(db, key)
    texts = tuple(text for _, text in corrections)
    return ReleasedEdition(found.of.language, found.of.day, found.content.subject, found.content.text, texts)
