"""The real program, started as people start it, with what is dear to make copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from drill import desk
from drill.desk import DidNotStart, free_ports
from harness import kept

__all__ = ["RunningDesk", "free_ports", "migrate"]


class RunningDesk(desk.RunningDesk):
    """`upheld demo` (or `serve`) for a test, which fails where the program does not come up."""

    def __init__(
        self,
        command: str = "demo",
        environ: Mapping[str, str] | None = None,
        data_dir: Path | None = None,
    ) -> None:
        super().__init__(command, environ, data_dir)

    @classmethod
    def filled(cls) -> RunningDesk:
        """A demo whose desks are there already: its data is a copy of what a first start makes."""
        made = cls()
        kept.of_this_run("filled", _fill, made.data_dir)
        return made

    @classmethod
    def migrated(cls, command: str, environ: Mapping[str, str] | None = None) -> RunningDesk:
        """A desk whose tables are there already, and empty."""
        made = cls(command, environ)
        kept.tables(migrate, made.data_dir)
        return made

    def start(self) -> None:
        try:
            super().start()
        except DidNotStart as trouble:
            pytest.fail(str(trouble), pytrace=False)


def _fill(data_dir: Path) -> None:
    """Start a demo from nothing, as a newcomer does, and stop it."""
    desk = RunningDesk(data_dir=data_dir)
    desk.start()
    assert desk.stop() == 0
    said = desk.log()
    assert said.count("Making the database") == said.count("Bringing the database up to date") == 1
    assert "Traceback" not in said
    desk.log_file.unlink()


def migrate(data_dir: Path) -> None:
    """Make a database from nothing, and every table in it."""
    desk = RunningDesk("serve", data_dir=data_dir)
    done = desk.run("migrate")
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="session")
def running_desk() -> Iterator[RunningDesk]:
    """One demo desk for the run: .url, .smtp_port, .data_dir, .pids()."""
    desk = RunningDesk.filled()
    desk.start()
    yield desk
    desk.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show what the desk said when a test with it fails."""
    report = yield
    desk = getattr(item, "funcargs", {}).get("running_desk")
    if report.failed and desk is not None:
        report.sections.append(("the running desk's log", desk.log()[-20_000:]))
    return report
