"""A program that fetches and is killed at a given step: each word to a server, each of its lines, each statement to
the database and each commit is one. Reads lines `SOURCE STEP` and says what became of each.

It forks for each line, so that Python and Django are started once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any


class Steps:
    """Counts down to the end."""

    def __init__(self, last: int) -> None:
        self.left = last

    def take(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(self, owner: Any, name: str) -> None:
        """Count each call of a method, when it has done its work."""
        original: Callable[..., Any] = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            self.take()
            return result

        setattr(owner, name, counted)


def fetch(source_id: int, last: int) -> None:
    from django.db.backends.postgresql.base import DatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    from upheld.mailboxes.fetching.imap_client import BoundedClient
    from upheld.mailboxes.fetching.pop import Maildrop, _LongLines
    from upheld.mailboxes.fetching.visiting import Visit, pay
    from upheld.mailboxes.models import Source

    source = Source.objects.select_related("mailbox").get(pk=source_id)
    steps = Steps(last)
    for owner, name in (
        (BoundedClient, "send"),
        (BoundedClient, "_receive"),
        (_LongLines, "lines_of_answer"),
        (Maildrop, "delete"),
        (Maildrop, "leave"),
        (CursorWrapper, "execute"),
        (CursorWrapper, "executemany"),
        (DatabaseWrapper, "_commit"),
    ):
        steps.after(owner, name)
    if not pay(Visit(source)):
        raise SystemExit("the visit failed")


def main() -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["DATABASE_OF_TESTS"]
    django.setup()
    import upheld.mailboxes.fetching.visiting  # noqa: F401 - once for all

    for line in sys.stdin:
        source_id, last = map(int, line.split())
        child = os.fork()
        if child == 0:
            fetch(source_id, last)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else f"ended {os.waitstatus_to_exitcode(status)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
