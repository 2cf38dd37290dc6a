"""A desk of every release comes over to this one by backup and restore, whatever year it is by then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.backups import kept, new_machine, piece

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("file", kept(), ids=lambda path: path.stem)
def test_a_desk_of_an_earlier_release_comes_over_with_all_it_has_and_proves_itself(file: Path) -> None:
    said = json.loads(piece(file, "manifest.json"))
    assert said["upheld"] == file.stem
    with new_machine() as machine:
        done = machine.run("restore", file)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Everything is as its story makes it." in done.stdout
        assert machine.ask("select count(*) from tickets_ticket") == [said["rows"]["tickets_ticket"]]
        assert machine.ask("select count(*) from tickets_draftfile") == [1]
        # What the desk had sealed opens with the key that came along.
        opened = machine.run("manage", "shell", "-c", _UNSEALED)
        assert opened.stdout.splitlines()[-1:] == ["a made-up password"], opened.stderr


def test_there_is_one_of_each_release() -> None:
    """`python scripts/keep_backup.py` keeps the next one."""
    assert [path.stem for path in kept()][:1] == ["0.1.0"]


_UNSEALED = "from upheld.desks.secrets import unseal; print(unseal('source:made-up'))"
