"""What granian serves: pages in a few threads, and on the same port streams that hold none."""

import asyncio
import signal
from typing import Any

from upheld.web.stream.bridge import Pages, Wsgi
from upheld.web.stream.door import ADDRESS, CAN_STREAM
from upheld.web.stream.hub import Hub
from upheld.web.stream.open_streams import counted
from upheld.web.stream.streams import Stream


class Application:
    """An application as granian's own interface, RSGI, has it."""

    def __init__(self, wsgi: Wsgi, threads: int) -> None:
        self._pages = Pages(wsgi, threads)
        self._hub: Hub | None = None

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.path == ADDRESS and scope.method == "GET":
            await self._stream(scope, protocol)
        else:
            await self._pages.answer(scope, protocol)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the streams when the server is told to stop: it would wait for them otherwise."""
        # The loop hears of signals by another way, so the server's own handler is called as well.
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(self._end))

    def _end(self) -> None:
        if self._hub is not None:
            self._hub.end()

    async def _stream(self, scope: Any, protocol: Any) -> None:
        if self._hub is None:
            self._hub = Hub(lambda scope: self._pages.ask(scope, {CAN_STREAM: True}))
        found = await self._hub.let_in(scope)
        if not isinstance(found, Stream):
            protocol.response_bytes(found.status, found.headers, found.body)
            return
        async with self._hub.among(found):
            with counted():
                await found.run(protocol)
