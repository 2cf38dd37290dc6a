"""On what a result was measured."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from django.db import connection


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
        "load_average": os.getloadavg()[0],
    }


def _from_proc(file: str, name: str) -> str:
    try:
        lines = Path("/proc", file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
