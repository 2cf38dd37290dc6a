"""Fixtures for every room."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# How long the tests marked `long` go on; without it they are left out. Read before the harness clears our variables.
LONG_SECONDS = float(os.environ.get("UPHELD_TEST_SECONDS") or 0)
# A normal run tries the same made-up cases everywhere, so a failure belongs to a change; a long run tries new ones.
LONG = os.environ.get("LONG_TESTS", "") not in ("", "0")
settings.register_profile("upheld", derandomize=not LONG, print_blob=True)
settings.load_profile("upheld")

pytest_plugins = [
    "harness.database",
    "harness.browser",
    "harness.kept",
    "harness.order",
    "harness.desk",
    "harness.cast",
    "harness.asking",
    "harness.dovecot",
]


@pytest.fixture
def long_seconds() -> float:
    """How long a test marked `long` goes on."""
    return LONG_SECONDS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what goes on until it is told to stop, unless it is told when."""
    left_out = [item for item in items if item.get_closest_marker("long") and not LONG_SECONDS]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """On the machine that guards the branch, a test that was skipped was not passed."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped and os.environ.get("CI") == "true":
        terminalreporter.write_line(f"CI=true: {skipped} skipped tests count as failures.", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in CI that skipped anything."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and os.environ.get("CI") == "true" and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
