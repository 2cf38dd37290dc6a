"""On what a result was measured."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from time import process_time

from django.db import connection

_TOLD = ["shared_buffers", "work_mem", "jit", "fsync", "synchronous_commit", "effective_cache_size"]


def machine() -> dict[str, object]:
    """Return the machine and the versions that matter."""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        postgres = cursor.fetchone()[0]
    return {
        "cores": os.cpu_count(),
        "processor": _from_proc("cpuinfo", "model name"),
        "memory": _from_proc("meminfo", "MemTotal"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgres": postgres,
        "upheld": version("upheld"),
        "django": version("django"),
        "psycopg": version("psycopg"),
        "commit": _commit(),
        "settings": _settings(),
        "python_loop_ms": _loop(),
        "load_average": round(os.getloadavg()[0], 2),
    }


def load_afterwards() -> dict[str, object]:
    """Return how busy the machine is at the end, ourselves included."""
    return {"python_loop_ms_afterwards": _loop(), "load_average_afterwards": round(os.getloadavg()[0], 2)}


def _loop() -> float:
    """How many milliseconds of processor time a plain loop takes just now: a processor that others share is slower."""
    began = process_time()
    for _ in range(5):
        sum(range(1_000_000))
    return round((process_time() - began) * 200, 2)


def _settings() -> dict[str, str]:
    """The settings of PostgreSQL by which a result may differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, setting || coalesce(unit, '') from pg_settings where name = any(%s)", [_TOLD]
        )
        return dict(cursor.fetchall())


def _commit() -> str:
    """The commit that was measured, with a plus where the files differ from it."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def _from_proc(file: str, name: str) -> str:
    try:
        lines = Path("/proc", file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
