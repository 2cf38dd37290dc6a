"""Tables of customers from the command line."""

from pathlib import Path

import pytest

from harness.desk import RunningDesk

pytestmark = pytest.mark.processes
TABLE = "name,reference\nHarbour Office,K-77001\nPort Logistics,K-77002\n"


def said(running_desk: RunningDesk, *arguments: str) -> tuple[int, str]:
    done = running_desk.run("customers", *arguments)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_table_is_looked_at_imported_and_then_there(running_desk: RunningDesk, tmp_path: Path) -> None:
    file = tmp_path / "organizations.csv"
    file.write_text(TABLE)
    there = ("import", str(file), "--desk", "school-devices")
    status, text = said(running_desk, *there, "--dry-run")
    assert status == 0, text
    assert "line 2  added    Harbour Office  (name: Harbour Office; reference: K-77001)" in text
    assert "organizations: 2 would be added, 0 would be changed, 0 as they are" in text
    assert "organizations: 2 added, 0 changed, 0 as they are" in said(running_desk, *there)[1]
    assert "organizations: 0 added, 0 changed, 2 as they are" in said(running_desk, *there)[1]
    file.write_text(TABLE + "Third,K-77001\n,\nFourth,K-77002\n")
    status, text = said(running_desk, *there)
    assert status == 1 and "line 4, name: Line 2 is about the same organization." in text
    assert "Nothing was imported." in text
    status, text = said(running_desk, "import", str(tmp_path / "none.csv"))
    assert status == 1 and "cannot be read" in text
