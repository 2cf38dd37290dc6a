"""The bytes of a raw mail to the database and back as they are: as text of a statement or of its result they would be
in memory several times."""

from django.db import connection
from psycopg import Cursor


def write(mail_id: int, raw: bytes | memoryview) -> None:
    """Store the bytes of a raw mail, within the transaction that goes on."""
    with Cursor(connection.connection) as cursor:
        cursor.execute("update mailboxes_rawmail set raw = %b where id = %s", [raw, mail_id])


def read(mail_id: int) -> bytes:
    """Return the bytes of a raw mail."""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        cursor.execute("select raw from mailboxes_rawmail where id = %s", [mail_id], binary=True)
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"there is no raw mail {mail_id}")
    return bytes(row[0])
