"""Style sheets of messages, written into each element: mail programmes drop the sheets themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from css_inline import CSSInliner


def inlined(html: str) -> str:
    """Return the page with its own style sheet inlined. Nothing is loaded from anywhere."""
    return _inliner().inline(html)


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    # Imported with the first message: most starts have none to render.
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, minify_css=True)
