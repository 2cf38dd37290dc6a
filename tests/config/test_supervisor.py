"""The supervisor restarts what dies, stops what runs, and leaves nothing behind - however it ends itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from upheld.config.supervisor import Kept, Supervisor, end_leftovers

pytestmark = pytest.mark.processes

# A desk in small: PostgreSQL is real, the others only say "up" and wait; `stubborn` ignores the request to stop.
SCENE = """
import sys
from pathlib import Path
from upheld.config.embedded import EmbeddedPostgres
from upheld.config.processes import Process, surroundings
from upheld.config.supervisor import Supervisor
data_dir = Path(sys.argv[1])
wait = "import os, time; os.write(1, bytes([117, 112, 10])); time.sleep(600)"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + wait
short = "import time; time.sleep(0.3); print('no line end', end='', flush=True); raise SystemExit(3)"
python = sys.executable
known = {
    "web": Process("web", (python, "-c", wait)),
    "worker": Process("worker", (python, "-c", wait)),
    "stubborn": Process("stubborn", (python, "-c", stubborn), patience=1),
    "short": Process("short", (python, "-c", short)),
    "parent": Process("parent", (python, "-c", "import os; os.fork(); " + wait)),
}
postgres = EmbeddedPostgres(data_dir) if "postgres" in sys.argv else None
if postgres:
    postgres.start()
Supervisor([known[n] for n in sys.argv[2:] if n in known], env=surroundings(data_dir), data_dir=data_dir,
           postgres=postgres).run()
"""


class Scene:
    def __init__(self, data_dir: Path, *names: str) -> None:
        self.data_dir = data_dir
        self._out = (data_dir.parent / f"{data_dir.name}.out").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCENE, str(data_dir), *names], stdout=self._out, stderr=self._out
        )
        eventually(lambda: set(names) <= self.pids().keys())

    def pids(self) -> dict[str, int]:
        try:
            return json.loads((self.data_dir / "processes.json").read_text())
        except (OSError, ValueError):
            return {}

    def said(self) -> str:
        return Path(self._out.name).read_text()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def scene(data_dir: Path) -> Iterator[Callable[..., Scene]]:
    made: list[Scene] = []

    def make(*names: str) -> Scene:
        made.append(Scene(data_dir, *names))
        return made[-1]

    yield make
    for one in made:
        one.process.kill()
        one.process.wait()
        Path(one._out.name).unlink(missing_ok=True)


def test_a_killed_process_is_started_again_and_the_others_are_left_alone(scene: Callable[..., Scene]) -> None:
    running = scene("web", "worker")
    before = running.pids()
    os.kill(before["web"], signal.SIGKILL)
    eventually(lambda: running.pids()["web"] != before["web"])
    assert running.pids()["worker"] == before["worker"]
    assert "web was ended by SIGKILL; starting it again" in running.said()


def test_a_killed_postgres_is_started_again(scene: Callable[..., Scene]) -> None:
    running = scene("postgres", "web")
    before = running.pids()
    os.kill(before["postgres"], signal.SIGKILL)
    eventually(lambda: running.pids()["postgres"] != before["postgres"])
    assert running.pids()["web"] == before["web"]


def test_where_nothing_can_be_written_down_the_desk_goes_on(scene: Callable[..., Scene]) -> None:
    running = scene("web", "worker")
    eventually(lambda: "web      | up" in running.said())
    before = running.pids()
    # As on a full disk: the draft of what is written down cannot be made.
    draft = running.data_dir / ".processes.json"
    draft.mkdir()
    os.kill(before["web"], signal.SIGKILL)
    eventually(lambda: running.said().count("web      | up") == 2)
    assert running.pids() == before
    draft.rmdir()
    eventually(lambda: running.pids()["web"] != before["web"])
    assert running.process.poll() is None


def test_sigterm_stops_everything(scene: Callable[..., Scene]) -> None:
    running = scene("postgres", "web", "worker")
    pids = running.pids()
    assert running.end(signal.SIGTERM) == 0
    assert not any(alive(pid) for pid in pids.values())
    assert not (running.data_dir / "processes.json").exists()


def test_a_process_that_does_not_stop_is_killed_and_named(scene: Callable[..., Scene]) -> None:
    running = scene("web", "stubborn")
    eventually(lambda: "stubborn | up" in running.said())
    pids = running.pids()
    assert running.end(signal.SIGINT) == 0
    assert not any(alive(pid) for pid in pids.values())
    assert "stubborn did not stop in 1 s and was killed" in running.said()


def test_a_killed_supervisor_leaves_no_orphans(scene: Callable[..., Scene]) -> None:
    running = scene("postgres", "web", "worker")
    pids = running.pids()
    running.end(signal.SIGKILL)
    eventually(lambda: not any(alive(pid) for pid in pids.values()))


def test_the_next_start_ends_what_ignored_the_death_of_its_supervisor(scene: Callable[..., Scene]) -> None:
    running = scene("stubborn")
    eventually(lambda: "stubborn | up" in running.said())
    left = running.pids()["stubborn"]
    running.end(signal.SIGKILL)
    assert alive(left)
    again = scene("web")
    assert again.pids()
    eventually(lambda: not alive(left))


def test_a_recorded_number_that_belongs_to_a_stranger_by_now_is_left_alone(data_dir: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    (data_dir / "processes.json").write_text(json.dumps({"web": stranger.pid}))
    try:
        end_leftovers(data_dir)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_a_dead_process_had_started_goes_with_it(scene: Callable[..., Scene]) -> None:
    running = scene("parent")
    eventually(lambda: running.said().count("parent   | up") == 2)
    parent = running.pids()["parent"]
    grandchild = children(parent)[0]
    os.kill(parent, signal.SIGKILL)
    eventually(lambda: not alive(grandchild))


def test_lines_are_marked_with_who_wrote_them_and_the_last_half_line_is_not_lost(
    scene: Callable[..., Scene],
) -> None:
    running = scene("web", "short")
    eventually(lambda: "short ended with status 3" in running.said())
    assert "web      | up\n" in running.said()
    eventually(lambda: "short    | no line end\n" in running.said())


def test_restarts_are_spaced_further_and_further_but_never_given_up(data_dir: Path) -> None:
    supervisor = Supervisor([], env={}, data_dir=data_dir)
    pauses = [supervisor._next_pause("web", time.monotonic()) for _ in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.5
    assert pauses[-1] == 30
    assert supervisor._next_pause("web", time.monotonic() - 60) < 0.5


def test_a_line_without_end_does_not_grow_without_end() -> None:
    kept = Kept.__new__(Kept)
    kept._pending = b""
    assert kept._take_lines(b"x" * 70_000) == ["x" * 70_000]
    assert kept._pending == b""


def eventually(holds: Callable[[], bool], patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
