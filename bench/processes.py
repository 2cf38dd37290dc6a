"""Start-up times and the memory of all processes of an idle demo; then mail through the same processes."""

from collections.abc import Iterator
from pathlib import Path
from time import sleep

from bench import mail
from bench.demo import Demo, NotStarted, running
from bench.row import Row

_SETTLE = 20.0


def run(data_dir: Path, database_url: str, mails: int) -> Iterator[Row]:
    try:
        with running(data_dir, database_url) as first:
            what = "first start: database, schema, demo data, page"
            yield Row("start", what, first.started_in, "s")
        with running(data_dir, database_url) as demo:
            yield Row("start", "every later start, to the first page", demo.started_in, "s", "≤ 5 s")
            sleep(_SETTLE)
            yield _memory(demo)
            yield from mail.run(demo, mails)
    except NotStarted as reason:
        yield Row("start", "demo", None, "s", note=str(reason))


def _memory(demo: Demo) -> Row:
    by_name: dict[str, float] = {}
    for pid in family(demo.pid):
        name, pss = _pss(pid)
        by_name[name] = by_name.get(name, 0.0) + pss
    parts = ", ".join(
        f"{name} {size:.0f}" for name, size in sorted(by_name.items(), key=lambda each: -each[1])
    )
    own = "" if not demo.database_url else " (PostgreSQL not counted: it is not ours)"
    return Row("memory", "all processes, idle demo, PSS", sum(by_name.values()), "MB", "≤ 450", parts + own)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(after_name[1]), []).append(int(entry.name))
    found, look_at = [], [pid]
    while look_at:
        found.append(look_at.pop())
        look_at += parents.get(found[-1], [])
    return found


def _pss(pid: int) -> tuple[str, float]:
    process = Path("/proc") / str(pid)
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
        words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
    except OSError:
        return "gone", 0.0
    kib = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return _name(words), kib / 1024


def _name(words: list[str]) -> str:
    """What a process is, by its command line."""
    line = " ".join(words)
    if "postgres" in line.partition(" ")[0]:
        return "postgres"
    if any(word.startswith("upheld.config.") for word in words):
        return words[-1]
    kinds = {"parsing": "parsers", "multiprocessing": "web worker", "upheld demo": "supervisor"}
    return next((kind for known, kind in kinds.items() if known in line), "other")
