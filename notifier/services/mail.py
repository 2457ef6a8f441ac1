"""Messages: what they are made with, where they go, and the pass that makes and sends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from notifier.content.mime import MessageHead
from notifier.content.wording import words
from notifier.delivery.senders import open_sender
from notifier.delivery.target import MailTarget, MailTargetError
from notifier.domain.errors import NotifierError
from notifier.domain.preferences import parse_mailbox
from notifier.domain.translations import refused_languages
from notifier.settings import Settings, SettingsError
from notifier.usecases.send import Press
from notifier.usecases.tick import TickReport, tick

if TYPE_CHECKING:
    from notifier.services.base import Base

_FAR = timedelta(days=1)


class FarInstantError(NotifierError):
    """A rehearsal that would reach people."""

    wrong_use = True
    sentence = (
        "{at} is more than a day from now and {target} would send to people; use a Maildir or a server on loopback, "
        "or add --force"
    )


class Mail:
    """What goes out by mail."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self.target = _target(base.settings)
        self.stopped: str | None = None
        """Why not everything went out in the last pass, None when it did."""

    @property
    def helo(self) -> str:
        """The name this machine gives itself towards mail servers (RFC 5321 §4.1.1.1)."""
        return urlsplit(self._base.base_url).hostname or "localhost"

    def refuse_far(self, now: datetime, *, force: bool) -> None:
        """Raise FarInstantError for a rehearsal that would reach people."""
        if abs(now - self._base.now()) > _FAR and not self.target.local and not force:
            raise FarInstantError(at=now.isoformat(), target=self.target)

    def tick(self, now: datetime, stopping: Callable[[], bool]) -> TickReport:
        """Plan what is due at `now` and send it."""
        settings = self._base.settings
        with open_sender(self.target, self.helo) as sender:
            report, self.stopped = tick(
                self._base.engine,
                sender,
                self.press(),
                now,
                self._running_from(now),
                send_until=settings.send_until,
                stopping=stopping,
                resend_unknown=settings.resend_unknown,
            )
        return report

    def press(self) -> Press:
        """Return what messages are made with now."""
        base, settings, catalog = self._base, self._base.settings, self._base.catalog
        name, address = parse_mailbox(settings.mail_from) if settings.mail_from else ("", "")
        return Press(
            catalog=catalog,
            languages=base.languages.__getitem__,
            templates=base.templates,
            tokens=base.tokens,
            head=MessageHead(
                from_name=name,
                from_address=address or "notifier@localhost",
                reply_to=settings.mail_reply_to or None,
                calendar_id=catalog.calendar.id,
                base_url=base.base_url,
                owner=settings.operator or None,
            ),
            sender_name=lambda language: name or words(catalog.calendar.name, catalog, language).text,
            postal_address=settings.postal_address or None,
            refused_for=lambda event: refused_languages(event, settings.accept_unreviewed),
        )

    def warnings(self) -> list[str]:
        """Return what an operator should know of where mail goes."""
        if self.target.folder is not None and not self._base.settings.is_private:
            return [f"mail goes into the folder {self.target.folder} and to nobody else; set NOTIFIER_MAIL_URL"]
        return []

    def _running_from(self, at: datetime) -> Callable[[], datetime]:
        """Return a clock that shows `at` now, and goes on as this one does: a rehearsal's time passes as well."""
        ahead = at - self._base.now()
        return lambda: self._base.now() + ahead


def _target(settings: Settings) -> MailTarget:
    try:
        return MailTarget.parse(settings.mail_url)
    except MailTargetError as error:
        raise SettingsError(variable="NOTIFIER_MAIL_URL", remedy=str(error)) from error
