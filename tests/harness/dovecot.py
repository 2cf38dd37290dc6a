"""Debian's Dovecot as a mail server of somebody else's, thrown away after the run. Without Dovecot these tests are
skipped, and the last line says so."""

from __future__ import annotations

import imaplib
import itertools
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from harness.authority import Authority
from harness.desk import free_ports
from harness.token_server import TokenServer
from upheld.config.child import die_with_parent

PROGRAM = shutil.which("dovecot") or next(filter(os.path.exists, ["/usr/sbin/dovecot"]), None)
PASSWORD = "geheim-4711-fetch"
# At this address the same server offers nothing but what every IMAP server must.
POOR = "127.0.0.2"

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap pop3
listen = 127.0.0.1, {poor}
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 0
ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_uid = {owner}
mail_gid = {owner_group}
mail_max_userip_connections = 200
maildir_stat_dirs = yes
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {home}/users
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}
userdb {{
  driver = static
  args = home={home}/homes/%u
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop}
  }}
  inet_listener pop3s {{
    port = {pops}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol pop3 {{
  pop3_uidl_format = %08Xv%08Xu
}}
local {poor} {{
  protocol imap {{
    imap_capability = IMAP4rev1
  }}
}}
"""

OAUTH2 = """
introspection_mode = get
introspection_url = {introspection}
username_attribute = email
active_attribute = active
active_value = true
"""


@dataclass
class Somebody:
    """An account on the server, seen through its owner's mail program."""

    server: Dovecot
    address: str

    @contextmanager
    def program(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.server.imap) as opened:
            opened.login(self.address, PASSWORD)
            opened.select(folder)
            yield opened

    def gets(
        self, *mails: bytes, folder: str = "INBOX", seen: bool = False, on: datetime | None = None
    ) -> None:
        """Mails arrive."""
        with self.program() as program:
            for mail in mails:
                status, _ = program.append(
                    folder, r"(\Seen)" if seen else None, on and imaplib.Time2Internaldate(on), mail
                )
                assert status == "OK"

    def chooses(self, password: str) -> None:
        """A password of their own, beside the one that opens every account."""
        with (self.server.home / "users").open("a") as users:
            users.write(f"{self.address}:{password}\n")
        time.sleep(1.1)  # the server looks at the file once a second

    def makes(self, folder: str) -> None:
        with self.program() as program:
            assert program.create(folder)[0] == "OK"

    def marks(self, uid: int, flag: str, folder: str = "INBOX") -> None:
        with self.program(folder) as program:
            assert program.uid("STORE", str(uid), "+FLAGS", f"({flag})")[0] == "OK"

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """The subjects of what is in a folder."""
        with self.program(folder) as program:
            if not program.search(None, "ALL")[1][0]:
                return []
            _, data = program.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            heads = [each[1] for each in data if isinstance(each, tuple)]
        return [head.decode().partition(":")[2].strip() for head in heads]

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """What is marked on what, by UID; that it is new to this program says nothing."""
        with imaplib.IMAP4("127.0.0.1", self.server.imap) as program:
            program.login(self.address, PASSWORD)
            program.select(folder, readonly=True)
            _, data = program.fetch("1:*", "(UID FLAGS)")
        found = {}
        for line in filter(None, data):
            text = line.decode()
            uid = int(text.partition("UID ")[2].split()[0].strip(")"))
            found[uid] = set(text.partition("FLAGS (")[2].partition(")")[0].split()) - {r"\Recent"}
        return found

    def is_numbered_anew(self) -> None:
        """The server loses its list of numbers, as after a restore."""
        time.sleep(1.1)  # the new UIDVALIDITY is a time in seconds
        for path in (self.server.home / "mail" / self.address).glob("dovecot*"):
            path.unlink()


class Dovecot:
    """A running server. Everybody has an account, and all have one password."""

    def __init__(self, authority: Authority, tokens: TokenServer) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="upheld-dovecot-"))
        self.home.chmod(0o755)
        self.authority, self.tokens = authority, tokens
        self.imap, self.imaps, self.pop, self.pops = free_ports(4)
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def somebody(self) -> Somebody:
        """A new account."""
        return Somebody(self, f"desk{next(self._numbers)}@mail.example.org")

    def start(self) -> None:
        assert PROGRAM is not None
        certificate, key = self.authority.issue("localhost")
        (self.home / "server.pem").write_bytes(certificate)
        (self.home / "server.key").write_bytes(key)
        (self.home / "users").touch()
        (self.home / "oauth2.conf").write_text(OAUTH2.format(introspection=self.tokens.introspection))
        (self.home / "dovecot.conf").write_text(CONFIGURATION.format(**self._settings()))
        for name in ("mail", "homes", "state"):
            (self.home / name).mkdir()
            if os.geteuid() == 0:
                os.chown(self.home / name, *self._owner())
        self._process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.home / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.home / "stderr").open("wb"),
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def log(self) -> str:
        return "".join(
            path.read_text(errors="replace")
            for path in (self.home / "stderr", self.home / "log")
            if path.exists()
        )

    def _owner(self) -> tuple[int, int]:
        if os.geteuid():
            return os.getuid(), os.getgid()
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _settings(self) -> dict[str, object]:
        owner, group = self._owner()
        own = pwd.getpwuid(os.getuid()).pw_name if os.geteuid() else ""
        return {
            "home": self.home,
            "poor": POOR,
            "internal": own or "dovecot",
            "internal_group": own or "dovecot",
            "login": own or "dovenull",
            "owner": owner,
            "owner_group": group,
            "password": PASSWORD,
            "imap": self.imap,
            "imaps": self.imaps,
            "pop": self.pop,
            "pops": self.pops,
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                for port in (self.imap, self.pops):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                assert self._process is not None
                if time.monotonic() > deadline or self._process.poll() is not None:
                    pytest.fail(f"dovecot did not come up:\n{self.log()}", pytrace=False)
                time.sleep(0.05)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs Dovecot where there is none."""
    for item in items:
        if PROGRAM is None and "dovecot" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="needs Dovecot"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tried, and how to try it."""
    skipped = [
        each for each in terminalreporter.stats.get("skipped", []) if "needs Dovecot" in str(each.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} tests of fetching mail were skipped:"
            " install Dovecot (apt-get install dovecot-imapd dovecot-pop3d) to run them."
        )


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A certificate authority that nobody trusts by default."""
    return Authority()


@pytest.fixture(scope="session")
def dovecot(authority: Authority) -> Iterator[Dovecot]:
    """One Dovecot for the run."""
    with TokenServer() as tokens:
        server = Dovecot(authority, tokens)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This machine trusts the authority, for the length of a test."""
    file = tmp_path / "authorities.pem"
    file.write_bytes(authority.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert ssl.get_default_verify_paths().cafile == str(file)
    return file
