"""What the bench prints; what it measures is nobody's test."""

import json
import subprocess
import sys
from pathlib import Path

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


def test_the_command_names_its_own_database() -> None:
    import typer
    from typer.testing import CliRunner

    from upheld.config.commands import bench

    app = typer.Typer()
    bench.add(app)
    shown = CliRunner().invoke(app, ["bench", "seed", "--help"])
    assert shown.exit_code == 0
    assert "upheld_bench" in shown.output
