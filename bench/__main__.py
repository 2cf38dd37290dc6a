"""Run all measurements, print them, and write them to bench/results/."""

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from rich.console import Console

from bench import report
from bench.places import Places, places
from bench.row import Row

FAMILIES = ("clock", "policy", "desk", "browser", "due", "processes")
SOURCE = 1
_console = Console(stderr=True)


def main() -> None:
    options = _options()
    at = datetime.now(UTC)
    with places() as found:
        import django

        django.setup()
        from bench.machine import machine

        rows = list(_rows(options, found))
        report.show(rows)
        path = report.keep(rows, machine(), at)
    _console.print(f"Written to {path}")


def _rows(options: argparse.Namespace, found: Places) -> Iterator[Row]:
    runs: dict[str, Callable[[], Iterator[Row]]] = {
        "clock": _clock,
        "policy": _policy,
        "processes": lambda: _processes(options, found),
        "desk": lambda: _desk(options),
        "due": lambda: _due(options),
    }
    for family, run in runs.items():
        if family in options.only:
            _console.print(f"Measuring: {family}")
            yield from run()


def _clock() -> Iterator[Row]:
    from bench import clock

    return clock.run()


def _policy() -> Iterator[Row]:
    from bench import evaluation

    return evaluation.run()


def _processes(options: argparse.Namespace, found: Places) -> Iterator[Row]:
    from bench import processes

    return processes.run(found.folder / "demo", found.demo_url, options.mails)


def _desk(options: argparse.Namespace) -> Iterator[Row]:
    """Pages and search at each size; the sweep, which changes every open ticket, at the largest."""
    from bench import browser, pages, search, sweep
    from upheld.lab.generator import seed
    from upheld.lab.generator.database import use_bench_database

    for size in options.sizes:
        use_bench_database(afresh=True)
        now = datetime.now(UTC)
        desk = seed(size, messages=3, now=now, progress=lambda *told: None, source=SOURCE)
        name = f"{size:,} tickets"
        yield from pages.run(desk, name, options.times)
        yield from search.run(name, options.times, SOURCE)
        if "browser" in options.only:
            yield from browser.run(desk, name, options.times)
    yield from sweep.run(name)


def _due(options: argparse.Namespace) -> Iterator[Row]:
    """Tickets that all fall due at one instant: the worst minute that a worker can have."""
    from bench import due
    from upheld.lab.generator import seed
    from upheld.lab.generator.database import use_bench_database
    from upheld.lab.generator.lives import unanswered

    count = max(options.sizes)
    use_bench_database(afresh=True)
    # A Monday morning of the desk that is measured.
    at = datetime(2026, 3, 16, 10, tzinfo=UTC)
    seed(count, messages=1, now=at, progress=lambda *told: None, source=SOURCE, made=unanswered)
    yield from due.run(count, f"{count:,} tickets")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes: minutes instead of a quarter of an hour"
    )
    parser.add_argument("--sizes", type=_numbers, help="tickets, as in 10000,100000")
    parser.add_argument("--only", type=_families, default=FAMILIES, help=f"some of {','.join(FAMILIES)}")
    options = parser.parse_args()
    options.sizes = options.sizes or ([2_000] if options.quick else [10_000, 100_000])
    options.times = 20 if options.quick else 100
    options.mails = 200 if options.quick else 2_000
    return options


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.replace("_", "").split(",")]


def _families(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(FAMILIES):
        raise argparse.ArgumentTypeError(f"no such family: {', '.join(sorted(unknown))}")
    return chosen


if __name__ == "__main__":
    main()
