"""Who fills a role at an instant: holders and deputies, their hours, their absences - on a ticket that escalates."""

from datetime import timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry
from upheld.notices.models import Notice
from upheld.people.actions import clear_holder, enter_absence, fill_role, strike_absence
from upheld.people.models import Absence, Agent, Organization, RoleHolder
from upheld.people.roles import holders
from upheld.people.staff import StaffRefused
from upheld.policy import pack
from upheld.tickets.actions import settle_ticket

LADDER = """
roles:
  - {id: support_manager, label: Support manager, by: [organization]}
escalation:
  ladders:
    - id: urgent_cases
      when: {priority: [urgent]}
      steps:
        - {after: at once, tell: [support_manager]}
"""
MONDAY = utc("2026-06-01 09:00")
NIGHT = utc("2026-06-01 02:00")


@pytest.fixture
def desk(cast: Cast) -> Cast:
    text = pack("school-devices").replace("\ntargets:\n", LADDER + "\ntargets:\n", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests", effective_from=utc("2025-06-01 00:00"))
    return cast


def fill(desk: Cast, agent: Agent, **more: object) -> RoleHolder:
    return fill_role(desk.desk, "support_manager", agent, by="tests", now=LONG_AGO, **more)  # type: ignore[arg-type]


def away(agent: Agent, first: str, last: str) -> Absence:
    return enter_absence(agent, starts_at=utc(first), ends_at=utc(last), by=agent, now=LONG_AGO)


def told(desk: Cast, when: str = "2026-06-01 09:00", **details: object) -> list[str]:
    """Who hears of an urgent request of Amina's."""
    ticket = desk.writes(when, priority="urgent", **details)
    settle_ticket(ticket.pk, at(when))
    found = Notice.objects.filter(ticket_id=ticket.pk, kind="escalated")
    return sorted(found.values_list("to_address", flat=True))


def test_the_deputy_hears_while_the_holder_is_away(desk: Cast) -> None:
    fill(desk, desk.lena)
    fill(desk, desk.bob, rank=1)
    away(desk.lena, "2026-06-02 00:00", "2026-06-03 00:00")
    who = [holders(desk.desk.pk, "support_manager", {}, MONDAY + timedelta(days=day)) for day in (0, 1, 2)]
    assert who == [[desk.lena], [desk.bob], [desk.lena]]


def test_an_absence_counts_from_its_first_instant_until_just_before_its_last(desk: Cast) -> None:
    fill(desk, desk.lena)
    fill(desk, desk.bob, rank=1)
    absence = away(desk.lena, "2026-06-02 00:00", "2026-06-03 00:00")
    a_moment = timedelta(microseconds=1)
    instants = [absence.starts_at - a_moment, absence.starts_at, absence.ends_at - a_moment, absence.ends_at]
    who = [holders(desk.desk.pk, "support_manager", {}, each)[0] for each in instants]
    assert who == [desk.lena, desk.bob, desk.bob, desk.lena]


def test_somebody_with_hours_is_passed_over_at_night(desk: Cast) -> None:
    calendar = next(iter(pack_calendars()))
    fill(desk, desk.lena, calendar=calendar)
    fill(desk, desk.bob, rank=1)
    assert holders(desk.desk.pk, "support_manager", {}, MONDAY) == [desk.lena]
    assert holders(desk.desk.pk, "support_manager", {}, NIGHT) == [desk.bob]


def pack_calendars() -> list[str]:
    from upheld.policy import load

    return list(load(pack("school-devices")).calendars)


def test_a_calendar_that_the_policy_lost_closes_nobody_out(desk: Cast) -> None:
    fill(desk, desk.lena, calendar="forgotten")
    fill(desk, desk.bob, rank=1)
    assert holders(desk.desk.pk, "support_manager", {}, NIGHT) == [desk.lena]


def test_a_ticket_that_escalates_finds_the_deputy(desk: Cast) -> None:
    fill(desk, desk.lena)
    fill(desk, desk.bob, rank=1)
    away(desk.lena, "2026-06-01 00:00", "2026-06-02 00:00")
    assert told(desk) == ["bob@desk.example.com"]
    away(desk.bob, "2026-06-01 00:00", "2026-06-02 00:00")
    # Nobody is there: the holder hears of it all the same.
    assert told(desk, "2026-06-01 09:30") == ["lena@desk.example.com"]


def test_the_tickets_organization_finds_its_own_manager(desk: Cast) -> None:
    abbey = Organization.objects.create(name="Abbey School", desk=desk.desk)
    fill(desk, desk.lena)
    fill(desk, desk.bob, organization=abbey)
    assert told(desk, "2026-06-01 09:10") == ["lena@desk.example.com"]
    assert told(desk, organization=abbey) == ["bob@desk.example.com"]


def test_filling_again_changes_rank_and_hours_and_says_so(desk: Cast) -> None:
    first = fill(desk, desk.lena)
    assert fill(desk, desk.lena, rank=2, calendar="office").pk == first.pk
    fill(desk, desk.lena, rank=2, calendar="office")
    assert (RoleHolder.objects.get().rank, RoleHolder.objects.get().calendar) == (2, "office")
    abbey = Organization.objects.create(name="Abbey School", desk=desk.desk)
    fill(desk, desk.lena, organization=abbey)
    assert clear_holder(desk.desk, first.pk, by="tests", now=LONG_AGO) is not None
    assert clear_holder(desk.desk, first.pk, by="tests", now=LONG_AGO) is None
    assert RoleHolder.objects.get().organization == abbey
    actions = AuditEntry.objects.filter(subject="support_manager").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "role filled",
        "role changed",
        "role filled",
        "role cleared",
    ]


def test_an_absence_is_ones_own_or_an_administrators(desk: Cast, charlie: Agent) -> None:
    dates = {"starts_at": utc("2026-06-01 00:00"), "ends_at": utc("2026-06-02 00:00"), "now": LONG_AGO}
    own = enter_absence(desk.bob, by=desk.bob, **dates)
    by_ada = enter_absence(desk.bob, by=desk.ada, **dates)
    for stranger in (desk.lena, charlie):
        with pytest.raises(StaffRefused):
            enter_absence(desk.bob, by=stranger, **dates)
        with pytest.raises(StaffRefused):
            strike_absence(own.pk, by=stranger, now=LONG_AGO)
    strike_absence(by_ada.pk, by=desk.bob, now=LONG_AGO)
    assert list(Absence.objects.all()) == [own]
    struck = AuditEntry.objects.filter(action="absence struck").get()
    assert (struck.subject, struck.desk) == ("bob@desk.example.com", desk.desk)


def test_an_absence_that_cannot_be_is_refused(desk: Cast) -> None:
    for first, last, now in (
        ("2026-06-02 00:00", "2026-06-01 00:00", LONG_AGO),
        ("2026-06-01 00:00", "2026-06-02 00:00", utc("2026-06-02 00:00")),
    ):
        with pytest.raises(StaffRefused):
            enter_absence(desk.bob, starts_at=utc(first), ends_at=utc(last), by=desk.bob, now=now)
    assert not Absence.objects.exists()
