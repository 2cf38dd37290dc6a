"""Mail servers and virus scanners open every link of a mail before its reader does, and some run its scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from harness.cast import Cast, at, utc
from upheld.mailboxes.outgoing.render import UndeliverableError, render
from upheld.notices.models import Notice
from upheld.people.models import User
from upheld.tickets import actions
from upheld.tickets.actions import Aside
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Ticket

_LINK = re.compile(r"https?://[^\s<>\"')]+")
# What every visit may leave behind.
_NOT_OURS = {"session"}


@pytest.fixture(autouse=True)
def an_hour_later(db: None) -> Iterator[None]:
    cache.clear()
    with time_machine.travel(utc("2026-03-20 10:00"), tick=False):
        yield
    cache.clear()


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))  # type: ignore[misc]
        for model in apps.get_models()
        if model._meta.model_name not in _NOT_OURS
    }


def links(cast: Cast) -> set[str]:
    """Every link of every letter that this desk has written, by whatever part of it."""
    found: set[str] = set()
    for notice in Notice.objects.order_by("pk"):
        try:
            mail = message_from_bytes(render(notice), policy=default)
        except UndeliverableError:
            continue
        found.update(_LINK.findall(str(mail["List-Unsubscribe"] or "")))
        for part in mail.walk():
            if part.get_content_maintype() == "text":
                found.update(_LINK.findall(part.get_content().replace("&amp;", "&")))
    return {each.rstrip(".,") for each in found if each.startswith(settings.UPHELD_URL)}


def test_a_robot_that_opens_every_link_of_every_letter_changes_nothing(cast: Cast) -> None:
    large = NewFile("plan.bin", "application/octet-stream", b"x" * 11 * 1024 * 1024)
    ticket = cast.writes("2026-03-20 09:00")
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-20 09:05"))
    actions.reply(
        ticket.pk,
        cast.bob,
        "Which PIN?",
        at("2026-03-20 09:10"),
        status="waiting_on_customer",
        files=(large,),
    )
    actions.write_note(ticket.pk, cast.bob, "@Lena what do you think?", at("2026-03-20 09:12"))
    actions.open_aside(
        ticket.pk,
        cast.bob,
        Aside("service@heron.example.net", "Part 4711", "Heron"),
        "Ten?",
        at("2026-03-20 09:15"),
    )
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 09:20"), at("2026-03-20 09:20"))
    actions.set_status(ticket.pk, cast.bob, "resolved", at("2026-03-20 09:30"))
    cast.amina.user = User.objects.create_user(cast.amina.address, None, cast.amina.name)
    cast.amina.save(update_fields=["user"])
    there = links(cast)
    assert len(there) >= 4
    robots = [Client(raise_request_exception=False) for _ in range(2)]
    # The reader's own browser, as some programs show a preview of where a link leads.
    robots[1].force_login(cast.amina.user)
    before = everything()
    for link in sorted(there):
        for robot in robots:
            for ask in (robot.head, robot.get):
                assert ask(link.removeprefix(settings.UPHELD_URL), follow=True).status_code in (200, 404), (
                    link
                )
        assert everything() == before, link
    assert Ticket.objects.get().status == "resolved"
