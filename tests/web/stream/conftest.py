"""The program's own web server in front of the tests' database, and browsers that listen."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from harness.desk import free_ports
from upheld.people.models import Agent

PATIENCE = 20.0
# How long the supervisor waits for the pages before it kills them.
LONGEST_STOP = 12.0


class WebServer:
    """What `upheld serve` starts for the pages, without worker and mail."""

    def __init__(self, log: Path) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        database = connection.settings_dict
        host, user = str(database["HOST"]), database["USER"]
        if database["PASSWORD"]:
            user = f"{user}:{database['PASSWORD']}"
        at, where = ("", f"?host={host}") if host.startswith("/") else (host, "")
        if at and database["PORT"]:
            at = f"{at}:{database['PORT']}"
        ours = {
            "UPHELD_DATABASE_URL": f"postgres://{user}@{at}/{database['NAME']}{where}",
            "UPHELD_HTTP_ADDRESS": f"127.0.0.1:{self.port}",
            "UPHELD_SECRET_KEY": settings.SECRET_KEY,
            "UPHELD_URL": self.url,
        }
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "upheld.config.programs", "web"],
                env={**os.environ, **ours},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/health", timeout=5).status == 200  # noqa: S310
        except OSError:
            return False

    def another(self, log: Path) -> WebServer:
        """One more, for a test that stops it."""
        server = WebServer(log)
        server.wait()
        return server

    def wait(self) -> None:
        """Wait for its first answer."""
        for _ in range(400):
            if self.answers():
                return
            time.sleep(0.05)
        pytest.fail(self.stop()[-2000:])

    def listener(self, cookie: str = "") -> Listener:
        """Open a stream with the cookie of a browser."""
        return Listener(self, cookie)

    def stop(self) -> str:
        """Tell it to stop; returns what it said."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(LONGEST_STOP)
        return self._log.read_text()

    def threads(self) -> int:
        """How many threads the process has that answers requests."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        status = max((Path(f"/proc/{each}/status").read_text() for each in children), key=_memory)
        return int(re.search(r"Threads:\s+(\d+)", status)[1])


def _memory(status: str) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


class Listener:
    """One browser's open stream."""

    def __init__(self, server: WebServer, cookie: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        cookies = f"Cookie: sessionid={cookie}\r\n" if cookie else ""
        asked = f"GET /events/ HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{cookies}\r\n"
        self._socket.sendall(asked.encode())
        self.head, self._got = "", b""
        while b"\r\n\r\n" not in self._got:
            self._got += self._socket.recv(65536)
        head, self._got = self._got.split(b"\r\n\r\n", 1)
        self.head = head.decode()

    def hears(self, name: str) -> str:
        """Wait for an event of this name; returns everything that came up to it, and with it."""
        end = re.compile(rb"event: " + name.encode() + rb"\ndata: [^\n]*\n\n")
        while not (found := end.search(self._got)):
            more = self._socket.recv(65536)
            assert more, f"the stream ended before {name}: {self._got[-300:]!r}"
            self._got += more
            # Two signs of life in a row: nothing comes any more.
            assert self._got.count(b"\r\n:\n\n") < 2, f"no {name}: {self._got[-300:]!r}"
        heard, self._got = self._got[: found.end()], self._got[found.end() :]
        return heard.decode()

    def ends(self) -> bytes:
        """Wait for the end; returns what came before it."""
        while not self._got.endswith(b"0\r\n\r\n"):
            more = self._socket.recv(65536)
            if not more:
                break
            self._got += more
            assert self._got.count(b"\r\n:\n\n") < 2, "the stream does not end"
        return self._got

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="session")
def web_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """One for all tests: it keeps nothing between them."""
    server = WebServer(tmp_path_factory.mktemp("web") / "web.log")
    server.wait()
    yield server
    server.stop()


@pytest.fixture
def cookie_of(transactional_db: None) -> Callable[[Agent], str]:
    """Signs an agent in; returns the cookie of their browser."""

    def enter(agent: Agent) -> str:
        client = Client()
        client.force_login(agent.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client.cookies["sessionid"].value

    return enter


@pytest.fixture
def listens(
    web_server: WebServer, cookie_of: Callable[[Agent], str]
) -> Iterator[Callable[[Agent], Listener]]:
    """Opens the stream of an agent, and waits until it is told what happens."""
    opened: list[Listener] = []

    def listen(agent: Agent, cookie: str = "") -> Listener:
        opened.append(Listener(web_server, cookie or cookie_of(agent)))
        opened[-1].hears("hello")
        return opened[-1]

    yield listen
    for each in opened:
        each.close()
