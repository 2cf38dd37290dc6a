"""A PostgreSQL for this run of the tests, started when the first test asks for a database.

With UPHELD_DATABASE_URL that server is used instead; Django makes its test database there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# The environment is set before Django reads its settings: nothing here may touch the checkout's own data.
DATA_DIR = Path(tempfile.mkdtemp(prefix="upheld-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("UPHELD_") and name != "UPHELD_DATABASE_URL"]:
    del os.environ[name]
os.environ["UPHELD_DATA_DIR"] = str(DATA_DIR)
os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.config.settings"
# What is pressed happens at once, but where a test is about taking it back.
os.environ["UPHELD_LONGEST_UNDO"] = "0"

import django  # noqa: E402

django.setup()

# Losing the tests' database in a power cut harms nobody.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each process that shares this run make surroundings of its own, instead of inheriting ours."""
    for name in ("DJANGO_SETTINGS_MODULE", "UPHELD_DATA_DIR"):
        os.environ.pop(name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database-only` runs what differs from one PostgreSQL to another, and nothing else."""
    parser.addoption("--database-only", action="store_true", help="only the tests that use the test database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the pure core, the browser and what starts processes of its own."""
    if not config.getoption("--database-only"):
        return
    chosen = [item for item in items if _uses_database(item) and not item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Start the server before pytest-django makes its test database; whatever is to migrate, it migrates."""
    from django.db import connections

    settings = connections["default"].settings_dict
    settings["OPTIONS"]["options"] = "-c upheld.tests_may_truncate=on"
    if os.environ.get("UPHELD_DATABASE_URL"):
        yield
        return
    from harness import kept
    from harness.desk import migrate
    from upheld.config.embedded import EmbeddedPostgres, connection_parameters

    kept.tables(migrate, DATA_DIR)
    with EmbeddedPostgres(DATA_DIR, settings=FAST):
        own = connection_parameters(DATA_DIR)
        settings["HOST"] = own["host"]
        settings["TEST"]["TEMPLATE"] = own["dbname"]
        yield
        connections.close_all()
