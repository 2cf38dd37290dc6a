"""A form that arrives twice - a double click, a browser that tries again - does its work once."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction


@contextmanager
def one_at_a_time(once: str) -> Iterator[str]:
    """Hold the same form back until its first copy is done; gives the id under which its message is stored."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"form {once}"])
        yield f"<form.{once}@{urlsplit(settings.UPHELD_URL).hostname or 'localhost'}>"
