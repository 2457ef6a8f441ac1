"""A real Dovecot on a loopback port, with a configuration and a mailbox of its own."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Not every path has /usr/sbin on it.
DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

USER, PASSWORD = "bounces", 'two "words" and a \\'

# What 2.3 (Debian 12) and 2.4 (Debian 13) call differently.
_OF_2_3 = """\
mail_location = maildir:{folder}/mail
disable_plaintext_auth = no
ssl = {ssl}
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""

_OF_2_4 = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_driver = maildir
mail_path = {folder}/mail
auth_allow_cleartext = yes
ssl = {ssl}
ssl_server_cert_file = {folder}/certificate.pem
ssl_server_key_file = {folder}/key.pem
passdb passwd-file {{
  default_password_scheme = PLAIN
  passwd_file_path = {folder}/passwords
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home
  }}
}}
"""

_OF_BOTH = """\
protocols = imap
base_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {protected}
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """Where it answers, and the Maildir it keeps INBOX in."""

    port: int
    maildir: Path
    certificate: Path | None

    def url(self, folder: str = "", password: str = PASSWORD) -> str:
        from urllib.parse import quote

        scheme = "imap" if self.certificate is None else "imaps"
        return f"{scheme}://{USER}:{quote(password, safe='')}@localhost:{self.port}/{quote(folder, safe='')}"

    def deliver(self, name: str, message: bytes) -> None:
        """Put a message into INBOX, as a mail server does that delivers into the same folder."""
        for part in ("tmp", "new", "cur"):
            self._own(self.maildir / part).mkdir(parents=True, exist_ok=True)
            self._own(self.maildir / part)
        path = self.maildir / "new" / name
        path.write_bytes(message)
        self._own(path)

    def _own(self, path: Path) -> Path:
        if os.geteuid() == 0 and path.exists():
            shutil.chown(path, *_mail_user())
        return path


@contextmanager
def running_dovecot(*, tls: bool = False) -> Iterator[Dovecot]:
    """Run Dovecot until the end of the block; as root it reads mail as nobody, which it refuses to do as root."""
    assert DOVECOT is not None
    # Not under pytest's own folder: another user may not enter that, nor is a socket's path allowed to be so long.
    folder = Path(tempfile.mkdtemp(prefix="notifier-dovecot-"))
    folder.chmod(0o755)
    certificate = _make_certificate(folder)
    port = _free_port()
    uid, gid = _mail_user()
    for name in ("mail", "home"):
        (folder / name).mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder / name, uid, gid)
    (folder / "passwords").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
    configuration = folder / "dovecot.conf"
    configuration.write_text(_configuration(folder, port, tls=tls), "utf-8")
    try:
        with subprocess.Popen([DOVECOT, "-F", "-c", str(configuration)]) as process:
            try:
                _wait(port, process, folder / "log")
                yield Dovecot(port, folder / "mail", certificate if tls else None)
            finally:
                process.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(folder: Path, port: int, *, tls: bool) -> str:
    assert DOVECOT is not None
    version = subprocess.run([DOVECOT, "--version"], check=True, capture_output=True, text=True).stdout
    specific = _OF_2_3 if version.startswith("2.3.") else _OF_2_4
    root = os.geteuid() == 0
    me, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    uid, gid = _mail_user()
    return (specific + _OF_BOTH).format(
        folder=folder,
        ssl="yes" if tls else "no",
        uid=uid,
        gid=gid,
        internal="dovecot" if root else me,
        internal_group="dovecot" if root else group,
        login="dovenull" if root else me,
        plain=0 if tls else port,
        protected=port if tls else 0,
    )


def _mail_user() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.getuid(), os.getgid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _make_certificate(folder: Path) -> Path:
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(["openssl", *request.split(), *files], check=True, capture_output=True)
    return folder / "certificate.pem"


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        with socket.socket() as reader:
            if reader.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text("utf-8") if log.exists() else "it said nothing")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
