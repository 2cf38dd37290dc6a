"""A server that says exactly what a test wants said: what Dovecot never would."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

HUNG_UP = b""


class Caller:
    """The connection of whoever called."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.heard: list[bytes] = []
        self._lines = opened.makefile("rb")

    def say(self, text: str | bytes) -> None:
        self.socket.sendall(text.encode() if isinstance(text, str) else text)

    def hear(self) -> tuple[str, str]:
        """The tag and the rest of the next command."""
        line = self._lines.readline()
        if line == HUNG_UP:
            raise ConnectionResetError
        self.heard.append(line)
        tag, _, rest = line.decode().strip().partition(" ")
        return tag, rest

    def hang(self) -> None:
        """Say nothing more, until the other side has had enough."""
        with suppress(OSError):
            while self._lines.read(1):
                pass


class ImapCaller(Caller):
    """Answers like a small IMAP server, with one folder; `mails` are its mails by UID."""

    def serve(
        self,
        mails: dict[int, bytes] | None = None,
        capabilities: str = "IMAP4rev1",
        instead: dict[str, Callable[[ImapCaller, str, str], None]] | None = None,
    ) -> None:
        """Serve until the caller leaves; `instead` says what some commands do, by how they begin."""
        mails = {} if mails is None else mails
        self.say("* OK ready\r\n")
        while True:
            tag, command = self.hear()
            for start, act in (instead or {}).items():
                if command.startswith(start):
                    act(self, tag, command)
                    break
            else:
                self._answer(tag, command, mails, capabilities)
                if command == "LOGOUT":
                    return

    def _answer(self, tag: str, command: str, mails: dict[int, bytes], capabilities: str) -> None:
        words = command.split()
        if command == "CAPABILITY":
            self.say(f"* CAPABILITY {capabilities}\r\n")
        elif words[0] in ("SELECT", "EXAMINE"):
            following = max(mails, default=0) + 1
            self.say(f"* {len(mails)} EXISTS\r\n* OK [UIDVALIDITY 7] .\r\n* OK [UIDNEXT {following}] .\r\n")
        elif words[:2] == ["UID", "SEARCH"]:
            first = int(words[3].partition(":")[0]) if words[2] == "UID" else 0
            found = [uid for uid in mails if uid >= first]
            self.say(f"* SEARCH {' '.join(map(str, found))}\r\n")
        elif words[:2] == ["UID", "FETCH"] and "RFC822.SIZE" in command:
            for number, uid in enumerate(map(int, words[2].split(",")), 1):
                if uid in mails:
                    self.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(mails[uid])})\r\n")
        elif words[:2] == ["UID", "FETCH"]:
            raw = mails[int(words[2])]
            self.say(f"* 1 FETCH (UID {words[2]} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        elif command == "LOGOUT":
            self.say("* BYE\r\n")
        self.say(f"{tag} OK done\r\n")


@contextmanager
def odd_server(talk: Callable[[ImapCaller], None]) -> Iterator[tuple[int, list[ImapCaller]]]:
    """Listen; with each caller, `talk`. Gives the port, and who has called so far."""
    listening = socket.create_server(("127.0.0.1", 0))
    callers: list[ImapCaller] = []

    def converse(opened: socket.socket) -> None:
        with opened, suppress(OSError):
            caller = ImapCaller(opened)
            callers.append(caller)
            try:
                talk(caller)
            finally:
                opened.shutdown(socket.SHUT_RDWR)

    def listen() -> None:
        with suppress(OSError):
            while True:
                opened, _ = listening.accept()
                threading.Thread(target=converse, args=(opened,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield listening.getsockname()[1], callers
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
