"""Every address and every command of the program is in the table, and every entry of the table is tried.

A new one without an entry fails here: add it to `permission_matrix.py` under those who shall get in."""

from collections.abc import Iterator

import pytest
import time_machine
from desk_twice import NOW, ORDINARY, RESTRICTED, DeskTwice, build
from django.db import transaction
from doors import Route, knock, routes
from permission_matrix import ALONE, COMMANDS, FORMS, PAGES, PEOPLE
from typer.main import get_command

from harness.cast import Cast
from upheld.config.cli import app
from upheld.mailboxes.models import RawMail
from upheld.people.models import Agent

# What an address says about a ticket that may be restricted.
_OF_A_TICKET = {
    "attachment_id",
    "file_id",
    "held_id",
    "link_id",
    "mail_id",
    "message_id",
    "notice_id",
    "number",
    "participant_id",
    "receipt",
    "token",
}


@pytest.fixture
def world(cast: Cast, charlie: Agent) -> Iterator[DeskTwice]:
    with time_machine.travel(NOW, tick=False):
        yield build(cast, charlie)


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    names = [each.name for each in routes()]
    assert set(names) == PAGES.keys() | FORMS.keys()
    assert len(set(names)) == len(names), "two addresses of one name"


def test_every_command_has_an_entry_and_every_entry_a_command() -> None:
    assert set(_commands(get_command(app), "")) == COMMANDS.keys()


def _commands(command: object, before: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield before.strip()
        return
    for name, each in inner.items():
        yield from _commands(each, f"{before} {name}")


@pytest.mark.parametrize(("method", "table"), [("GET", PAGES), ("POST", FORMS)])
def test_who_is_let_in_is_who_stands_in_the_table(
    world: DeskTwice, method: str, table: dict[str, tuple[str, str]]
) -> None:
    wrong = []
    for route in routes():
        allowed = table.get(route.name, ("", ""))
        for kind, expected in zip(_kinds(route), allowed, strict=False):
            found = "".join(_let_in(world, method, route, kind, expected))
            if found != expected:
                wrong.append(
                    f"{method} {route.name} ({kind}): {found or 'nobody'}, not {expected or 'nobody'}"
                )
    assert not wrong, "\n".join(wrong)


def _kinds(route: Route) -> tuple[str, ...]:
    """An address that names no ticket is asked once."""
    about = _OF_A_TICKET.intersection(route.placeholders) and not route.name.startswith("policy_")
    return (ORDINARY, RESTRICTED) if about else (ORDINARY,)


def _let_in(world: DeskTwice, method: str, route: Route, kind: str, expected: str) -> Iterator[str]:
    address = route.address(world.values[kind])
    # Where nobody is let in by this method, those who may do most stand for all.
    asked = PEOPLE if expected else {who: PEOPLE[who] for who in ALONE}
    for who, letter in asked.items():
        with transaction.atomic():
            if knock(world.clients[who], method, address):
                yield letter
            transaction.set_rollback(True)


def test_what_commands_print_of_a_restricted_ticket_is_its_number(world: DeskTwice) -> None:
    """The commands in the table that say "number": what they print comes from these."""
    from upheld.config.commands import mail_kept
    from upheld.mailboxes.queries import MailFilter, mail_page, outgoing_page
    from upheld.mailboxes.visibility import MachineViewer

    RawMail.objects.update(from_address="amina@school.example.org", subject="What nobody shall see")
    mails = mail_page(MachineViewer(), MailFilter()).mails
    printed = {
        each.ticket.restricted: f"{mail_kept._mail_cells(each)} {mail_kept._mail_data(each)}"
        for each in mails
    }
    notices = outgoing_page(MachineViewer(), "failed").notices
    mail_kept._hide_recipients(notices)
    for notice in notices:
        printed[notice.ticket_id == world.values[RESTRICTED]["ticket"].pk] += str(
            mail_kept._notice_cells(notice)
        )
    assert world.values[RESTRICTED]["number"] in printed[True]
    for words in ("amina", "nobody shall see"):
        assert words in printed[False]
        assert words not in printed[True]
