"""Run all measurements, print them, and write them to bench/results/."""

import argparse
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench import growth, report
from bench.databases import DUE, SEEDED, SWEPT, leave, use
from bench.load import FULL, QUICK
from bench.places import Places, places
from bench.row import Row

# What is asked of a desk of each size, what of the largest, and what of none.
OF_A_DESK = ("disk", "compliance", "plans", "pages", "reply", "browser", "notice")
FAMILIES = ("clock", "policy", "processes", *OF_A_DESK, "sweep", "due")
_NOT_BY_ITSELF = ("plans", "due")
_console = Console(stderr=True)


def main() -> None:
    options = _options()
    at = datetime.now(UTC)
    with places(options.data_dir, keeps=options.keep_database or options.reuse) as found:
        import django

        django.setup()
        from bench.machine import load_afterwards, machine

        on = machine()
        rows = _measured(options, found)
        report.show(rows)
        growth.show(rows)
        path = report.keep(rows, on | load_afterwards(), at)
    _console.print(f"Written to {path}")


def _measured(options: argparse.Namespace, found: Places) -> list[Row]:
    """Whatever was measured, also where somebody ends the run before."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows = []
    try:
        for row in _rows(options, found):
            rows.append(row)
    except KeyboardInterrupt:
        _console.print("Ended before its time; what was measured until now is kept.")
    return rows


def _rows(options: argparse.Namespace, found: Places) -> Iterator[Row]:
    runs: dict[str, Callable[[], Iterator[Row]]] = {
        "clock": _clock,
        "policy": _policy,
        "processes": lambda: _processes(options, found),
    }
    yield from _each(runs, options)
    if {*OF_A_DESK, "sweep"} & set(options.only):
        yield from _desks(options, found)
    yield from _each({"due": lambda: _due(options, found)}, options)


def _each(
    runs: dict[str, Callable[[], Iterator[Row]]], options: argparse.Namespace, size: int | None = None
) -> Iterator[Row]:
    """Measure those families that are wanted. One that breaks is told, and costs the others nothing."""
    for family, run in runs.items():
        if family not in options.only:
            continue
        _console.print(f"Measuring: {family}" + (f", {size:,} tickets" if size else ""))
        try:
            yield from run()
        except Exception as trouble:
            _console.print_exception(max_frames=4)
            note = " ".join(f"BROKE: {type(trouble).__name__}: {trouble}".split())[:200]
            yield Row(family, "not measured to its end", None, "", note=note, size=size)


def _clock() -> Iterator[Row]:
    from bench import clock

    return clock.run()


def _policy() -> Iterator[Row]:
    from bench import evaluation

    return evaluation.run()


def _processes(options: argparse.Namespace, found: Places) -> Iterator[Row]:
    from bench import processes
    from bench.databases import DEMO

    url = ""
    if found.server.given:
        found.server.make_afresh(DEMO)
        url = found.server.url(DEMO)
    return processes.run(found.folder / "demo", url, options.mails)


def _desks(options: argparse.Namespace, found: Places) -> Iterator[Row]:
    """A desk of each size, the smallest first; the sweep, which changes every open ticket, at the largest."""
    from bench import desk, sweep

    for size in options.sizes:
        _console.print("Making ready: what there is" if options.reuse else f"Making ready: {size:,} tickets")
        measured = desk.ready(found.server, size, reuse=options.reuse)
        yield from _desk(options, found, measured)
        if "sweep" in options.only:
            yield from sweep.look(measured.size, options.times)
    yield from _each({"sweep": lambda: _sweep(found, measured.size)}, options, measured.size)


def _sweep(found: Places, size: int) -> Iterator[Row]:
    """On a copy, where the database is to be kept."""
    from bench import sweep

    if not found.keeps:
        yield from sweep.run(size)
        return
    leave()
    found.server.make_afresh(SWEPT, template=SEEDED)
    use(SWEPT)
    yield from sweep.run(size)
    leave()
    found.server.drop(SWEPT)


def _desk(options: argparse.Namespace, found: Places, measured: "Measured") -> Iterator[Row]:  # noqa: F821
    from bench import browser, compliance, disk, notice, pages, plans, processes, replies
    from bench.program import running

    size, only = measured.size, options.only
    asked: dict[str, Callable[[], Iterator[Row]]] = {
        "disk": lambda: disk.run(size),
        "compliance": lambda: compliance.run(measured, options.times),
        "plans": lambda: plans.run(measured, options.pages),
    }
    yield from _each(asked, options, size)
    if not {"pages", "reply", "browser", "notice"} & set(only):
        return
    url = found.server.url(SEEDED)
    log = found.folder / "served.log"
    with running("serve", found.server.home, url, log=log, more=found.surroundings()) as program:
        runs: dict[str, Callable[[], Iterator[Row]]] = {
            "pages": lambda: pages.run(measured, program, options.effort, options.pages),
            "reply": lambda: replies.run(measured, program, options.replies),
            "browser": lambda: browser.run(measured, program, options.times),
            "notice": lambda: notice.run(size, options.clocks),
        }
        pages.wait_until_idle()
        yield from _each(runs, options, size)
        yield processes.memory(program, "all processes after the load, PSS", size=size)


def _due(options: argparse.Namespace, found: Places) -> Iterator[Row]:
    """Tickets that all fall due at one instant: the worst minute that a worker can have."""
    from bench import desk, due
    from upheld.lab.generator.lives import unanswered

    count = max(options.sizes)
    _console.print(f"Making ready: {count:,} tickets due at one instant")
    found.server.make_afresh(DUE)
    use(DUE)
    # A Monday morning of the desk that is measured.
    at = datetime(2026, 3, 16, 10, tzinfo=UTC)
    desk.filled(count, messages=1, now=at, made=unanswered)
    yield from due.run(count)
    leave()
    found.server.drop(DUE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes and few rounds: a few minutes in all"
    )
    parser.add_argument("--sizes", type=_numbers, help="tickets, as in 10000,100000,1000000")
    usual = tuple(each for each in FAMILIES if each not in _NOT_BY_ITSELF)
    parser.add_argument("--only", type=_families, default=usual, help=f"some of {','.join(FAMILIES)}")
    parser.add_argument(
        "--pages", type=_names, default=(), help="only pages whose names begin so, as in queue,search"
    )
    parser.add_argument("--plans", action="store_true", help="write the plans of all statements too")
    add_places(parser)
    options = parser.parse_args()
    refuse_to_lose(parser, options)
    _settle(options)
    return options


def add_places(parser: argparse.ArgumentParser) -> None:
    """The options that say on which database one measures."""
    parser.add_argument(
        "--data-dir", type=Path, help="where the bench's own PostgreSQL lies, and stays when the run is over"
    )
    parser.add_argument("--keep-database", action="store_true", help=f"leave {SEEDED} as it is at the end")
    parser.add_argument(
        "--reuse", action="store_true", help=f"measure {SEEDED} as it is, whatever its size; it stays"
    )


def refuse_to_lose(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """A PostgreSQL that is made for one run is gone with it."""
    stays = options.data_dir or os.environ.get("UPHELD_DATABASE_URL")
    if (options.reuse or options.keep_database) and not stays:
        parser.error("name the place that stays: --data-dir DIR, or UPHELD_DATABASE_URL")


def _settle(options: argparse.Namespace) -> None:
    options.sizes = sorted(options.sizes or ([2_000] if options.quick else [10_000, 100_000]))
    if options.reuse:
        options.sizes = options.sizes[-1:]
    if options.plans:
        options.only = (*options.only, "plans")
    options.times = 10 if options.quick else 100
    options.clocks = 20 if options.quick else 60
    options.mails = 200 if options.quick else 2_000
    options.effort = QUICK if options.quick else FULL
    options.replies = (10, 24, 64) if options.quick else (60, 160, 320)


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.replace("_", "").split(",")]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _families(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(FAMILIES):
        raise argparse.ArgumentTypeError(f"no such family: {', '.join(sorted(unknown))}")
    return chosen


if __name__ == "__main__":
    main()
