"""Whom a ticket waits for: it is noted, looked after once a business day, told to the customer, and it ends."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from harness.cast import LONG_AGO, LOOKING, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent
from upheld.policy import Metric, Verdict, pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    ThirdParty,
    add_outside_work,
    assign,
    change_outside_work,
    change_third_party,
    give_up_third_party,
    remind_of_third_party,
    remove_outside_work,
    reply,
    restrict_ticket,
    set_status,
    tell_it_works_again,
    watch_third_party,
)
from upheld.tickets.letters import current_clock
from upheld.tickets.models import Message, OutsideWork, Reader, StoryEvent, ThirdPartyWait, Ticket
from upheld.tickets.pen import Pen
from upheld.tickets.queries import QueueFilter, queue
from upheld.tickets.third_parties import watched
from upheld.tickets.visibility import AgentViewer
from upheld.worker.third_parties import ThirdPartySweeper

# Friday, half past four in London.
NOW = "2026-03-20 16:30"
PROMISED = "2026-03-24 15:00"
MAKER = ThirdParty(name="Heron Displays", reference="INC-4711", promised_at=utc(PROMISED))
WAITING = "waiting_on_third_party"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Bob has answered it."""
    ticket = cast.writes("2026-03-20 14:00")
    assign(ticket.pk, cast.bob, cast.bob, at("2026-03-20 14:05"))
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-20 15:00"))
    return ticket


@pytest.fixture
def wait(cast: Cast, ticket: Ticket) -> ThirdPartyWait:
    return watch_third_party(ticket.pk, cast.bob, MAKER, at(NOW), status=WAITING)


def sweep(when: str) -> int:
    return ThirdPartySweeper().sweep(utc(when))


def told() -> list[tuple[str, str]]:
    notices = Notice.objects.filter(kind=NoticeKind.THIRD_PARTY).order_by("pk")
    return [(each.to_address, each.data["at"][:16]) for each in notices]


def said_of(ticket: Ticket) -> list[str]:
    events = StoryEvent.objects.filter(ticket=ticket, kind="third_party").order_by("at", "seq")
    return [each.data["what"] for each in events]


def mail(kind: NoticeKind) -> str:
    return _read(Notice.objects.filter(kind=kind).latest("pk")).get_body(("plain",)).get_content()


def _read(notice: Notice) -> EmailMessage:
    return message_from_bytes(render(notice), policy=default)


def test_it_is_noted_and_the_clocks_stand_in_the_same_step(ticket: Ticket, wait: ThirdPartyWait) -> None:
    ticket.refresh_from_db()
    assert ticket.status == WAITING
    assert (wait.begun_at, wait.remind_at) == (utc(NOW), utc(PROMISED))
    clock = current_clock(Pen.on(ticket.pk, at("2026-03-23 12:00")).standing(), Metric.resolution)
    assert clock.paused_since == utc(NOW)
    assert said_of(ticket) == ["watched"]


def test_the_status_may_stay_as_it_is(cast: Cast, ticket: Ticket) -> None:
    before = Ticket.objects.get(pk=ticket.pk).status
    watch_third_party(ticket.pk, cast.bob, MAKER, at(NOW))
    assert Ticket.objects.get(pk=ticket.pk).status == before


def test_without_a_promise_the_desk_is_reminded_on_the_next_business_day(cast: Cast, ticket: Ticket) -> None:
    wait = watch_third_party(ticket.pk, cast.bob, ThirdParty(name="Heron Displays"), at(NOW))
    # The desk opens on Monday at half past seven.
    assert wait.remind_at == utc("2026-03-23 08:30")


@pytest.mark.parametrize(
    "noted",
    [
        ThirdParty(name="  "),
        ThirdParty(name="Heron", url="javascript:alert(1)"),
        ThirdParty(name="Heron", url="https://"),
        ThirdParty(name="Heron", promised_at=utc("2026-03-20 16:00")),
        ThirdParty(name="Heron", remind_at=utc(NOW)),
        ThirdParty(name="Heron", reference="7" * 81),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(cast: Cast, ticket: Ticket, noted: ThirdParty) -> None:
    with pytest.raises(Refused):
        watch_third_party(ticket.pk, cast.bob, noted, at(NOW), status=WAITING)
    assert not ThirdPartyWait.objects.exists()
    assert Ticket.objects.get(pk=ticket.pk).status != WAITING


def test_a_ticket_waits_for_one_at_a_time_and_a_done_one_for_nobody(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    with pytest.raises(Refused, match="Heron Displays already"):
        watch_third_party(ticket.pk, cast.bob, ThirdParty(name="Another"), at(NOW))
    done = cast.writes("2026-03-20 14:00")
    set_status(done.pk, cast.bob, "closed", at(NOW))
    with pytest.raises(Refused, match="done"):
        watch_third_party(done.pk, cast.bob, MAKER, at(NOW))


def test_nobody_from_elsewhere_notes_anything(charlie: Agent, ticket: Ticket) -> None:
    with pytest.raises(NotAllowed):
        watch_third_party(ticket.pk, charlie, MAKER, at(NOW))
    with pytest.raises(NotAllowed):
        add_outside_work(ticket.pk, charlie, at(NOW), title="Fix it")


def test_who_is_responsible_is_reminded_once_on_each_business_day(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    assert sweep("2026-03-24 14:59") == 0
    assert sweep(PROMISED) == 1
    assert sweep(PROMISED) == sweep("2026-03-25 08:29") == 0
    assert sweep("2026-03-25 08:30") == 1
    assert told() == [(cast.bob.address, "2026-03-24T15:00"), (cast.bob.address, "2026-03-25T08:30")]
    letter = mail(NoticeKind.THIRD_PARTY)
    assert "still waits for Heron Displays" in letter and "INC-4711" in letter


def test_a_reminder_bears_the_instant_at_which_it_was_due_and_a_late_worker_makes_up_once(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    # Nobody worked from Tuesday to Friday.
    assert sweep("2026-03-27 12:00") == 1
    assert told() == [(cast.bob.address, "2026-03-24T15:00")]
    reminded = StoryEvent.objects.get(ticket=ticket, kind="third_party", data__what="reminded")
    assert (reminded.at, reminded.recorded_at) == (utc(PROMISED), utc("2026-03-27 12:00"))
    wait.refresh_from_db()
    assert wait.remind_at == utc("2026-03-30 07:30"), "Monday, an hour after the opening, in summer time"


def test_two_workers_remind_once(cast: Cast, wait: ThirdPartyWait) -> None:
    assert remind_of_third_party(wait.pk, at(PROMISED))
    assert not remind_of_third_party(wait.pk, at(PROMISED))
    assert len(told()) == 1


def test_one_that_fails_holds_up_no_other(
    cast: Cast, wait: ThirdPartyWait, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cast.writes("2026-03-20 14:00")
    watch_third_party(other.pk, cast.lena, MAKER, at(NOW))
    broken = remind_of_third_party

    def fails_on_the_first(wait_id: int, moment: object) -> bool:
        if wait_id == wait.pk:
            raise ValueError("cannot be read")
        return broken(wait_id, moment)  # type: ignore[arg-type]

    monkeypatch.setattr("upheld.worker.third_parties.remind_of_third_party", fails_on_the_first)
    assert sweep(PROMISED) == 1


def test_the_wait_ends_with_the_ticket_at_the_instant_at_which_that_was_done(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    set_status(ticket.pk, cast.bob, "resolved", at("2026-03-23 10:00"))
    assert not watched(AgentViewer.of(cast.bob)).exists()
    assert sweep("2026-03-24 16:00") == 1
    wait.refresh_from_db()
    assert (wait.outcome, wait.ended_at) == ("ticket_done", utc("2026-03-23 10:00"))
    assert told() == []
    assert sweep("2026-03-30 16:00") == 0


def test_when_it_works_again_the_customer_is_told_and_the_clocks_go_on(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    tell_it_works_again(
        ticket.pk, wait.pk, cast.bob, "It works again.", at("2026-03-23 10:00"), status="open"
    )
    wait.refresh_from_db()
    ticket.refresh_from_db()
    assert (wait.outcome, wait.ended_at, wait.ended_by) == ("works_again", utc("2026-03-23 10:00"), cast.bob)
    assert ticket.status == "open"
    assert Message.objects.filter(ticket=ticket).latest("pk").text == "It works again."
    assert "It works again." in mail(NoticeKind.REPLY)
    assert sweep("2026-03-24 16:00") == 0 and told() == []


def test_an_empty_message_ends_nothing(cast: Cast, ticket: Ticket, wait: ThirdPartyWait) -> None:
    with pytest.raises(Refused):
        tell_it_works_again(ticket.pk, wait.pk, cast.bob, "  ", at("2026-03-23 10:00"))
    wait.refresh_from_db()
    assert wait.ended_at is None


def test_it_counts_as_an_update(cast: Cast) -> None:
    publish_policy(cast.desk, pack("always-on"), now=LONG_AGO + timedelta(days=1), by="tests")
    ticket = cast.writes("2026-03-16 10:00", priority="low")
    assign(ticket.pk, cast.bob, cast.bob, at("2026-03-16 10:05"))
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-16 10:10"))
    wait = watch_third_party(ticket.pk, cast.bob, MAKER, at("2026-03-16 11:00"), status=WAITING)
    standing = Pen.on(ticket.pk, at("2026-03-17 09:00")).standing()
    due = current_clock(standing, Metric.update).due_at
    tell_it_works_again(ticket.pk, wait.pk, cast.bob, "It works again.", at("2026-03-17 10:00"))
    cycles = Pen.on(ticket.pk, at("2026-03-17 10:00")).standing().clocks
    met = [each for each in cycles if each.metric is Metric.update and each.due_at == due]
    assert [each.verdict for each in met] == [Verdict.met]


def test_giving_up_needs_a_reason_and_leaves_the_status(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    with pytest.raises(Refused):
        give_up_third_party(ticket.pk, wait.pk, cast.bob, " ", at(NOW))
    give_up_third_party(ticket.pk, wait.pk, cast.bob, "They never answer.", at("2026-03-23 10:00"))
    assert Ticket.objects.get(pk=ticket.pk).status == WAITING
    assert said_of(ticket) == ["watched", "given_up"]
    with pytest.raises(Refused, match="any more"):
        give_up_third_party(ticket.pk, wait.pk, cast.bob, "Again.", at("2026-03-23 11:00"))
    assert watch_third_party(ticket.pk, cast.bob, MAKER, at("2026-03-23 12:00")).pk != wait.pk


def test_a_reminder_that_was_to_come_with_the_promise_moves_with_it(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    later = utc("2026-03-26 15:00")
    noted = ThirdParty(name="Heron Displays", promised_at=later, remind_at=utc(PROMISED))
    changed = change_third_party(ticket.pk, wait.pk, cast.bob, noted, at("2026-03-23 10:00"))
    assert (changed.promised_at, changed.remind_at) == (later, later)
    own = utc("2026-03-25 10:00")
    noted = ThirdParty(name="Heron Displays", promised_at=later, remind_at=own)
    assert change_third_party(ticket.pk, wait.pk, cast.bob, noted, at("2026-03-23 10:05")).remind_at == own
    assert said_of(ticket) == ["watched", "changed", "changed"]
    change_third_party(ticket.pk, wait.pk, cast.bob, noted, at("2026-03-23 10:10"))
    assert said_of(ticket) == ["watched", "changed", "changed"], "nothing was changed"


def test_what_was_promised_and_passed_may_stay_while_something_else_changes(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    sweep(PROMISED)
    wait.refresh_from_db()
    noted = ThirdParty(
        name="Heron Displays", promised_at=wait.promised_at, remind_at=wait.remind_at, note="Rang."
    )
    assert change_third_party(ticket.pk, wait.pk, cast.bob, noted, at("2026-03-24 16:00")).note == "Rang."


def test_the_customer_reads_that_somebody_is_waited_for_and_the_name_only_where_an_agent_said_so(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    letter = mail(NoticeKind.STATUS)
    assert "Somebody else has to do their part" in letter
    assert "Heron" not in letter and "promised" not in letter
    other = cast.writes("2026-03-20 14:00")
    open_about_it = ThirdParty(
        name="Heron Displays",
        promised_at=utc(PROMISED),
        reported_by_us=True,
        tells_name=True,
        tells_promise=True,
    )
    watch_third_party(other.pk, cast.bob, open_about_it, at(NOW), status=WAITING)
    letter = mail(NoticeKind.STATUS)
    assert "waiting for Heron Displays" in letter and "We reported it" in letter
    assert "promised it by Tuesday 24 March 2026" in letter


def test_where_the_customer_is_waited_for_the_mail_says_nothing_of_others(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    set_status(ticket.pk, cast.bob, "open", at("2026-03-23 10:00"))
    set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-03-23 10:05"))
    assert "Somebody else" not in mail(NoticeKind.STATUS)


def test_of_a_restricted_ticket_its_readers_hear_and_the_mail_names_nobody(
    cast: Cast, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    restrict_ticket(ticket.pk, cast.bob, "Personal data.", at("2026-03-23 10:00"))
    Reader.objects.filter(ticket=ticket).exclude(agent=cast.lena).delete()
    assert sweep(PROMISED) == 1
    assert [address for address, _ in told()] == [cast.lena.address]
    letter = _read(Notice.objects.get(kind=NoticeKind.THIRD_PARTY)).as_string()
    assert "Heron" not in letter and "INC-4711" not in letter and "Laptop" not in letter


def test_the_watch_list_holds_what_the_viewer_may_see_promised_first(
    cast: Cast, charlie: Agent, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    sooner, unpromised = cast.writes("2026-03-20 14:00"), cast.writes("2026-03-20 14:00")
    watch_third_party(unpromised.pk, cast.bob, ThirdParty(name="A school"), at(NOW))
    earlier = ThirdParty(name="Heron Displays", reference="77", promised_at=utc("2026-03-21 12:00"))
    watch_third_party(sooner.pk, cast.bob, earlier, at(NOW))
    bob = AgentViewer.of(cast.bob)
    assert [each.ticket_id for each in watched(bob)] == [sooner.pk, ticket.pk, unpromised.pk]
    assert [each.ticket_id for each in watched(bob, "inc-47")] == [ticket.pk]
    assert [each.ticket_id for each in watched(bob, "heron")] == [sooner.pk, ticket.pk]
    assert not watched(AgentViewer.of(charlie)).exists()
    restrict_ticket(ticket.pk, cast.bob, "Personal data.", at("2026-03-23 10:00"))
    Reader.objects.filter(ticket=ticket).exclude(agent=cast.lena).delete()
    assert ticket.pk not in {each.ticket_id for each in watched(AgentViewer.of(cast.ada))}


def test_their_number_finds_the_ticket_in_the_queue(
    cast: Cast, charlie: Agent, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    add_outside_work(ticket.pk, cast.bob, at(NOW), title="Replace the hinge", reference="HINGE-12")
    for text in ("inc-4711", "HINGE-12", "Heron hinge"):
        found = queue(AgentViewer.of(cast.bob), QueueFilter(text=text, category="all"), LOOKING).tickets
        assert [each.pk for each in found] == [ticket.pk], text
        assert not queue(AgentViewer.of(charlie), QueueFilter(text=text, category="all"), LOOKING).tickets


def test_work_elsewhere_is_linked_followed_and_taken_back(cast: Cast, ticket: Ticket) -> None:
    address = "https://work.example.com/HINGE-12"
    work = add_outside_work(ticket.pk, cast.bob, at(NOW), title="", reference="HINGE-12", url=address)
    assert (work.title, work.state) == ("HINGE-12", "open")
    change_outside_work(ticket.pk, work.pk, cast.bob, "done", at("2026-03-23 10:00"))
    change_outside_work(ticket.pk, work.pk, cast.bob, "done", at("2026-03-23 10:01"))
    with pytest.raises(Refused):
        change_outside_work(ticket.pk, work.pk, cast.bob, "finished", at("2026-03-23 10:02"))
    remove_outside_work(ticket.pk, work.pk, cast.bob, at("2026-03-23 11:00"))
    with pytest.raises(OutsideWork.DoesNotExist):
        remove_outside_work(ticket.pk, work.pk, cast.bob, at("2026-03-23 11:01"))
    events = StoryEvent.objects.filter(ticket=ticket, kind="outside_work").order_by("seq")
    assert [(each.data["what"], each.data["state"]) for each in events] == [
        ("added", "open"),
        ("changed", "done"),
        ("removed", "done"),
    ]


def test_work_of_another_ticket_is_not_there(cast: Cast, ticket: Ticket) -> None:
    work = add_outside_work(ticket.pk, cast.bob, at(NOW), title="Fix it")
    other = cast.writes("2026-03-20 14:00")
    with pytest.raises(OutsideWork.DoesNotExist):
        change_outside_work(other.pk, work.pk, cast.bob, "done", at(NOW))
