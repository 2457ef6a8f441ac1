"""The templates as they are shipped."""

from __future__ import annotations

from notifier.content.templates import Templates
from tests.factories import TEMPLATES


def test_every_shipped_template_compiles() -> None:
    templates = Templates(TEMPLATES)

    assert {"email/notice.txt", "email/notice.html"} <= set(templates.names())
    assert templates.problems() == []
