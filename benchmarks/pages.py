"""Pages over HTTP: the home page from the daemon, and from nginx with the same bytes.

Measured as feeds are: one wrk, one process of each, in turn.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from benchmarks.feeds import Server, beside, running_daemon
from tests.acceptance.conftest import NOTIFIER, environment
from tests.factories import ROOT
from tests.nginx import NGINX, running_nginx

HOME = "/en/"
GOAL = 0.1


def report() -> None:
    """Print requests a second and their ratio; what is missing is named, and left out."""
    if shutil.which("wrk") is None or NGINX is None:
        print("pages: not measured; wrk or nginx is missing (on Debian and Ubuntu: apt-get install wrk nginx-light)")
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "events.yaml").write_text((ROOT / "events.yaml").read_text("utf-8"), "utf-8")
        with running_daemon(place, HOME) as daemon:
            base = daemon.url.removesuffix(HOME)
            publish = [str(NOTIFIER), "publish", "site", "--base-url", base]
            subprocess.run(publish, cwd=place, env=environment(), check=True, capture_output=True)
            with running_nginx(place / "site") as nginx:
                other = Server("nginx", nginx.url + HOME, nginx.pid)
                here, there = _read(daemon.url), _read(other.url)
                assert here == there
                print(f"pages: the home page, {len(here):,} bytes; requests a second")
                for what in ("GET", "304"):
                    print(f"  {what}: {beside(daemon, other, what)}{f' (goal {GOAL})' if what == 'GET' else ''}")


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        whole: bytes = answer.read()
        return whole
