"""Whatever stands in the way is told in one line that says what to do, before anything is half made."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness.desk import free_ports
from upheld.config.embedded import EmbeddedPostgres

pytestmark = pytest.mark.processes


def upheld(
    data_dir: Path, *arguments: str, mail: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    http, smtp = free_ports(2)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("UPHELD_")}
    ours = {
        "UPHELD_DATA_DIR": str(data_dir),
        "UPHELD_HTTP_ADDRESS": f"127.0.0.1:{http}",
        "UPHELD_SMTP_ADDRESS": f"127.0.0.1:{smtp}",
    }
    return subprocess.run(
        [sys.executable, "-m", "upheld", *arguments],
        env=kept | ours | environ,
        input=mail,
        capture_output=True,
        text=True,
        timeout=60,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("upheld: ")
    return done.stderr


@pytest.mark.parametrize("variable", ["UPHELD_HTTP_ADDRESS", "UPHELD_SMTP_ADDRESS"])
def test_a_port_in_use_is_named_and_nothing_is_made(data_dir: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(upheld(data_dir, "serve", **{variable: f"127.0.0.1:{port}"}))
    assert f"Port {port} is in use" in line
    assert f"{variable}=127.0.0.1:" in line
    assert not (data_dir / "postgres").exists()


def test_an_address_that_is_none(data_dir: Path) -> None:
    assert "is not an address" in one_line(upheld(data_dir, "serve", UPHELD_HTTP_ADDRESS="localhost"))


def test_a_data_directory_that_cannot_be_written(data_dir: Path) -> None:
    (data_dir / "file").touch()
    line = one_line(upheld(data_dir / "file" / "data", "serve"))
    assert "cannot be used: Not a directory" in line
    assert "UPHELD_DATA_DIR" in line


def test_a_data_directory_open_to_others(data_dir: Path) -> None:
    (data_dir / "something").touch()
    data_dir.chmod(0o777)
    assert "open to the writing of other users" in one_line(upheld(data_dir, "serve"))


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://localhost/upheld", "postgres://localhost:port/upheld", "postgres://localhost"],
)
def test_a_database_address_that_cannot_be_read_is_not_repeated(data_dir: Path, url: str) -> None:
    line = one_line(upheld(data_dir, "serve", UPHELD_DATABASE_URL=url))
    assert "is not the address of a PostgreSQL database" in line
    assert url not in line.replace("postgres://upheld:secret@localhost:5432/upheld", "")


def test_a_database_that_refuses(data_dir: Path) -> None:
    (port,) = free_ports(1)
    url = f"postgres://upheld:hidden-word@127.0.0.1:{port}/upheld"
    line = one_line(upheld(data_dir, "serve", UPHELD_DATABASE_URL=url))
    assert "refused" in line
    assert "hidden-word" not in line


def test_a_database_that_does_not_exist(postgres: EmbeddedPostgres, data_dir: Path) -> None:
    url = f"postgres:///absent?host={postgres.place.sockets}&user=upheld"
    line = one_line(upheld(data_dir, "serve", UPHELD_DATABASE_URL=url))
    assert 'database "absent" does not exist' in line
    assert "createdb" in line


def test_web_and_worker_alone_need_a_database(data_dir: Path) -> None:
    for command in ("web", "worker"):
        assert "No database runs for" in one_line(upheld(data_dir, command))


def test_a_desk_that_runs_already(postgres: EmbeddedPostgres) -> None:
    assert "running already on" in one_line(upheld(postgres.data_dir, "serve"))


def test_a_number_of_workers_that_is_none(data_dir: Path) -> None:
    for number in ("none", "0", "17", "-1"):
        line = one_line(upheld(data_dir, "serve", UPHELD_WORKERS=number))
        assert f"UPHELD_WORKERS is “{number}”. Give the number of worker processes, from 1 to 16." in line
    assert not list(data_dir.iterdir())


def test_a_pipe_keeps_its_mail_while_the_database_is_away(data_dir: Path) -> None:
    done = upheld(data_dir, "mail", "deliver", mail="From: ann@example.com\n\nHello\n")
    assert done.returncode == 75
    assert done.stderr.count("\n") == 1


def test_doctor_says_what_is_wrong(data_dir: Path) -> None:
    done = upheld(data_dir, "doctor")
    assert done.returncode == 1
    assert "BAD" in done.stdout
    assert "upheld serve" in " ".join(done.stdout.split())


def test_help_needs_nothing(data_dir: Path) -> None:
    done = upheld(data_dir, "--help")
    assert done.returncode == 0
    assert "upheld demo" in done.stdout
