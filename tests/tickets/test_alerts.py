"""Who hears that a target is near or has passed."""

from harness.cast import Cast, at
from upheld.notices.models import Notice
from upheld.people.models import Team
from upheld.tickets.actions import assign, set_priority, set_status, settle_ticket
from upheld.tickets.models import Ticket


def told(ticket: Ticket, kind: str) -> set[str]:
    return set(Notice.objects.filter(ticket_id=ticket.pk, kind=kind).values_list("to_address", flat=True))


def test_the_assignee_is_warned_at_three_quarters_and_told_of_the_breach(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    assign(ticket.pk, cast.lena, cast.bob, at("2026-06-01 09:05"))
    settle_ticket(ticket.pk, at("2026-06-01 10:29"))
    assert told(ticket, "warning") == set()
    settle_ticket(ticket.pk, at("2026-06-01 10:30"))
    assert told(ticket, "warning") == {"bob@desk.example.com"}
    assert told(ticket, "breach") == set()
    settle_ticket(ticket.pk, at("2026-06-01 11:00:01"))
    assert told(ticket, "breach") == {"bob@desk.example.com"}


def test_an_unassigned_tickets_team_is_told(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    team = Team.objects.create(desk=cast.desk, name="First line")
    team.members.add(cast.bob, cast.lena)
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    settle_ticket(ticket.pk, at("2026-06-01 12:00"))
    assert told(ticket, "breach") == {"bob@desk.example.com", "lena@desk.example.com"}


def test_nobody_in_charge_means_the_lead_hears_of_it(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-01 12:00"))
    assert told(ticket, "breach") == {"lena@desk.example.com"}


def test_an_assignee_who_left_does_not_swallow_the_alert(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    assign(ticket.pk, cast.lena, cast.bob, at("2026-06-01 09:05"))
    cast.bob.user.is_active = False
    cast.bob.user.save()
    settle_ticket(ticket.pk, at("2026-06-01 12:00"))
    assert told(ticket, "breach") == {"lena@desk.example.com"}


def test_a_clock_stopped_before_the_warning_warns_nobody(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-06-01 10:00"))
    settle_ticket(ticket.pk, at("2026-06-01 15:00"))
    assert told(ticket, "warning") == told(ticket, "breach") == set()


def test_a_breach_that_comes_only_from_reclassifying_sends_no_backdated_alert(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    set_priority(ticket.pk, cast.bob, "low", at("2026-06-01 09:10"), reason="One spare laptop was there.")
    set_priority(ticket.pk, cast.bob, "urgent", at("2026-06-02 15:00"))
    settle_ticket(ticket.pk, at("2026-06-02 15:01"))
    assert told(ticket, "breach") == set()
    assert ticket.story.filter(consequence_key="breached:first_response:1").exists()


def test_nobody_on_the_desk_breaks_nothing(cast: Cast) -> None:
    cast.desk.memberships.all().delete()
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-01 12:00"))
    assert told(ticket, "breach") == set()
    assert ticket.story.filter(consequence_key="breached:first_response:1").exists()
