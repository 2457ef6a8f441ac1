"""Where the files lie that come with the service: the default calendar, templates and languages."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def packaged(name: str) -> Path:
    """Return a file or folder that ships with the package; in a checkout they stand at its top."""
    inside = _PACKAGE / "data" / name
    return inside if inside.exists() else _PACKAGE.parent / name
