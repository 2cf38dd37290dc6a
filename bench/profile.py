"""Where the time of a page goes: `python -m bench.profile queue` asks for it some fifty times in one process and says
what Python, its templates and PostgreSQL take, and which functions take most by themselves."""

import argparse
import cProfile
import pstats
from collections.abc import Callable
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from bench.visits import Visit

_TOP = 25
_WAITING, _OTHERS = "waiting for PostgreSQL", "everything else"
# A function belongs to the first whose words are in its file's name.
_PARTS = {
    "templates": ("django/template", "templatetags", "django/utils/html", "django/utils/safestring"),
    "Django's models and SQL": ("django/db", "django/contrib/postgres"),
    "psycopg": ("psycopg",),
    "the rest of Django": ("django/",),
    "policy and clock": ("upheld/policy", "upheld/clock"),
    "Upheld's pages": ("upheld/web",),
    "the rest of Upheld": ("upheld/",),
}


def run(visit: "Visit", times: int) -> None:
    """Profile one page and print what was found."""
    client = _client(visit)
    for path in visit.paths[:3]:
        client.get(path)
    wall, processor, waited, asked = _untraced(client, visit, times)
    traced = cProfile.Profile()
    traced.enable()
    for place in range(times):
        client.get(visit.paths[place % len(visit.paths)])
    traced.disable()
    found = pstats.Stats(traced).stats  # type: ignore[attr-defined]
    console = Console(width=140)
    console.print(
        f"{visit.name}: {wall:.1f} ms a page; {processor:.1f} ms of them are this process's processor time, and"
        f" {waited:.1f} ms pass from sending its {asked:.0f} statements until they are answered"
    )
    console.print(_parts(found))
    console.print(_functions(found, times))


def _client(visit: "Visit") -> Client:
    from bench.desk import signed_in

    client = Client(SERVER_NAME="127.0.0.1")
    if visit.people:
        client.cookies["sessionid"] = signed_in(visit.people[0])
    return client


def _untraced(client: Client, visit: "Visit", times: int) -> tuple[float, float, float, float]:
    """Milliseconds a page, of Python's processor time and of statements, and the number of those."""
    waited, asked = 0.0, 0

    def note(execute: Callable[..., Any], *told: Any) -> Any:
        nonlocal waited, asked
        began = perf_counter()
        try:
            return execute(*told)
        finally:
            waited += perf_counter() - began
            asked += 1

    with connection.execute_wrapper(note):
        began, spent = perf_counter(), process_time()
        for place in range(times):
            client.get(visit.paths[place % len(visit.paths)])
        wall, processor = perf_counter() - began, process_time() - spent
    return wall * 1000 / times, processor * 1000 / times, waited * 1000 / times, asked / times


def _parts(found: dict[Any, Any]) -> Table:
    """By whose code the time is spent; C functions count for whoever calls them."""
    spent = dict.fromkeys([*_PARTS, _WAITING, _OTHERS], 0.0)
    for (file, _, name), (_, _, own, _, callers) in found.items():
        if name == "wait" and "psycopg" in file:
            spent[_WAITING] += own
        elif file != "~":
            spent[_part(file)] += own
        else:
            for (calling, _, _), (_, _, share, _) in callers.items():
                spent[_part(calling)] += share
    whole = sum(spent.values()) or 1.0
    table = Table(title="By whose code, while traced", title_justify="left")
    table.add_column("of")
    table.add_column("share", justify="right")
    for name, seconds in sorted(spent.items(), key=lambda each: -each[1]):
        table.add_row(name, f"{100 * seconds / whole:.0f} %")
    return table


def _part(file: str) -> str:
    return next((part for part, words in _PARTS.items() if any(word in file for word in words)), _OTHERS)


def _functions(found: dict[Any, Any], times: int) -> Table:
    table = Table(title="By function, its own time", title_justify="left")
    for heading in ("ms a page", "with what it calls", "calls a page", "function"):
        table.add_column(heading, justify="left" if heading == "function" else "right")
    for (file, line, name), (_, calls, own, whole, _) in sorted(found.items(), key=lambda each: -each[1][2])[
        :_TOP
    ]:
        where = name if file == "~" else f"{'/'.join(file.split('/')[-3:])}:{line} {name}"
        table.add_row(
            f"{own * 1000 / times:.2f}", f"{whole * 1000 / times:.2f}", f"{calls / times:,.0f}", where
        )
    return table


def main() -> None:
    from bench.__main__ import add_places, refuse_to_lose
    from bench.places import places

    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("page", help="the beginning of its name, as in queue, ticket, portal")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument(
        "--size", type=int, default=20_000, help="how many tickets are seeded, unless --reuse is said"
    )
    add_places(parser)
    options = parser.parse_args()
    refuse_to_lose(parser, options)
    with places(options.data_dir, keeps=options.keep_database or options.reuse) as found:
        import django

        django.setup()
        from bench import desk
        from bench.visits import visits

        measured = desk.ready(found.server, options.size, reuse=options.reuse)
        chosen = [each for each in visits(measured) if each.name.startswith(options.page) and not each.absent]
        if not chosen:
            parser.error(f"there is no page whose name begins with {options.page!r}")
        run(chosen[0], options.times)


if __name__ == "__main__":
    main()
