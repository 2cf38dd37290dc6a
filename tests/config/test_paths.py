"""The data directory is closed to others, and nothing that is not ours is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from upheld.config import paths
from upheld.config.trouble import Trouble


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_data_directory_is_closed(tmp_path: Path) -> None:
    paths.prepare_data_dir(tmp_path / "a" / "b")
    assert mode(tmp_path / "a" / "b") == 0o700
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_directory_with_something_in_it_keeps_its_mode(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "letter").touch()
    paths.prepare_data_dir(home, group=os.getegid() + 1)
    assert mode(home) == 0o755


def test_a_closed_home_that_is_not_ours_is_not_opened_to_a_group(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "letter").touch()
    paths.prepare_data_dir(home, group=os.getegid() + 1)
    assert mode(home) == 0o700
    assert home.stat().st_gid == os.getegid()


def test_the_default_in_a_checkout_lies_in_it() -> None:
    assert paths.data_dir({}) == Path(__file__).resolve().parents[2] / ".data"


def test_an_installed_program_uses_the_home_or_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "checkout", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert paths.data_dir({}) == Path("/var/lib/upheld")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert paths.data_dir({}) == Path.home() / ".local/share/upheld"


def test_the_given_directory_wins_and_is_made_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.data_dir({"UPHELD_DATA_DIR": "here"}) == tmp_path / "here"


def test_a_private_directory_must_be_one(tmp_path: Path) -> None:
    paths.private_directory(tmp_path / "new")
    assert mode(tmp_path / "new") == 0o700
    (tmp_path / "link").symlink_to(tmp_path / "new")
    with pytest.raises(Trouble):
        paths.private_directory(tmp_path / "link")
    (tmp_path / "new").chmod(0o750)
    with pytest.raises(Trouble):
        paths.private_directory(tmp_path / "new")
