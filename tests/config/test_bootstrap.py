"""The environment comes from uv.lock alone, and what goes wrong is told in one line."""

from __future__ import annotations

import functools
import hashlib
import http.server
import importlib.util
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TRIES", 1)
    return module


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", tmp_path
        server.shutdown()


def test_the_lock_names_a_hashed_uv_for_this_machine(bootstrap: ModuleType) -> None:
    wheel = bootstrap.fitting_wheel(bootstrap.locked_uv()["wheels"])
    assert wheel["hash"].startswith("sha256:")
    assert wheel["url"].startswith("https://")


@pytest.mark.parametrize(
    ("machine", "libc", "tag", "fits"),
    [
        ("x86_64", (2, 36), "manylinux_2_17_x86_64", True),
        ("x86_64", (2, 12), "manylinux_2_17_x86_64", False),
        ("x86_64", (0,), "manylinux_2_17_x86_64", False),
        ("x86_64", (0,), "musllinux_1_1_x86_64", True),
        ("aarch64", (2, 36), "manylinux_2_28_aarch64", True),
        ("aarch64", (2, 36), "manylinux_2_17_x86_64", False),
        ("x86_64", (2, 36), "win_amd64", False),
        ("x86_64", (2, 36), "macosx_10_12_x86_64", False),
    ],
)
def test_which_wheel_fits(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    libc: tuple[int, ...],
    tag: str,
    fits: bool,
) -> None:
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: machine)
    monkeypatch.setattr(bootstrap.sysconfig, "get_platform", lambda: f"linux-{machine}")
    monkeypatch.setattr(bootstrap, "glibc", lambda: libc)
    assert bootstrap.fits(tag) is fits


def test_a_download_is_checked_and_the_program_taken_out(
    bootstrap: ModuleType, served: tuple[str, Path], tmp_path: Path
) -> None:
    url, folder = served
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("uv-1.0.data/scripts/uv", "#!/bin/sh\necho uv 1.0\n")
    (folder / "uv.whl").write_bytes(wheel.getvalue())
    content = bootstrap.download(f"{url}/uv.whl", hashlib.sha256(wheel.getvalue()).hexdigest(), "uv")
    bootstrap.unpack(content, tmp_path / "tool" / "uv-1.0")
    assert bootstrap.version_of(tmp_path / "tool" / "uv-1.0") == "1.0"


def test_another_content_than_the_locked_one_is_refused(
    bootstrap: ModuleType, served: tuple[str, Path]
) -> None:
    url, folder = served
    (folder / "uv.whl").write_bytes(b"something else")
    with pytest.raises(SystemExit, match=r"is not what uv\.lock describes"):
        bootstrap.download(f"{url}/uv.whl", "0" * 64, "uv")


def test_a_failed_download_is_one_line(bootstrap: ModuleType, served: tuple[str, Path]) -> None:
    with pytest.raises(SystemExit, match="404") as caught:
        bootstrap.download(f"{served[0]}/absent.whl", "0" * 64, "uv 1.0")
    assert "\n" not in str(caught.value)
    assert "run the same command again" in str(caught.value)


def test_the_second_run_does_nothing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "upheld").touch()
    (tmp_path / "bin" / "python").touch()
    assert not bootstrap.is_current(dev=False)
    (tmp_path / "stamp").write_text(bootstrap.stamp(dev=False))
    assert bootstrap.is_current(dev=False)
    assert not bootstrap.is_current(dev=True)
    (tmp_path / "stamp").write_text(bootstrap.stamp(dev=True))
    assert bootstrap.is_current(dev=False)
    (tmp_path / "bin" / "python").unlink()
    assert not bootstrap.is_current(dev=False)
