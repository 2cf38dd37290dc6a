"""The one connection that hears what changes; it comes back by itself when PostgreSQL was away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import psycopg
import structlog
from django.db import connections

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_log = structlog.get_logger(__name__)


async def heard(channels: Sequence[str]) -> AsyncIterator[tuple[str | None, list[int]]]:
    """Yield a channel and the ids that were said on it; None each time that listening begins."""
    pause, away = _FIRST_PAUSE, False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as raw:
                for channel in channels:
                    await raw.execute(psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(channel)))
                if away:
                    _log.info("database is back", loop="stream")
                pause, away = _FIRST_PAUSE, False
                yield None, []
                async for each in raw.notifies():
                    yield each.channel, [int(id) for id in each.payload.split()]
        except (psycopg.Error, OSError) as error:
            if not away:
                away = True
                _log.error("database is away", loop="stream", error=" ".join(str(error).split())[:300])
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _parameters() -> dict[str, Any]:
    """What Django connects with, as far as it is libpq's; a server that is gone without a word is missed in time."""
    known = connections["default"].get_connection_params()
    ours = {name: value for name, value in known.items() if isinstance(value, str | int)}
    ours.pop("client_encoding", None)
    ours.pop("prepare_threshold", None)
    return {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, **ours}
