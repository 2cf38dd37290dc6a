"""always-on: a page at three at night, whoever is on call, and one problem behind three tickets."""

from datetime import UTC, datetime

from tour.camera import Camera
from tour.house import House
from tour.life import Life, open_ledger

BEGINS = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """The night to Thursday 12 March 2026."""
    from upheld.tickets.actions import (
        acknowledge_page,
        broadcast,
        describe_workaround,
        join_problem,
        open_problem,
        set_status,
        solve_problem,
    )
    from upheld.tickets.keys import page_token
    from upheld.tickets.models import Page

    life = Life(house, camera, "always-on")
    ticket = life.asks(
        "anders",
        "2026-03-12 03:12",
        "Nightly import has not run",
        "The import of three o'clock is missing. The log says “store not writable”. At six our drivers "
        "load by its lists.\n\n"
        "Anders Holm",
        channel="portal",
        priority="critical",
    )
    page = f"/tickets/{ticket.number}/"
    called = Page.objects.get(ticket=ticket)
    life.at("2026-03-12 03:19")
    life.seen_by_agent("1-paged", "jess", page, dark=True)
    token = page_token(called.pk, life.agent("jess").pk)
    life.seen_by_agent("2-acknowledge", "jess", f"/pages/{token}/", phone=True, dark=True)
    acknowledge_page(called.pk, life.agent("jess"), life.at("2026-03-12 03:20"))
    life.takes("jess", "2026-03-12 03:21", ticket)
    life.answers(
        "jess",
        "2026-03-12 03:24",
        ticket,
        "Anders, I see it: the store that takes the imports is full. I am making room and write again "
        "within the hour.\n\nJess",
        "in_progress",
    )
    rota = life.desk.rotas.get()
    life.seen_by_agent("3-on-call", "dana", f"/desk/rotas/{rota.pk}/")
    scans = life.asks(
        "mei",
        "2026-03-12 03:40",
        "Uploading a scan ends with “cannot write”",
        "Our night ward cannot upload scans. The bar runs to the end, and then it says “cannot write”.",
        channel="portal",
        priority="high",
    )
    export = life.asks(
        "ottoline",
        "2026-03-12 03:44",
        "Export hangs at 100 percent",
        "The export for the early round stands at 100 percent for half an hour, and there is no file.",
        channel="portal",
        priority="high",
    )
    problem = open_problem(
        life.desk,
        life.agent("jess"),
        "The store of the imports takes no files",
        "One volume is full and refuses every write. Imports, uploads and exports share it.",
        life.at("2026-03-12 03:50"),
        priority="critical",
        tickets=[ticket.pk],
    )
    life.done()
    # A critical problem calls whoever is on call, too.
    acknowledge_page(Page.objects.get(ticket=problem).pk, life.agent("jess"), life.at("2026-03-12 03:51"))
    for each in (scans, export):
        life.takes("jess", "2026-03-12 03:51", each)
        set_status(each.pk, life.agent("jess"), "in_progress", life.at("2026-03-12 03:51"))
    join_problem(problem.pk, life.agent("jess"), [scans.pk, export.pk], life.at("2026-03-12 03:52"))
    helps = "Files up to 20 MB can be mailed to the import address; they take another way and arrive at once."
    describe_workaround(problem.pk, life.agent("jess"), helps, life.at("2026-03-12 03:55"))
    _telling(life, problem)
    broadcast(problem.pk, life.agent("jess"), _FAILS, life.at("2026-03-12 04:02"))
    life.at("2026-03-12 04:10")
    life.seen_by_agent("4-problem", "jess", f"/tickets/{problem.number}/")
    life.seen_by_customer("5-told", "mei", scans)
    broadcast(problem.pk, life.agent("jess"), _HALF, life.at("2026-03-12 04:55"))
    done = "Hello,\n\nthe store takes files again, and everything that waited has been read."
    solve_problem(
        problem.pk,
        life.agent("jess"),
        "resolved",
        life.at("2026-03-12 05:35"),
        text=done,
        resolves="resolved",
    )
    life.done()
    life.at("2026-03-12 09:30")
    life.seen_by_agent(
        "6-ledger", "jess", page, part="section.clock:has(details[open])", before=open_ledger("Update")
    )
    life.proven(ticket)


_FAILS = (
    "Hello,\n\nimports, uploads and exports fail at the moment because one of our stores takes no files. "
    "Nothing is lost: what "
    "you sent waits and is read afterwards. Files up to 20 MB can be mailed to your import address "
    "meanwhile.\n\nWe write "
    "again within the hour."
)
_HALF = (
    "Hello,\n\nthe new volume is there and is being filled; we expect to be through before six. Next "
    "word within the "
    "hour."
)


def _telling(life: Life, problem) -> None:
    def write(page) -> None:
        page.locator("textarea").first.fill(_FAILS)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")

    life.seen_by_agent(
        "7-preview", "jess", f"/problems/{problem.number}/broadcast/", phone=True, before=write
    )
