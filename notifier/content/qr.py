"""QR codes, as what a template needs to draw one."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004 §9.1)."""


class QrCode(NamedTuple):
    """A square of so many modules, its white border among them, and the dark ones as the path of an SVG."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Return the code of a text, which is still read where 15 of a hundred modules cannot be."""
    import segno

    rows = segno.make_qr(text, error="m", boost_error=False).matrix
    drawn = []
    for y, row in enumerate(rows, _QUIET):
        x = _QUIET
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                drawn.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return QrCode(len(rows) + 2 * _QUIET, "".join(drawn))
