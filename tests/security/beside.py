"""A part of the program in a process of its own, on the tests' database, so that its memory can be measured.

`python beside.py listen PORT` is the mail listener; `python beside.py take` takes in all mail that waits, with a real
parser child, for each line that it reads, and says how many.
"""

from __future__ import annotations

import os
import sys


def listen(port: str) -> None:
    from django.conf import settings

    from upheld.mailboxes.listener import main

    settings.SMTP_ADDRESS = f"127.0.0.1:{port}"
    main()


def take() -> None:
    from upheld.desks import present
    from upheld.mailboxes.ingest import claim_and_ingest
    from upheld.mailboxes.pool import ParserPool

    with ParserPool(1) as pool:
        for _ in sys.stdin:
            print(sum(iter(lambda: claim_and_ingest(pool, present.now()), 0)), flush=True)  # noqa: T201


def main() -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["DATABASE_OF_TESTS"]
    django.setup()
    {"listen": listen, "take": take}[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
