"""The load generator, a process of its own: sends requests over connections that stay open, and times each.

`python -m bench.load` reads a job as JSON and writes what it saw as JSON. It knows nothing of Upheld, so that its own
processor time, which it tells too, stays small beside the desk's.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from time import perf_counter, process_time

_LONGEST_ANSWER = 120.0


@dataclass(frozen=True, slots=True)
class Job:
    """`requests` are whole requests, as they go over the wire. `at_once` connections take one after the other in turn,
    for `seconds` and until `least` are done; where `once` is set, each is sent once and nothing else counts."""

    host: str
    port: int
    requests: list[str]
    at_once: int
    seconds: float = 0.0
    least: int = 0
    once: bool = False
    unmeasured: int = 0


@dataclass(frozen=True, slots=True)
class Effort:
    """For how many seconds each page is asked for, and how often at least."""

    seconds: float
    least: int


QUICK, FULL = Effort(1.5, 16), Effort(8.0, 40)


@dataclass(slots=True)
class Seen:
    """`taken` are milliseconds of those that were answered; `wall` and `processor` seconds, the latter its own."""

    taken: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    bytes: int = 0
    wall: float = 0.0
    processor: float = 0.0


class _Connection:
    """One connection of HTTP/1.1, opened again when the other side has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, int]:
        """Send a request; return status and length of its answer."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=1 << 20)
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
        }
        length = await self._body(self._reader, status, fields)
        if fields.get("connection", "").lower() == "close":
            self.close()
        return status, length

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    @staticmethod
    async def _body(reader: asyncio.StreamReader, status: int, fields: dict[str, str]) -> int:
        if status in (204, 304):
            return 0
        if "content-length" in fields:
            return len(await reader.readexactly(int(fields["content-length"])))
        if fields.get("transfer-encoding", "").lower() != "chunked":
            return len(await reader.read())
        whole = 0
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            await reader.readexactly(size + 2)
            whole += size
        await reader.readuntil(b"\r\n")
        return whole


class _Load:
    def __init__(self, job: Job) -> None:
        self._job = job
        sent = [each.encode("latin-1") for each in job.requests]
        self._requests: Iterator[bytes] = iter(sent) if job.once else cycle(sent)
        self._seen = Seen()
        self._done = 0

    async def run(self) -> Seen:
        connections = [_Connection(self._job.host, self._job.port) for _ in range(self._job.at_once)]
        for count in range(self._job.unmeasured):
            await self._ask(connections[count % len(connections)], next(self._requests))
        self._seen = Seen()
        self._began, spent = perf_counter(), process_time()
        await asyncio.gather(*map(self._work, connections))
        self._seen.wall = perf_counter() - self._began
        self._seen.processor = process_time() - spent
        return self._seen

    async def _work(self, connection: _Connection) -> None:
        while self._goes_on() and (request := next(self._requests, None)) is not None:
            await self._ask(connection, request)
            self._done += 1
        connection.close()

    async def _ask(self, connection: _Connection, request: bytes) -> None:
        began = perf_counter()
        try:
            status, length = await asyncio.wait_for(connection.ask(request), _LONGEST_ANSWER)
        except (OSError, EOFError, TimeoutError, ValueError, LookupError) as trouble:
            self._seen.failures.append(f"{type(trouble).__name__}: {trouble}"[:120])
            connection.close()
        else:
            self._seen.taken.append((perf_counter() - began) * 1000)
            self._seen.statuses[status] = self._seen.statuses.get(status, 0) + 1
            self._seen.bytes += length

    def _goes_on(self) -> bool:
        job = self._job
        if job.once:
            return True
        if len(self._seen.failures) > 100:
            return False
        return self._done < job.least or perf_counter() - self._began < job.seconds


def main() -> None:
    """Do the job that is told on standard input."""
    seen = asyncio.run(_Load(Job(**json.load(sys.stdin))).run())
    json.dump(asdict(seen), sys.stdout)


if __name__ == "__main__":
    main()
