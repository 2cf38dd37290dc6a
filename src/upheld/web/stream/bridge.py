"""Pages are synchronous; the server is not. A few threads answer the pages, and none is held by an open stream.

What a page reads of a request is what granian's own WSGI would give it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO, RawIOBase
from typing import Any
from urllib.parse import unquote_to_bytes

Header = tuple[str, str]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# What is larger leaves piece by piece, as quickly as its reader takes it.
_WHOLE = 1024 * 1024
_PIECE = 256 * 1024
# Between two headers of one name.
_BETWEEN = {"HTTP_COOKIE": ";"}
_SURROUNDINGS = {
    **{name: value for name, value in os.environ.items() if not name.startswith("HTTP_")},
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered, its body whole."""

    status: int
    headers: list[Header]
    body: bytes


class Pages:
    """Answers requests by a WSGI application, in a few threads."""

    def __init__(self, application: Wsgi, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "page")

    async def answer(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._answer, scope, protocol, loop)

    async def ask(self, scope: Any, knowing: Mapping[str, Any]) -> Answer:
        """Return what a page says to a request without a body, which knows something from us."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._ask, scope, knowing)

    def _ask(self, scope: Any, knowing: Mapping[str, Any]) -> Answer:
        status, headers, body = self._run(environ(scope, BytesIO()) | knowing)
        try:
            return Answer(status, headers, b"".join(body))
        finally:
            _close(body)

    def _answer(self, scope: Any, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        status, headers, body = self._run(environ(scope, _Body(protocol, loop)))
        try:
            pieces = _pieces(body)
            first = next(pieces, b"")
            second = next(pieces, None)
            if second is None:
                protocol.response_bytes(status, headers, first)
                return
            transport = protocol.response_stream(status, headers)
            for piece in (first, second):
                _wait(transport.send_bytes(piece), loop)
            for piece in pieces:
                _wait(transport.send_bytes(piece), loop)
        finally:
            _close(body)

    def _run(self, asked: dict[str, Any]) -> tuple[int, list[Header], Iterable[bytes]]:
        begun: list[tuple[int, list[Header]]] = []

        def start(status: str, headers: list[Header], exc_info: Any = None) -> None:
            begun.append((int(status.split(" ", 1)[0]), headers))

        body = self._application(asked, start)
        return *begun[-1], body


def environ(scope: Any, body: Any) -> dict[str, Any]:
    """Return a request as WSGI has it."""
    host, _, port = scope.server.rpartition(":")
    found = _SURROUNDINGS | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            # It would pass for the same name with dashes, which may be one that only a proxy of ours writes.
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        found[key] = f"{found[key]}{_BETWEEN.get(key, ',')}{value}" if key in found else value
    found.setdefault("HTTP_HOST", scope.authority or "")
    return found


class _Body(RawIOBase):
    """The body of a request, fetched as the page reads it."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._protocol, self._loop = protocol, loop
        self._pieces: AsyncIterator[bytes] | None = None
        self._left = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Return as many bytes as asked for, fewer only at the end."""
        found = [self._left]
        have = len(self._left)
        while not self._ended and (size < 0 or have < size):
            piece = self._next()
            found.append(piece)
            have += len(piece)
        data = b"".join(found)
        cut = len(data) if size < 0 else size
        self._left = data[cut:]
        return data[:cut]

    def _next(self) -> bytes:
        if self._pieces is None:
            self._pieces = aiter(self._protocol)
        try:
            return bytes(_wait(anext(self._pieces), self._loop))
        except StopAsyncIteration:
            self._ended = True
            return b""


def _pieces(body: Iterable[bytes]) -> Iterator[bytes]:
    """Gather what a page says into few pieces; one alone where it is not large."""
    held: list[bytes] = []
    size, most = 0, _WHOLE
    for chunk in body:
        held.append(chunk)
        size += len(chunk)
        if size >= most:
            yield b"".join(held)
            held, size, most = [], 0, _PIECE
    if held:
        yield b"".join(held)


def _wait(awaitable: Any, loop: asyncio.AbstractEventLoop) -> Any:
    """Wait, in a thread, for what happens in the loop."""

    async def awaited() -> Any:
        try:
            return await awaitable
        except StopAsyncIteration:
            # Python allows no coroutine to raise it.
            return _END

    found = asyncio.run_coroutine_threadsafe(awaited(), loop).result()
    if found is _END:
        raise StopAsyncIteration
    return found


_END = object()


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close:
        close()
