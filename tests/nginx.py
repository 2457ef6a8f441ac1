"""A real nginx in front of a published folder, with the include that was written for it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Not every path has /usr/sbin on it.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {site};
        {before}
        include {site}{prefix}/nginx.conf;
    }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    """Where it answers, and its first process."""

    url: str
    pid: int


@contextmanager
def running_nginx(site: Path, before: str = "", prefix: str = "") -> Iterator[Nginx]:
    """Run nginx until the end of the block; its own files lie beside the published folder.

    `before` is what its server says before the include; `prefix` is the path of the base address, below which the
    site was published.
    """
    assert NGINX is not None
    port, folder = _free_port(), site.parent / f"{site.name}-nginx"
    folder.mkdir()
    # Its workers would be nobody, who may not enter the folders of tests.
    user = "user root;" if os.geteuid() == 0 else ""
    configuration = folder / "own.conf"
    said = _CONFIGURATION.format(folder=folder, port=port, site=site, user=user, before=before, prefix=prefix)
    configuration.write_text(said, "utf-8")
    with subprocess.Popen([NGINX, "-e", str(folder / "error.log"), "-c", str(configuration)]) as process:
        _wait(port, process, folder / "error.log")
        yield Nginx(f"http://127.0.0.1:{port}", process.pid)
        process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        with socket.socket() as reader:
            if reader.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text("utf-8"))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
