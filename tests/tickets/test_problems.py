"""One problem behind many tickets: its cadence runs once, and what is told to all counts on each."""

from datetime import timedelta

import pytest
from django.db.models import F

from harness.cast import LOOKING, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice
from upheld.people.models import Agent
from upheld.policy import pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    broadcast,
    describe_workaround,
    follow_problem,
    join_problem,
    leave_problem,
    open_problem,
    receive_message,
    reply,
    restrict_ticket,
    set_status,
    solve_problem,
)
from upheld.tickets.models import Affected, Broadcast, BroadcastCopy, Message, StoryEvent, Ticket
from upheld.tickets.problems import affected, audience, listed, problem_of, progress
from upheld.tickets.queries import QueueFilter, queue
from upheld.tickets.ticket_page import ticket_page
from upheld.tickets.versions import policy_of
from upheld.tickets.visibility import AgentViewer
from upheld.worker import broadcasts
from upheld.worker.broadcasts import Broadcaster
from upheld.worker.clocks import sweep

LONG_AGO = utc("2025-01-01 00:00")
EVERY_HOUR = """targets:
  - {id: told, metric: update, label: Update, every: 1 elapsed hour, runs_while_paused: true, assumed: true}
"""


@pytest.fixture
def telling(cast: Cast) -> Cast:
    """The desk promises an update every hour, day and night."""
    text = pack("school-devices").replace("\ntargets:\n", f"\n{EVERY_HOUR}", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests")
    return cast


def problem(
    cast: Cast, when: str = "2026-06-01 10:00", agent: Agent | None = None, **details: object
) -> Ticket:
    return open_problem(
        cast.desk, agent or cast.bob, "The sign-in server is down", "Seen in the logs.", at(when), **details
    )


def clocks(ticket: Ticket, metric: str = "update") -> list[dict]:
    standing = Ticket.objects.get(pk=ticket.pk).standing
    return [each for each in standing["clocks"] if each["metric"] == metric]


def told(ticket: Ticket, kind: str) -> list[StoryEvent]:
    return list(StoryEvent.objects.filter(ticket=ticket, kind=kind).order_by("seq"))


def breaches(ticket: Ticket, metric: str = "update") -> list:
    rows = StoryEvent.objects.filter(
        ticket=ticket, kind="verdict", data__metric=metric, data__verdict="breached"
    )
    return list(rows.order_by("at").values_list("at", flat=True))


def sees(agent: Agent) -> AgentViewer:
    return AgentViewer.of(agent)


def test_a_problem_is_a_ticket_of_the_desks_own_with_a_cadence_and_no_response(telling):
    opened = problem(telling, priority="high")
    assert {each["metric"] for each in opened.standing["clocks"]} <= {"update", "resolution"}
    assert clocks(opened)[0]["due_at"] == "2026-06-01T11:00:00.000000Z"
    assert (opened.priority, opened.assignee) == ("high", telling.bob)
    assert not opened.participants.exists()
    sweep(utc("2026-06-01 11:30"))
    assert breaches(opened) == [utc("2026-06-01 11:00")]
    assert set(Notice.objects.values_list("to_address", flat=True)) == {telling.bob.address}


def test_nobody_replies_to_a_problem_nor_restricts_it(telling):
    opened = problem(telling)
    with pytest.raises(Refused):
        reply(opened.pk, telling.bob, "Hello?", at("2026-06-01 10:10"))
    with pytest.raises(Refused):
        restrict_ticket(opened.pk, telling.ada, "secret", at("2026-06-01 10:10"))


def test_the_cadence_runs_once_on_the_problem_and_its_alerts_come_once(telling):
    tickets = [telling.writes("2026-06-01 09:30", subject=f"No sign-in {number}") for number in range(3)]
    opened = problem(telling, tickets=[each.pk for each in tickets])
    (clock,) = clocks(tickets[0])
    assert (clock["state"], clock["due_at"]) == ("paused", None)
    assert clock["pause_reason"] == f"told together with problem {opened.number}"
    while sweep(utc("2026-06-01 13:30")):
        pass
    assert [breaches(each) for each in tickets] == [[], [], []]
    assert len(breaches(opened)) == 3
    assert {each.ticket_id for each in Notice.objects.filter(kind="breach", data__metric="update")} == {
        opened.pk
    }


def test_a_ticket_that_leaves_goes_on_where_it_stopped(telling):
    ticket = telling.writes("2026-06-01 09:30")
    opened = problem(telling, tickets=[ticket.pk])
    leave_problem(opened.pk, ticket.pk, telling.lena, at("2026-06-01 15:00"))
    assert clocks(ticket)[-1]["due_at"] == "2026-06-01T15:30:00.000000Z"
    assert [each.data["number"] for each in told(ticket, "problem_left")] == [opened.number]
    assert [each.data["number"] for each in told(opened, "unaffected")] == [ticket.number]
    assert not affected(sees(telling.bob), opened.pk).exists()


def test_what_cannot_have_a_problem_is_refused_and_nothing_is_written(telling, charlie):
    ticket, other = telling.writes("2026-06-01 09:00"), telling.writes("2026-06-01 09:01")
    opened, second = problem(telling, tickets=[ticket.pk]), problem(telling, "2026-06-01 10:01")
    moment = at("2026-06-01 11:00")
    for chosen in ([other.pk, ticket.pk], [other.pk, opened.pk]):
        with pytest.raises(Refused):
            join_problem(second.pk, telling.bob, chosen, moment)
    assert not Affected.objects.filter(problem=second.pk).exists()
    with pytest.raises(Refused):
        join_problem(ticket.pk, telling.bob, [other.pk], moment)
    with pytest.raises(NotAllowed):
        join_problem(opened.pk, charlie, [other.pk], moment)
    assert join_problem(opened.pk, telling.bob, [ticket.pk], moment) == []
    set_status(second.pk, telling.bob, "resolved", moment)
    with pytest.raises(Refused):
        join_problem(second.pk, telling.bob, [other.pk], moment)


def test_a_broadcast_stands_in_every_thread_is_mailed_and_counts_at_the_press_of_send(telling):
    tickets = [telling.writes("2026-06-01 09:30", subject=f"No sign-in {number}") for number in range(3)]
    opened = problem(telling, tickets=[each.pk for each in tickets])
    sent = broadcast(opened.pk, telling.lena, "We found the cause.", at("2026-06-01 10:40"))
    assert not Message.objects.filter(ticket__in=tickets, kind="reply").exists()
    assert clocks(opened)[-1]["due_at"] == "2026-06-01T11:40:00.000000Z"
    # The desk is looked at before the worker wrote anything, when a first response would be late.
    due = Ticket.objects.get(pk=tickets[0].pk).next_due_at
    late = due + timedelta(hours=2)
    sweep(late)
    assert breaches(tickets[0], "first_response") == []
    assert Broadcaster().look(late) == 3
    for ticket in tickets:
        message = Message.objects.get(ticket=ticket, kind="reply")
        assert (message.at, message.agent, message.text) == (sent.at, telling.lena, "We found the cause.")
        (clock,) = clocks(ticket, "first_response")
        assert (clock["verdict"], clock["verdict_at"]) == ("met", "2026-06-01T10:40:00.000000Z")
        assert (
            Notice.objects.filter(ticket_id=ticket.pk, kind="reply", to_address=telling.amina.address).count()
            == 1
        )
    assert Broadcast.objects.get().finished_at == late
    while sweep(late):
        pass
    assert breaches(tickets[0], "first_response") == breaches(tickets[0]) == []


def test_every_copy_is_written_once_however_often_somebody_looks_and_a_poisoned_one_holds_up_nobody(
    telling, monkeypatch
):
    tickets = [telling.writes("2026-06-01 09:30", subject=f"No sign-in {number}") for number in range(5)]
    opened = problem(telling, tickets=[each.pk for each in tickets])
    broadcast(opened.pk, telling.lena, "We found the cause.", at("2026-06-01 10:40"))
    real, poisoned = broadcasts.write_copies, tickets[2].pk

    def write_copies(ids, moment):
        if BroadcastCopy.objects.filter(pk__in=ids, ticket=poisoned).exists():
            raise RuntimeError("a broken ticket")
        return real(ids, moment)

    monkeypatch.setattr(broadcasts, "write_copies", write_copies)
    worker = Broadcaster()
    assert [worker.look(utc("2026-06-01 10:41")) for _ in range(3)] == [4, 0, 0]
    shown = progress(sees(telling.bob), [Broadcast.objects.get().pk])[Broadcast.objects.get().pk]
    assert (shown.told, shown.waiting, shown.failing) == (4, 1, 1)
    assert sweep(utc("2026-06-01 12:00")) > 0
    monkeypatch.setattr(broadcasts, "write_copies", real)
    assert [worker.look(utc("2026-06-01 12:30")), worker.look(utc("2026-06-01 12:31"))] == [1, 0]
    assert Message.objects.filter(kind="reply", ticket__in=tickets).count() == 5
    assert {each.message.ticket_id for each in BroadcastCopy.objects.all()} == {each.pk for each in tickets}


def test_done_tickets_are_told_too_unless_they_are_left_out(telling):
    done, still = telling.writes("2026-06-01 09:00"), telling.writes("2026-06-01 09:01")
    opened = problem(telling, tickets=[done.pk, still.pk])
    set_status(done.pk, telling.bob, "resolved", at("2026-06-01 10:10"))
    reached = audience(sees(telling.bob), opened.pk)
    assert (reached.open, reached.done, reached.all) == (1, 1, 2)
    broadcast(opened.pk, telling.bob, "Half of it works.", at("2026-06-01 10:20"))
    broadcast(opened.pk, telling.bob, "All but one.", at("2026-06-01 10:30"), but_done=True)
    with pytest.raises(Refused):
        broadcast(opened.pk, telling.bob, "Nobody.", at("2026-06-01 10:30"), but_done=True, but=[still.pk])
    while Broadcaster().look(utc("2026-06-01 10:31")):
        pass
    texts = Message.objects.filter(ticket=done, kind="reply").values_list("text", flat=True)
    assert list(texts) == ["Half of it works."]
    assert Message.objects.filter(ticket=still, kind="reply").count() == 2


def test_solving_it_tells_all_and_resolves_them_at_one_instant(telling):
    tickets = [telling.writes("2026-06-01 09:00"), telling.writes("2026-06-01 09:01")]
    opened = problem(telling, tickets=[each.pk for each in tickets])
    solve_problem(
        opened.pk, telling.bob, "resolved", at("2026-06-01 10:30"), text="It works.", resolves="resolved"
    )
    assert Ticket.objects.get(pk=opened.pk).status == "resolved"
    # Amina was quicker than the worker: what she wrote afterwards opens her ticket again.
    receive_message(tickets[0].pk, telling.answer_of_amina("2026-06-01 10:31"), at("2026-06-01 10:31"))
    while Broadcaster().look(utc("2026-06-01 10:35")):
        pass
    first, second = (Ticket.objects.get(pk=each.pk) for each in tickets)
    assert (first.status_category, second.status) == ("open", "resolved")
    assert [each.at for each in told(second, "status")] == [utc("2026-06-01 10:30")]


def test_a_worker_at_the_very_instant_of_solving_writes_nothing_down_before_it_held(telling):
    tickets = [telling.writes("2026-06-01 09:30"), telling.writes("2026-06-01 09:40")]
    opened = problem(telling, tickets=[each.pk for each in tickets])
    solve_problem(
        opened.pk, telling.bob, "resolved", at("2026-06-01 10:30"), text="It works.", resolves="resolved"
    )
    while Broadcaster().look(utc("2026-06-01 10:30")):
        pass
    assert [told(each, "problem_left")[0].data["because"] for each in tickets] == ["solved", "solved"]
    too_early = StoryEvent.objects.filter(at__gt=F("recorded_at")).exclude(data__has_key="held_at")
    assert list(too_early.order_by("ticket_id", "seq").values_list("kind", "at")) == []


def test_tickets_that_are_not_resolved_with_it_owe_updates_of_their_own_again(telling):
    ticket = telling.writes("2026-06-01 09:30")
    opened = problem(telling, tickets=[ticket.pk])
    solve_problem(opened.pk, telling.bob, "resolved", at("2026-06-01 12:00"))
    worker = Broadcaster()
    assert [worker.look(utc("2026-06-01 12:10")), worker.look(utc("2026-06-01 12:10"))] == [1, 0]
    assert clocks(ticket)[-1]["due_at"] == "2026-06-01T12:30:00.000000Z"
    assert told(ticket, "problem_left")[0].at == utc("2026-06-01 12:00")
    assert problem_of(sees(telling.bob), ticket) is not None
    solved = Ticket.objects.get(pk=opened.pk)
    policy = policy_of(solved)
    again = next(each for each in policy.moves(solved.status) if not policy.status(each).is_done)
    set_status(opened.pk, telling.bob, again, at("2026-06-01 12:20"))
    assert follow_problem(opened.pk, at("2026-06-01 12:25")) == 1
    assert clocks(ticket)[-1]["pause_reason"] == f"told together with problem {opened.number}"


def test_only_readers_see_that_a_restricted_ticket_has_a_problem_and_only_they_reach_it(telling):
    plain, secret = telling.writes("2026-06-01 09:00"), telling.writes("2026-06-01 09:01")
    telling.reads_what_is_restricted(telling.lena)
    restrict_ticket(secret.pk, telling.bob, "about a pupil", at("2026-06-01 09:30"))
    opened = problem(telling, tickets=[plain.pk])
    assert join_problem(opened.pk, telling.bob, [secret.pk], at("2026-06-01 10:10")) == []
    join_problem(opened.pk, telling.lena, [secret.pk], at("2026-06-01 10:15"))
    for agent, count in ((telling.bob, 1), (telling.ada, 1), (telling.lena, 2)):
        viewer = sees(agent)
        assert affected(viewer, opened.pk).count() == count
        assert listed(viewer, solved=False).get().affects == count
        assert audience(viewer, opened.pk).all == count
    page = ticket_page(sees(telling.bob), opened.number, utc("2026-06-01 11:00"))
    assert secret.number not in str([each.data for each in page.story])
    assert clocks(secret)[-1]["state"] != "paused"
    broadcast(opened.pk, telling.bob, "From Bob.", at("2026-06-01 10:20"))
    broadcast(opened.pk, telling.lena, "From Lena.", at("2026-06-01 10:30"))
    while Broadcaster().look(utc("2026-06-01 10:31")):
        pass
    texts = Message.objects.filter(ticket=secret, kind="reply").values_list("text", flat=True)
    assert list(texts) == ["From Lena."]
    sent = list(Broadcast.objects.order_by("pk").values_list("pk", flat=True))
    assert [progress(sees(telling.bob), sent)[each].told for each in sent] == [1, 1]


def test_the_workaround_is_kept_with_the_problem(telling):
    ticket = telling.writes("2026-06-01 09:00")
    opened = problem(telling, tickets=[ticket.pk])
    describe_workaround(opened.pk, telling.bob, "Use the other door.", at("2026-06-01 10:10"))
    found = problem_of(sees(telling.bob), ticket)
    assert found is not None and found.workaround == "Use the other door."
    assert [each.data["is_there"] for each in told(opened, "workaround")] == [True]


def test_problems_stand_in_the_queue_like_tickets(telling):
    opened = problem(telling)
    assert opened.pk in [each.pk for each in queue(sees(telling.bob), QueueFilter(), LOOKING).tickets]
    assert [
        each.pk for each in queue(sees(telling.bob), QueueFilter(text="sign-in server"), LOOKING).tickets
    ] == [opened.pk]
