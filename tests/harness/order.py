"""Which file begins when: two processors that share the tests are to finish together."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parents[1]

# What takes long by itself, the longest first. A file that is missing here only begins later.
LONG = (
    "processes/test_kills.py",
    "processes/test_mail_corpus.py",
    "security/test_permission_matrix.py",
    "lab/test_lab_lives.py",
    "security/test_one_restricted_ticket.py",
    "lives/test_random_lives.py",
    "web/test_policy_page_browser.py",
    "security/test_merging_widens_nothing.py",
)
# They share one desk, which one process starts. A minute must pass on it between the first and the last.
ON_THE_RUNNING_DESK = "tests on the running desk"
FIRST_ON_IT, LAST_ON_IT = "processes/test_threading.py", "processes/test_loop.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The running desk and what is long before everything else."""
    items.sort(key=lambda item: _place(str(item.path)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Give out files in our order; the files on the running desk go to one process."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class InOurOrder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return ON_THE_RUNNING_DESK if _on_the_running_desk(str(config.rootpath / file)) else file

    config.option.loadscopereorder = False
    return InOurOrder(config, log)


@cache
def _place(path: str) -> tuple[int, int]:
    if not Path(path).is_relative_to(TESTS):
        return len(LONG), 0
    file = Path(path).relative_to(TESTS).as_posix()
    if _on_the_running_desk(path):
        return 1, {FIRST_ON_IT: -1, LAST_ON_IT: 1}.get(file, 0)
    return (2 * LONG.index(file) if file in LONG else 2 * len(LONG)), 0


@cache
def _on_the_running_desk(path: str) -> bool:
    file = Path(path)
    return file.name.startswith("test_") and "running_desk" in file.read_text(encoding="utf-8")
