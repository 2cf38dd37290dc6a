"""A provider's OAuth2 token address, and what its mail server asks about the tokens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

REFRESH_TOKEN = "refresh-geheim-0815"
CLIENT_SECRET = "client-geheim-1234"
CLIENT = "upheld-client"


class TokenServer:
    """Gives an access token to whoever shows the right refresh token or client secret. `answer` replaces what it says:
    a function from the form to a status, headers and a body; `trickle` comes after it, a byte at a time."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.valid: dict[str, str] = {}
        self.life = 3600
        self.next_refresh_token = ""
        self.mailbox_of_client = ""
        self.trickle: bytes = b""
        self.answer: Callable[[dict[str, str]], tuple[int, dict[str, str], bytes]] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"
        self.introspection = f"http://127.0.0.1:{self._server.server_port}/introspection?token="

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def begin(self, address: str) -> None:
        """From now on, tokens are for this account."""
        self.asked, self.valid = [], {}
        self.life, self.next_refresh_token, self.answer, self.trickle = 3600, "", None, b""
        self.mailbox_of_client = address

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(form)
        if self.answer is not None:
            return self.answer(form)
        by_refresh = form.get("grant_type") == "refresh_token" and form.get("refresh_token") == REFRESH_TOKEN
        by_client = (
            form.get("grant_type") == "client_credentials" and form.get("client_secret") == CLIENT_SECRET
        )
        if form.get("client_id") != CLIENT or not (by_refresh or by_client):
            refusal = {"error": "invalid_grant", "error_description": f"no: {form}"}
            return 400, {}, json.dumps(refusal).encode()
        token = f"access-geheim-{len(self.asked)}"
        self.valid[token] = self.mailbox_of_client
        answer: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "expires_in": self.life}
        if self.next_refresh_token:
            answer["refresh_token"] = self.next_refresh_token
        return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def introspect(self, token: str) -> bytes:
        return json.dumps({"active": token in self.valid, "email": self.valid.get(token, "")}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[-1] for name, values in parse_qs(body).items()}
                self._say(*server.token(form))

            def do_GET(self) -> None:
                token = parse_qs(urlsplit(self.path).query).get("token", [""])[-1]
                self._say(200, {"Content-Type": "application/json"}, server.introspect(token))

            def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + len(server.trickle)))
                self.end_headers()
                self.wfile.write(body)
                with suppress(OSError):
                    for byte in server.trickle:
                        time.sleep(0.1)
                        self.wfile.write(bytes([byte]))

            def log_message(self, *_: object) -> None:
                pass

        return Handler
