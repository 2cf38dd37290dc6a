"""Searches are kept by name: for oneself, or for everybody on the desk."""

import pytest

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.models import AuditEntry
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.rules.queue_query import parse
from upheld.tickets.actions import Refused, change_queue, delete_queue, keep_queue, move_queue
from upheld.tickets.models import SavedQueue
from upheld.tickets.saved_queues import MOST, is_counted, saved_queues
from upheld.tickets.visibility import AgentViewer

NOW = utc("2026-03-20 16:30")


def names(agent: Agent) -> list[str]:
    return [each.name for each in saved_queues(AgentViewer.of(agent))]


def keep(
    cast: Cast, agent: Agent, name: str, query: str = "assignee:me", *, shared: bool = False
) -> SavedQueue:
    return keep_queue(agent, cast.desk, name, query, NOW, shared=shared)


def test_ones_own_queues_are_nobody_elses_and_shared_ones_come_first(cast: Cast, charlie: Agent) -> None:
    keep(cast, cast.bob, "Mine today")
    keep(cast, cast.lena, "Hot", shared=True)
    keep(cast, cast.lena, "Lena's")
    assert names(cast.bob) == ["Hot", "Mine today"]
    assert names(cast.lena) == ["Hot", "Lena's"]
    assert names(charlie) == []


def test_only_those_who_lead_share_and_what_is_shared_is_in_the_audit(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        keep(cast, cast.bob, "Hot", shared=True)
    shared = keep(cast, cast.lena, "Hot", "due:<2h", shared=True)
    for act in (
        lambda: change_queue(shared.pk, cast.bob, "Cold", "due:none", NOW),
        lambda: move_queue(shared.pk, cast.bob, "up", NOW),
        lambda: delete_queue(shared.pk, cast.bob, NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    change_queue(shared.pk, cast.ada, "Hotter", "due:<1h", NOW)
    delete_queue(shared.pk, cast.lena, NOW)
    keep(cast, cast.bob, "Mine")
    told = AuditEntry.objects.filter(action__startswith="queue ").order_by("pk")
    assert [(each.action, each.subject, each.actor) for each in told] == [
        ("queue shared", "Hot", "lena@desk.example.com"),
        ("queue changed", "Hotter", "ada@desk.example.com"),
        ("queue deleted", "Hotter", "lena@desk.example.com"),
    ]


def test_nobody_touches_the_queue_of_somebody_else(cast: Cast) -> None:
    own = keep(cast, cast.bob, "Mine")
    with pytest.raises(SavedQueue.DoesNotExist):
        delete_queue(own.pk, cast.ada, NOW)
    with pytest.raises(SavedQueue.DoesNotExist):
        change_queue(own.pk, cast.ada, "Mine", "is:open", NOW)


def test_queues_change_places_within_their_group(cast: Cast) -> None:
    first, second, third = (keep(cast, cast.bob, name) for name in ("One", "Two", "Three"))
    keep(cast, cast.lena, "Shared", shared=True)
    move_queue(third.pk, cast.bob, "up", NOW)
    move_queue(first.pk, cast.bob, "down", NOW)
    assert names(cast.bob) == ["Shared", "Three", "One", "Two"]
    move_queue(second.pk, cast.bob, "down", NOW)
    assert names(cast.bob) == ["Shared", "Three", "One", "Two"]


@pytest.mark.parametrize(
    ("name", "query"),
    [("", "is:open"), ("x" * 61, "is:open"), ("Hot", ""), ("Hot", "due:<2"), ("Hot", "word " * 101),
     ("Taken", "is:open")],
)  # fmt: skip
def test_what_is_no_name_or_no_query_is_refused(cast: Cast, name: str, query: str) -> None:
    keep(cast, cast.bob, "Taken")
    with pytest.raises(Refused):
        keep(cast, cast.bob, name, query)
    assert names(cast.bob) == ["Taken"]


def test_there_is_an_end_to_how_many_somebody_keeps(cast: Cast) -> None:
    SavedQueue.objects.bulk_create(
        SavedQueue(desk=cast.desk, agent=cast.bob, name=f"Queue {index}", query="is:open", made_at=LONG_AGO)
        for index in range(MOST)
    )
    with pytest.raises(Refused, match="Delete one"):
        keep(cast, cast.bob, "One more")


@pytest.mark.parametrize(
    "text",
    ["assignee:me", "assignee:none priority:low", "due:<2h", "due:overdue,today", "tag:billing status:open",
     "from:anna@example.org", "is:snoozed", "is:overdue", "field.serial:A12", "due:2026-11-22"],
)  # fmt: skip
def test_what_an_index_holds_is_counted(text: str) -> None:
    assert is_counted(parse(text))


@pytest.mark.parametrize(
    "text",
    ["", "priority:low", "status:open", "printer", "tag:billing printer", "-assignee:me", "-tag:billing", "due:>1d",
     "due:none", "is:open", "is:any", "created:<3d", "customer:acme", "has:attachment", "due:>2026-11-22"],
)  # fmt: skip
def test_what_would_mean_to_look_at_everything_is_not(text: str) -> None:
    assert not is_counted(parse(text))
