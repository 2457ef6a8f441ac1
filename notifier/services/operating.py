"""What operators do by hand: holding, releasing, cancelling and correcting."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from notifier.usecases.release import Ruling, cancel, hold, release

if TYPE_CHECKING:
    from notifier.content.editions import EditionText
    from notifier.services.base import Base
    from notifier.services.mail import Mail
    from notifier.storage.editions import Edition
    from notifier.usecases.correct import Correction


class Operating:
    """An operator's word on messages."""

    def __init__(self, base: Base, mail: Mail) -> None:
        self._base = base
        self._mail = mail

    def hold(self, what: str) -> Ruling:
        """Let nothing more leave of an event or edition, or at all."""
        return hold(self._base.engine, self._base.catalog, what, self._base.now())

    def release(self, what: str) -> Ruling:
        """Let go on what was held."""
        return release(self._base.engine, self._base.catalog, what, self._base.now())

    def cancel(self, what: str) -> Ruling:
        """Drop what is not out yet."""
        return cancel(self._base.engine, self._base.catalog, what, self._base.now())

    def correct(self, edition: str, text: str, now: datetime) -> Correction:
        """Send a correction to exactly those who got an edition."""
        from notifier.usecases.correct import correct

        send_until = self._base.settings.send_until
        return correct(self._base.engine, edition, text, self._correction, now, send_until=send_until)

    def _correction(self, edition: Edition, text: str) -> EditionText:
        from notifier.content.corrections import render_correction

        press = self._mail.press()
        language = press.languages(edition.of.language)
        sender = press.sender_in(language)
        return render_correction(
            text,
            subject=edition.content.subject if edition.content is not None else "",
            day=edition.of.day,
            edition=edition.key,
            language=language,
            templates=self._base.templates,
            base_url=self._base.base_url,
            sender=sender.name,
            postal_address=sender.postal_address,
        )
