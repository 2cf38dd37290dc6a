"""Structured logs: one line an event, without bodies of mail and without secrets."""

import logging
import logging.config
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog
from django.db.utils import Error as DatabaseError
from psycopg import Error as PostgresError

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(options: dict[str, Any]) -> None:
    """Send the standard library's and our own log records through one renderer to standard error."""
    # Where a line cannot be written, Python would print what was being handled instead, and a mail server's answer may
    # repeat a password there.
    logging.raiseExceptions = False
    lines = structlog.processors.LogfmtRenderer if not sys.stderr.isatty() else structlog.dev.ConsoleRenderer
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.ExceptionRenderer(trace),
                        printable,
                        lines(),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": options.get("level", "INFO")},
        }
    )


def trace(exc_info: ExcInfo) -> str:
    """Return the trace, with only the first line of what PostgreSQL said: the lines after it quote rows."""
    text = "".join(traceback.format_exception(*exc_info)).rstrip("\n")
    for error in _with_causes(exc_info[1]):
        if isinstance(error, DatabaseError | PostgresError):
            text = text.replace(str(error), str(error).partition("\n")[0])
    return text


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    found = [error]
    for each in found:
        yield each
        found += [one for one in (each.__cause__, each.__context__) if one is not None and one not in found]


def printable(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Write what a terminal would obey, or take for the end of a line, as an escape. Only traces have lines."""
    return {
        name: _escaped(value, "\n" if name in ("exception", "stack") else "") for name, value in event.items()
    }


def _escaped(value: object, kept: str) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return "".join(
        each if each.isprintable() or each in kept else each.encode("unicode_escape").decode()
        for each in str(value)
    )
