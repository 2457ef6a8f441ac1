"""A WebSub hub on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class LocalHub:
    """What the hub was told, and what it answers."""

    told: list[dict[str, list[str]]] = field(default_factory=list)
    status: int = 204
    url: str = ""

    @property
    def topics(self) -> list[str]:
        return [url for request in self.told for url in request["hub.url"]]


@contextmanager
def running_hub() -> Iterator[LocalHub]:
    """Run a hub until the end of the block."""
    local = LocalHub()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            if local.status == 204:
                local.told.append(parse_qs(body.decode("ascii"), strict_parsing=True))
            self.send_response(local.status)
            if local.status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        local.url = f"http://127.0.0.1:{server.server_port}/"
        yield local
        server.shutdown()
        thread.join()
