"""Everybody who listens, and who of them is told what.

One connection to PostgreSQL hears for all of them. What it hears is held against everybody's rights at that moment, in
one query; whoever may not know of a ticket is not told that something happened.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from upheld.desks.telling import AGENT, CHANNELS, PRESENT, TICKET
from upheld.web.stream.bridge import Answer
from upheld.web.stream.listening import heard
from upheld.web.stream.rights import who_sees
from upheld.web.stream.streams import Stream

# What changes together is told together.
GATHER = 0.1
# How often each is asked anew whether they are still signed in; a sign-out is told at once.
ASK_EVERY = 60.0
_LOOK_EVERY = 5.0
# Streams of one agent: tabs of a browser share one, so these are many browsers, or somebody who opens them on and on.
MOST_OF_ONE = 100
_TOO_MANY = Answer(429, [("retry-after", "60"), ("cache-control", "no-store")], b"")
_AT_ONCE = 500
_NEVER = float("-inf")
_WHAT = {TICKET: "tickets", PRESENT: "present"}
_log = structlog.get_logger(__name__)

Ask = Callable[[Any], Coroutine[Any, Any, Answer]]


class Hub:
    """The open streams of this process. All of it happens in one event loop."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.streams: set[Stream] = set()
        self._changed: dict[str, set[int]] = {name: set() for name in _WHAT}
        self._agents: set[int] = set()
        self._entering: list[set[int]] = []
        self._news, self._at_the_door = asyncio.Event(), asyncio.Event()
        self._rights = ThreadPoolExecutor(1, "rights")
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = False

    async def let_in(self, scope: Any) -> Stream | Answer:
        """Ask the door; return a stream for who may hear one, else what the door said."""
        meanwhile: set[int] = set()
        self._entering.append(meanwhile)
        try:
            said = await self._ask(scope)
        finally:
            self._entering.remove(meanwhile)
        if said.status != 200 or self._ended:
            return said
        known = json.loads(said.body)
        agent_id = known.pop("agent")
        if sum(each.agent_id == agent_id for each in self.streams) >= MOST_OF_ONE:
            return _TOO_MANY
        # What was said of them while the door was asked may be missing in its answer.
        asked_at = _NEVER if agent_id in meanwhile else asyncio.get_running_loop().time()
        return Stream(scope, agent_id, known, asked_at)

    @asynccontextmanager
    async def among(self, stream: Stream) -> AsyncIterator[None]:
        """Have the stream among those that are told."""
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(each()) for each in (self._listen, self._tell, self._keep_door)
            ]
        self.streams.add(stream)
        if stream.asked_at == _NEVER:
            self._at_the_door.set()
        try:
            yield
        finally:
            self.streams.discard(stream)

    def end(self) -> None:
        """End every stream, and hear no more."""
        self._ended = True
        for task in self._tasks:
            task.cancel()
        for stream in list(self.streams):
            stream.end()
        self._rights.shutdown(wait=False, cancel_futures=True)

    async def _listen(self) -> None:
        async for channel, ids in heard(CHANNELS):
            if channel is None:
                # Nobody listened for a while, and what was said then is not repeated.
                self._everybody_asks_again()
            elif channel == AGENT:
                self._agents.update(ids)
                for meanwhile in self._entering:
                    meanwhile.update(ids)
                self._at_the_door.set()
            elif self.streams:
                self._changed[channel].update(ids)
                self._news.set()

    def _everybody_asks_again(self) -> None:
        for stream in self.streams:
            stream.asked_at = _NEVER
            stream.ask_again()
        self._at_the_door.set()

    async def _tell(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(GATHER)
            self._news.clear()
            for channel, what in _WHAT.items():
                ids, self._changed[channel] = sorted(self._changed[channel]), set()
                for start in range(0, len(ids), _AT_ONCE):
                    await self._tell_those_who_see(what, ids[start : start + _AT_ONCE])

    async def _tell_those_who_see(self, what: str, ids: list[int]) -> None:
        agents = {each.agent_id for each in self.streams}
        try:
            seen = await asyncio.get_running_loop().run_in_executor(self._rights, who_sees, ids, agents)
        except Exception:
            # Without an answer nobody is told; whoever looks again finds what is there.
            _log.exception("who may know could not be asked")
            return
        for stream in list(self.streams):
            stream.tell(what, (each for each in ids if stream.agent_id in seen.get(each, ())))

    async def _keep_door(self) -> None:
        """Ask the door anew for whom something was said of, and for everybody now and then."""
        clock = asyncio.get_running_loop().time
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._at_the_door.wait(), _LOOK_EVERY)
            self._at_the_door.clear()
            agents, self._agents = self._agents, set()
            long_ago = clock() - ASK_EVERY
            await self._ask_for(
                each for each in list(self.streams) if each.agent_id in agents or each.asked_at < long_ago
            )

    async def _ask_for(self, streams: Iterable[Stream]) -> None:
        for stream in streams:
            try:
                said = await self._ask(stream.scope)
            except Exception:
                _log.exception("the door could not be asked")
                return
            stream.asked_at = asyncio.get_running_loop().time()
            known = json.loads(said.body) if said.status == 200 else {}
            if known.pop("agent", None) == stream.agent_id:
                stream.ring(known)
            elif said.status < 500:
                stream.end()
