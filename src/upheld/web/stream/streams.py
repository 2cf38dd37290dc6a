"""One open stream: what it still has to tell, and the telling."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

KEEP_ALIVE = 15.0
# A browser that lost us comes back after so many milliseconds.
COME_BACK = 2000
# Whoever has missed more than this is told to ask for everything.
_MOST_IDS = 200
HEADERS = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "same-origin"),
]


class Stream:
    """What one browser hears. What waits for a slow one is merged, so that it never grows."""

    def __init__(self, scope: Any, agent_id: int, bell: Mapping[str, int], asked_at: float) -> None:
        self.scope, self.agent_id, self.asked_at = scope, agent_id, asked_at
        self._bell = dict(bell)
        self._ids: dict[str, set[int]] = {"tickets": set(), "present": set()}
        self._again = self._rings = self._ended = False
        self._woken = asyncio.Event()

    def tell(self, what: str, ids: Iterable[int]) -> None:
        """These tickets changed (`tickets`), or who is at them did (`present`)."""
        waiting = self._ids[what]
        waiting.update(ids)
        if len(waiting) > _MOST_IDS:
            self.ask_again()
        elif waiting:
            self._woken.set()

    def ring(self, bell: Mapping[str, int]) -> None:
        """Tell what the bell shows, where that is another thing than before."""
        if self._bell != bell:
            self._bell = dict(bell)
            self._rings = True
            self._woken.set()

    def ask_again(self) -> None:
        """Something may have been missed."""
        self._again = True
        self._woken.set()

    def end(self) -> None:
        """Tell nothing any more."""
        self._ended = True
        self._woken.set()

    async def run(self, protocol: Any) -> None:
        """Tell until the browser goes, or the stream is ended."""
        transport = protocol.response_stream(200, HEADERS)
        gone = asyncio.ensure_future(_gone(protocol))
        gone.add_done_callback(lambda _: self.end())
        try:
            # Two kilobytes get through a proxy that gathers before it passes on.
            await transport.send_str(f":{' ' * 2048}\nretry: {COME_BACK}\n\n{_event('hello', self._bell)}")
            while not self._ended:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), KEEP_ALIVE)
                if not self._ended:
                    await transport.send_str(self._drained() or ":\n\n")
        finally:
            gone.cancel()

    def _drained(self) -> str:
        """What waits to be told; nothing waits afterwards."""
        self._woken.clear()
        told = [_event("alerts", self._bell)] if self._rings else []
        if self._again:
            told.append(_event("again", {}))
        else:
            told += [_event(what, sorted(ids)) for what, ids in self._ids.items() if ids]
        for ids in self._ids.values():
            ids.clear()
        self._again = self._rings = False
        return "".join(told)


async def _gone(protocol: Any) -> None:
    await protocol.client_disconnect()


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
