"""Corrections: what a message that has left should have said, for exactly those who got it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifier.content.editions import TOKEN_PLACE, EditionText
from notifier.content.inlining import inlined
from notifier.content.language import Language
from notifier.content.mail_text import mail_line, wrapped
from notifier.content.templates import Templates
from notifier.domain import addresses


def render_correction(  # noqa: PLR0913  # everything the message is made of, and nothing is read from anywhere else
    correction: str,
    *,
    subject: str,
    day: date,
    edition: str,
    language: Language,
    templates: Templates,
    base_url: str,
    sender: str,
    postal_address: str | None,
) -> EditionText:
    """Render the correction of the edition with the key `edition`, sent on `day` under `subject`.

    `correction` is plain text in the edition's language; an empty line begins a paragraph.
    """
    values = {
        "subject": mail_line(language.say("Correction: {subject}", subject=subject)),
        "corrected": mail_line(subject),
        "sent": language.plain_date(day),
        "paragraphs": paragraphs(correction),
        "sender": sender,
        "postal_lines": [line.strip() for line in (postal_address or "").splitlines() if line.strip()],
        "edition_url": base_url + addresses.edition(edition),
        "unsubscribe_url": base_url + addresses.unsubscribe(TOKEN_PLACE),
        "manage_url": base_url + addresses.MANAGE,
        "subscribe_url": base_url + addresses.subscribe(language.tag),
    }
    return EditionText(
        subject=str(values["subject"]),
        text=wrapped(templates.render("email/correction.txt", language, **values)),
        html=inlined(templates.render("email/correction.html", language, **values)),
        language=language.tag,
    )


def paragraphs(text: str) -> Sequence[str]:
    """Return the paragraphs of a plain text, each on one line."""
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [line for block in blocks if (line := mail_line(block))]
