"""A backup from whatever PostgreSQL the tests run on: its own, or a server of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from harness.backups import files_in, new_machine
from harness.cast import Cast, utc
from upheld.config import paths
from upheld.config.backups.archive import Advance, Archive
from upheld.config.backups.making import Order, make_backup
from upheld.config.backups.progress import Steps
from upheld.config.postgres_program import bundled
from upheld.tickets.actions import keep_draft
from upheld.tickets.drafts import NOTE
from upheld.tickets.files import forget_draft_files, keep_draft_file
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Draft, DraftFile

NOON = utc("2026-03-19 12:00")


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    """The test database, as UPHELD_DATABASE_URL names it."""
    at = connection.settings_dict
    query = f"host={at['HOST']}&port={at['PORT'] or 5432}&user={at['USER']}"
    url = f"postgres:///{at['NAME']}?{query}" + (f"&password={at['PASSWORD']}" if at["PASSWORD"] else "")
    monkeypatch.setenv("UPHELD_DATABASE_URL", url)
    return url


class Meanwhile(Steps):
    """Somebody is quicker than the backup: when it comes to the files, the draft is thrown away."""

    @contextmanager
    def step(self, name: str) -> Iterator[Advance]:
        if name == "Copying files":
            forget_draft_files(DraftFile.objects.all())
        with super().step(name) as advance:
            yield advance


@pytest.mark.django_db(transaction=True)
def test_a_desk_is_carried_to_the_embedded_postgresql_with_a_file_that_was_just_removed(
    cast: Cast, address: str, tmp_path: Path
) -> None:
    ticket = cast.writes("2026-03-19 09:00")
    keep_draft(cast.bob, ticket.pk, NOTE, "See the log.", NOON)
    file = keep_draft_file(Draft.objects.get(), NewFile("log.txt", "text/plain", b"42 errors"), NOON)
    lost = keep_draft_file(Draft.objects.get(), NewFile("lost.txt", "text/plain", b"gone"), NOON)
    (paths.attachments(settings.DATA_DIR) / lost.stored_as).unlink()
    target = tmp_path / "desk.zip"
    order = Order(settings.DATA_DIR, NOON + timedelta(hours=1), settings.SECRET_KEY)
    made = make_backup(target, order, Meanwhile(lambda line: None))
    assert not (paths.attachments(settings.DATA_DIR) / file.stored_as).exists()
    assert (made.files, made.missing, made.rows["tickets_draftfile"]) == (1, [lost.stored_as], 2)
    assert files_in(target) == {file.stored_as: b"42 errors"}
    server = connection.pg_version // 10_000
    assert Archive.read(target).manifest.major == server

    if str(server) == bundled().version().split(".")[0]:
        return  # to the same version: other tests restore that, with more in it
    with new_machine() as machine:
        done = machine.run("restore", target)
        assert done.returncode == 1
        assert lost.stored_as in done.stderr
        assert "Everything is as its story makes it." in done.stdout
        assert machine.ask("select number from tickets_ticket") == [ticket.number]
