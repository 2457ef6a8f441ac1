"""The few files that pages are shown with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content.resources import Resource, with_etag
from notifier.domain import addresses
from notifier.web.answers import answer

STYLE, ICON, FAVICON, SCRIPT = "style.css", "icon.svg", "favicon.ico", "page.js"

_TYPES: Final[Mapping[str, str]] = {
    STYLE: "text/css; charset=utf-8",
    SCRIPT: "text/javascript; charset=utf-8",
    ICON: "image/svg+xml",
    FAVICON: "image/vnd.microsoft.icon",
    "touch-icon.png": "image/png",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
}
FILES = tuple(_TYPES)
_ASKED_AGAIN = ("Cache-Control", "public, no-cache")
_FOR_GOOD = ("Cache-Control", "public, max-age=31536000, immutable")


class Static:
    """Files read once, at the start. Pages name them with a digest of their content: they can be kept for good."""

    def __init__(self, folder: Path) -> None:
        """Read the files from the folder of web templates. Raises OSError where one is missing."""
        self._files = {
            name: with_etag(Resource((folder / name).read_bytes(), media_type, (_ASKED_AGAIN,)))
            for name, media_type in _TYPES.items()
        }

    def address(self, name: str) -> str:
        """Return the path by which pages ask for a file."""
        return f"{addresses.static(name)}?v={self._digest(name)}"

    def file(self, request: Request) -> Response:
        """Answer with a file."""
        resource = self._files.get(request.path_params["name"])
        if resource is None:
            raise HTTPException(404)
        if request.query_params.get("v") == self._digest(request.path_params["name"]):
            headers = tuple(header for header in resource.headers if header != _ASKED_AGAIN)
            resource = replace(resource, headers=(*headers, _FOR_GOOD))
        return answer(request, resource)

    def favicon(self, request: Request) -> Response:
        """Answer a browser that asks for an icon without having read a page."""
        return answer(request, self._files[FAVICON])

    def _digest(self, name: str) -> str:
        return hashlib.sha256(self._files[name].body).hexdigest()[:12]
