"""What the bench prints; what it measures is nobody's test."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from django.test import Client

from bench import growth
from bench.load import Job, Seen
from bench.pages import row as bench_row
from bench.row import Row
from upheld.lab.generator.founding import found_desk
from upheld.lab.generator.lives import lives
from upheld.lab.generator.place import place_of
from upheld.lab.generator.seed import write

ROOT = Path(__file__).resolve().parents[2]


def run_of(path: Path, value: float | None) -> Path:
    row = {"family": "pages", "what": "queue page", "value": value, "unit": "ms", "keep": "", "note": ""}
    path.write_text(json.dumps({"at": "", "machine": {}, "rows": [row]}))
    return path


def compare(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.compare", *map(str, paths)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_two_runs_are_put_side_by_side(tmp_path: Path) -> None:
    done = compare(run_of(tmp_path / "a.json", 20.0), run_of(tmp_path / "b.json", 10.0))
    assert done.returncode == 0
    assert "20.0 ms" in done.stdout
    assert "0.50" in done.stdout


def test_what_could_not_be_measured_is_said(tmp_path: Path) -> None:
    done = compare(run_of(tmp_path / "a.json", None), run_of(tmp_path / "b.json", 10.0))
    assert done.returncode == 0
    assert "not measured" in done.stdout


def test_what_is_to_be_kept_is_compared_with_what_was_measured() -> None:
    assert Row("pages", "queue", 15.0, "ms", "≤ 30 ms").ratio == 0.5
    assert Row("pages", "queue", 15.0, "ms", "≤ 30 ms").is_kept
    assert Row("pages", "queue", 31.0, "ms", "≤ 30 ms").is_kept is False
    assert Row("sweep", "swept", 1_500.0, "a second", "≥ 1,000 a worker").ratio == 1.5
    assert Row("sweep", "swept", 900.0, "a second", "≥ 1,000 a worker").is_kept is False
    assert Row("pages", "list: mine", 15.0, "ms").is_kept is None
    assert Row("pages", "compliance", None, "ms", "≤ 300 ms").is_kept is None


def test_a_figure_that_doubles_with_the_desk_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    growth.show(
        [
            Row("pages", "queue, 1 at once", 20.0, "ms", size=10_000),
            Row("pages", "queue, 1 at once", 21.0, "ms", size=1_000_000),
            Row("pages", "search, 1 at once", 20.0, "ms", size=10_000),
            Row("pages", "search, 1 at once", 50.0, "ms", size=1_000_000),
            Row("sweep", "swept", 1_000.0, "a second", size=10_000),
            Row("sweep", "swept", 400.0, "a second", size=1_000_000),
        ]
    )
    marked = {"GROWS" in line for line in capsys.readouterr().out.splitlines() if "queue" in line}
    assert marked == {False}
    growth.show(
        [Row("pages", "search", value, "ms", size=size) for size, value in ((10, 20.0), (1_000, 50.0))]
    )
    growth.show(
        [Row("sweep", "swept", value, "a second", size=size) for size, value in ((10, 9.0), (1_000, 4.0))]
    )
    assert capsys.readouterr().out.count("GROWS") == 2


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"Here is the page."
        self.send_response(200 if self.path == "/there/" else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads a line for each request."""


def test_the_load_generator_counts_what_was_answered_and_what_was_not() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Desk) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        pages = [f"GET {path} HTTP/1.1\r\nHost: desk\r\n\r\n" for path in ("/there/", "/there/", "/broken/")]
        job = Job("127.0.0.1", server.server_port, pages, at_once=2, once=True)
        command = [sys.executable, "-m", "bench.load"]
        told = json.dumps(asdict(job))
        done = subprocess.run(command, cwd=ROOT, input=told, capture_output=True, text=True, check=True)
        server.shutdown()
    seen = Seen(**json.loads(done.stdout))
    assert seen.statuses == {"200": 2, "500": 1}
    assert seen.bytes == 3 * len("Here is the page.")
    assert (len(seen.taken), seen.failures) == (3, [])
    shown = bench_row("pages", "a page", 2, seen, {"web": 0.3})
    assert (shown.also["errors"], shown.also["web_ms"], shown.note) == (1, pytest.approx(100), "1 × 500")


@pytest.mark.django_db
def test_every_page_that_is_measured_is_there(client: Client) -> None:
    from bench import desk, plans, visits

    now = datetime.now(UTC)
    founded = found_desk(now)
    place = place_of(founded, now)
    write(lives(60, place.crowd(3), now, Random(1)), founded, place, now, lambda done: None)
    long = {messages: desk.long_talks(founded, messages, 1) for messages in (20, 200)}
    measured = desk.Measured(founded, 60, long)
    for visit in visits.visits(measured):
        for path in () if visit.absent else visit.paths[:1]:
            if visit.people:
                client.force_login(visit.people[0])
            assert client.get(path).status_code == 200, visit.name
    asked = next(each for each in visits.visits(measured) if each.name == "queue")
    assert any("tickets_ticket" in sql for sql, _ in plans.statements(asked))
    assert measured.long[200][0] not in measured.open_numbers(60)


def test_the_command_names_its_own_database() -> None:
    import typer
    from typer.testing import CliRunner

    from upheld.config.commands import bench

    app = typer.Typer()
    bench.add(app)
    shown = CliRunner().invoke(app, ["bench", "seed", "--help"])
    assert shown.exit_code == 0
    assert "upheld_bench" in shown.output
