"""The time is read in one place, so that a lab can make it up, and so that no decision depends on who looks when."""

import ast
from pathlib import Path

import upheld

PACKAGE = Path(upheld.__file__).parent
READERS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")} | {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("time", "time"),
    ("time", "time_ns"),
}
# Who may read the wall's clock, and why.
ALLOWED = {
    "desks/present.py": "the one place",
    "config/commands/bench.py": "made-up data around today",
    "config/commands/doctor.py": "compares this machine's clock with the database's",
    "config/commands/lab.py": "a lab begins in this week",
    "config/commands/policy_diff.py": "the years of holidays to compare, of documents alone",
    "config/commands/policy_show.py": "a document alone has no desk",
    "config/commands/policy_simulate.py": "stories in a file have no desk",
}


def readings(path: Path) -> list[int]:
    """The lines on which a file reads the clock."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in READERS
    ]


def test_nobody_else_reads_the_time() -> None:
    found = {
        name: lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := path.relative_to(PACKAGE).as_posix()) not in ALLOWED and (lines := readings(path))
    }
    assert found == {}


def test_whoever_may_read_it_does() -> None:
    assert [name for name in ALLOWED if not readings(PACKAGE / name)] == []


def test_no_sql_and_no_template_asks_for_the_time() -> None:
    templates = [path for path in PACKAGE.rglob("*.html") if "{% now" in path.read_text(encoding="utf-8")]
    statements = [
        path
        for path in PACKAGE.rglob("*.py")
        if "django.db.models.functions import Now" in path.read_text(encoding="utf-8")
    ]
    assert templates == statements == []
