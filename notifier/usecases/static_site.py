"""The public site as files: what a reader is shown, and what tells static servers to answer as the service does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from notifier.content.nginx import nginx_conf
from notifier.content.published import Published, file_of, missing_file
from notifier.content.static_hosts import headers_file, redirects_file, start_page
from notifier.domain.errors import NotifierError
from notifier.storage.published_folder import StaticFile

HISTORY: Final = "revisions.json"


class NotAnsweredError(NotifierError):
    """The service itself does not answer for something that is public: a fault, and nothing is published."""

    sentence = "{path} is answered with {status}, so nothing was published"


class SameFileError(NotifierError):
    """Two addresses would be one file."""

    sentence = "{path} and another address would be the same file, {name}"


@dataclass(frozen=True, slots=True)
class StaticSite:
    """Everything public. `prefix` is the path of the base address, empty or `/days`."""

    published: Sequence[Published]
    prefix: str
    history: bytes

    def files(self) -> tuple[StaticFile, ...]:
        """Return every file; the history is the last. Raises NotAnsweredError and SameFileError."""
        found: dict[str, StaticFile] = {}
        for file in self._all():
            if file.name in found:
                raise SameFileError(path=f"/{file.name}", name=file.name)
            found[file.name] = file
        return tuple(found.values())

    def _all(self) -> Iterator[StaticFile]:
        for one in self.published:
            yield from _files(one)
        start = start_page(self.published)
        if start is not None:
            yield StaticFile("index.html", start.body)
        yield StaticFile("_headers", headers_file(self.published, self.prefix).encode())
        yield StaticFile("_redirects", redirects_file(self.published, self.prefix).encode())
        yield StaticFile("nginx.conf", nginx_conf(self.published, self.prefix).encode())
        yield StaticFile(HISTORY, self.history)


def _files(one: Published) -> Iterator[StaticFile]:
    """Return an address's file, its gzip form beside it. What only leads elsewhere has none."""
    if one.status == 404 and one.path.endswith("/"):
        yield StaticFile(missing_file(one).removeprefix("/"), one.body)
    elif one.status == 200:
        name = file_of(one.path).removeprefix("/")
        yield StaticFile(name, one.body, one.last_modified)
        if one.gzip is not None:
            yield StaticFile(f"{name}.gz", one.gzip, one.last_modified)
    elif one.header("location") is None:
        raise NotAnsweredError(path=one.path, status=one.status)
