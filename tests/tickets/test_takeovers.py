"""A new version of the policy, and the tickets that are open when it takes effect."""

import sys
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from harness.cast import Cast, at, utc
from upheld.desks.actions import PublicationRefused, prepare, withdraw_policy
from upheld.desks.models import AuditEntry, PolicyVersion, Takeover
from upheld.notices.models import Notice
from upheld.people.models import Agent
from upheld.policy import Metric, Mode, Standing, pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.actions import Outcome, Publication, publish, settle_ticket, take_over
from upheld.tickets.letters import current_clock
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.publication_effect import effect_on_open_tickets
from upheld.tickets.ticket_page import ticket_page
from upheld.tickets.versions import calendar_of, versions_of
from upheld.tickets.visibility import AgentViewer, ContactViewer
from upheld.worker.clocks import Sweeper, sweep

SCHOOL = pack("school-devices").partition("\nexamples:")[0] + "\n"
# Monday 1 June 2026; London is an hour ahead of UTC. Medium: a response within 24 working hours.
MONDAY, NOON = "2026-06-01 08:00", "2026-06-01 11:00"
RESPONSE, RESOLUTION = Metric.first_response, Metric.resolution


def school(**hours: int) -> str:
    """The school's policy with another promise of a first response for some priorities."""
    text = SCHOOL
    for priority, amount in hours.items():
        before = {"urgent": 2, "high": 16, "medium": 24, "low": 40}[priority]
        for was, now in ((f"{before} working hours", f"{amount} working hours"),):
            target = f"- id: {priority}_response\n    metric: first_response\n    when: {{priority: [{priority}]}}\n"
            assert f"{target}    within: {was}" in text
            text = text.replace(f"{target}    within: {was}", f"{target}    within: {now}")
    return text


def published(cast: Cast, text: str, when: str = NOON, mode: Mode = Mode.carry, **more: object) -> Outcome:
    """Ada publishes a version."""
    values: dict[str, object] = {"mode": mode, **more}
    wanted = Publication(desk=cast.desk, text=text, **values)  # type: ignore[arg-type]
    return publish(wanted, now=utc(when), by="Ada", agent=cast.ada)


def stored(ticket: Ticket) -> Standing:
    ticket.refresh_from_db()
    return Standing.from_json(ticket.standing)


def due(ticket: Ticket, metric: Metric = RESPONSE) -> datetime | None:
    clock = current_clock(stored(ticket), metric)
    assert clock is not None
    return clock.due_at


def seen(cast: Cast, ticket: Ticket, when: str) -> datetime | None:
    """The due time of the first response that Bob sees on the ticket's page."""
    page = ticket_page(AgentViewer.of(cast.bob), ticket.number, utc(when))
    assert page is not None
    clock = current_clock(page.standing, RESPONSE)
    assert clock is not None
    return clock.due_at


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Amina writes on Monday at nine in London: a response is due on Wednesday at 14:00, 24 working hours later."""
    ticket = cast.writes(MONDAY)
    assert due(ticket) == utc("2026-06-03 13:00")
    return ticket


def test_pinned_an_open_ticket_keeps_its_version_and_the_next_one_gets_the_new(
    cast: Cast, ticket: Ticket
) -> None:
    published(cast, school(medium=8), mode=Mode.pin)
    assert sweep(utc(NOON) + timedelta(seconds=5)) == 0
    assert seen(cast, ticket, "2026-06-01 12:00") == due(ticket) == utc("2026-06-03 13:00")
    assert due(cast.writes("2026-06-01 12:00")) == utc("2026-06-02 10:30")


def test_carried_the_used_time_stays_and_the_rest_runs_under_the_new_version(
    cast: Cast, ticket: Ticket
) -> None:
    outcome = published(cast, school(medium=12))
    # Three of twelve hours are used at noon; five more fit on Monday, and four on Tuesday.
    assert seen(cast, ticket, "2026-06-01 11:30") == utc("2026-06-02 10:30")
    assert sweep(utc(NOON) + timedelta(seconds=5)) == 1
    assert due(ticket) == utc("2026-06-02 10:30")
    assert ticket.later_version_id == outcome.version.pk
    assert ticket.policy_version_id != outcome.version.pk


def test_settling_twice_adds_nothing(cast: Cast, ticket: Ticket) -> None:
    published(cast, school(medium=2))
    assert sweep(utc("2026-06-01 12:00")) == 1
    events, notices = StoryEvent.objects.count(), Notice.objects.count()
    before = Ticket.objects.values().get(pk=ticket.pk)
    Ticket.objects.update(wake_at=utc(NOON))
    assert sweep(utc("2026-06-01 12:00")) == 1
    settle_ticket(ticket.pk, at("2026-06-01 12:00"))
    assert (StoryEvent.objects.count(), Notice.objects.count()) == (events, notices)
    after = Ticket.objects.values().get(pk=ticket.pk)
    assert after["last_seq"] == before["last_seq"]


def test_the_story_says_which_version_took_over_and_what_moved(cast: Cast, ticket: Ticket) -> None:
    published(cast, school(medium=12))
    sweep(utc("2026-06-01 11:10"))
    line = StoryEvent.objects.get(ticket=ticket, kind="published")
    assert (line.at, line.data["version"], line.data["mode"]) == (utc(NOON), 2, "carry")
    assert line.data["moved"] == [
        {
            "metric": "first_response",
            "cycle": 1,
            "due_at": "2026-06-03T13:00:00+00:00",
            "new_due_at": "2026-06-02T10:30:00+00:00",
            "stays": "",
        }
    ]


def test_a_breach_by_publication_is_stamped_with_it_and_told_once(cast: Cast, ticket: Ticket) -> None:
    actions.assign(ticket.pk, cast.bob, cast.bob, at("2026-06-01 09:00"))
    published(cast, school(medium=2), mode=Mode.recompute)
    sweep(utc("2026-06-01 15:00"))
    sweep(utc("2026-06-02 15:00"))
    [verdict] = StoryEvent.objects.filter(ticket=ticket, kind="verdict", data__metric="first_response")
    assert (verdict.at, verdict.data["cause"]) == (utc(NOON), "published")
    assert Notice.objects.filter(kind="breach", to_address=cast.bob.address).count() == 1


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("hours", [1, 100])
def test_a_verdict_never_changes_through_publishing(cast: Cast, mode: Mode, hours: int) -> None:
    met, breached = cast.writes(MONDAY), cast.writes(MONDAY, priority="urgent")
    actions.reply(met.pk, cast.bob, "Try another charger.", at("2026-06-01 09:00"))
    sweep(utc("2026-06-01 10:30"))
    settle_ticket(breached.pk, at("2026-06-01 10:30"))

    def verdicts() -> list[tuple[object, ...]]:
        rows = StoryEvent.objects.filter(kind="verdict", data__metric="first_response").order_by("ticket")
        return list(rows.values_list("ticket", "at", "consequence_key", "data"))

    before = verdicts()
    assert [each[2] for each in before] == ["met:first_response:1", "breached:first_response:1"]
    published(cast, school(medium=hours, urgent=hours), mode=mode)
    sweep(utc("2026-06-09 10:00"))
    assert verdicts() == before
    assert not StoryEvent.objects.filter(kind="correction").exists()
    for ticket, was in ((met, "met"), (breached, "breached")):
        page = ticket_page(AgentViewer.of(cast.bob), ticket.number, utc("2026-06-09 10:00"))
        assert page is not None
        clock = current_clock(page.standing, RESPONSE)
        assert clock is not None and clock.verdict == was
        assert due(ticket) == clock.due_at


# A future effective date.


def test_what_holds_later_holds_from_that_instant_on_without_anybody_pressing_a_button(
    cast: Cast, ticket: Ticket
) -> None:
    tuesday = utc("2026-06-02 09:00")
    published(cast, school(medium=12), effective_from=tuesday)
    ticket.refresh_from_db()
    assert ticket.wake_at == tuesday
    assert sweep(tuesday - timedelta(seconds=1)) == 0
    assert seen(cast, ticket, "2026-06-02 08:59") == due(ticket) == utc("2026-06-03 13:00")
    # Nobody has settled it yet, and the page knows.
    assert seen(cast, ticket, "2026-06-02 09:00") == utc("2026-06-02 10:30")
    assert sweep(tuesday + timedelta(seconds=1)) == 1
    assert due(ticket) == utc("2026-06-02 10:30")


def test_a_ticket_that_comes_in_between_is_taken_over_too(cast: Cast) -> None:
    tuesday = utc("2026-06-02 09:00")
    published(cast, school(medium=4), effective_from=tuesday)
    ticket = cast.writes("2026-06-01 15:00")
    assert (due(ticket), ticket.wake_at) == (utc("2026-06-04 10:30"), tuesday)
    actions.write_note(ticket.pk, cast.bob, "I had a look.", at("2026-06-01 15:30"))
    ticket.refresh_from_db()
    assert ticket.wake_at == tuesday
    sweep(utc("2026-06-02 10:00"))
    # One hour on Monday, two and a half on Tuesday before ten in London, and half an hour is left.
    assert due(ticket) == utc("2026-06-02 09:30")
    assert due(cast.writes("2026-06-02 09:00")) == utc("2026-06-02 13:00")


def test_a_worker_that_was_away_for_a_week_finds_what_held_when(cast: Cast, ticket: Ticket) -> None:
    published(cast, school(medium=12), effective_from=utc("2026-06-02 09:00"))
    sweep(utc("2026-06-10 09:00"))
    [verdict] = StoryEvent.objects.filter(ticket=ticket, kind="verdict", data__metric="first_response")
    assert verdict.at == utc("2026-06-02 10:30")
    assert StoryEvent.objects.get(ticket=ticket, kind="published").at == utc("2026-06-02 09:00")


def test_unread_mail_holds_the_takeover_back_like_everything_else(cast: Cast, ticket: Ticket) -> None:
    published(cast, school(medium=12))
    settle_ticket(ticket.pk, Moment(utc("2026-06-01 12:00"), utc(NOON) - timedelta(minutes=1)))
    assert not StoryEvent.objects.filter(kind="published").exists()
    ticket.refresh_from_db()
    assert ticket.wake_at == utc(NOON)


def test_a_version_that_is_withdrawn_in_time_never_holds(cast: Cast, ticket: Ticket) -> None:
    tuesday = utc("2026-06-02 09:00")
    outcome = published(cast, school(medium=4), effective_from=tuesday)
    withdraw_policy(outcome.version, by="Ada", now=utc("2026-06-01 12:00"))
    sweep(tuesday + timedelta(minutes=1))
    assert seen(cast, ticket, "2026-06-02 09:30") == due(ticket) == utc("2026-06-03 13:00")
    assert cast.writes("2026-06-02 10:00").policy_version.number == 1
    assert not StoryEvent.objects.filter(kind="published").exists()


# Who is taken over, and who is not.


def test_a_ticket_that_is_done_stays_as_it_was_also_when_it_is_opened_again(
    cast: Cast, ticket: Ticket
) -> None:
    actions.reply(ticket.pk, cast.bob, "Solved.", at("2026-06-01 09:00"), status="resolved")
    published(cast, school(medium=4), mode=Mode.recompute)
    sweep(utc("2026-06-01 11:05"))
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-06-01 12:00"), at("2026-06-01 12:00"))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.later_version_id) == ("open", None)
    assert not StoryEvent.objects.filter(kind="published").exists()


def test_the_time_for_reopening_is_not_renewed_by_a_publication(cast: Cast, ticket: Ticket) -> None:
    actions.set_status(ticket.pk, cast.bob, "closed", at("2026-06-01 09:00"))
    published(cast, school(medium=4), effective_from=utc("2026-06-20 09:00"))
    late = cast.answer_of_amina("2026-07-05 09:00")
    new = actions.receive_message(ticket.pk, late, at("2026-07-05 09:00")).ticket
    assert new.follows == ticket


def test_only_the_desk_of_the_version_is_touched(cast: Cast, charlie: Agent, ticket: Ticket) -> None:
    elsewhere = Publication(desk=charlie.memberships.get().desk, text=school(medium=4), mode=Mode.recompute)
    publish(elsewhere, now=utc(NOON), by="Charlie", agent=charlie)
    assert Ticket.objects.get(pk=ticket.pk).wake_at != utc(NOON)
    assert seen(cast, ticket, "2026-06-01 12:00") == utc("2026-06-03 13:00")


def test_version_after_version_each_takes_over_what_the_one_before_left(cast: Cast, ticket: Ticket) -> None:
    published(cast, school(medium=12), NOON)
    published(cast, school(medium=30), "2026-06-01 12:00", Mode.pin)
    published(cast, school(medium=20), "2026-06-01 13:00")
    sweep(utc("2026-06-01 13:01"))
    # Five hours are used at 14:00 in London; three fit on Monday, nine and a half on Tuesday, the rest on Wednesday.
    assert due(ticket) == utc("2026-06-03 09:00")
    lines = StoryEvent.objects.filter(ticket=ticket, kind="published").order_by("at")
    assert [line.data["version"] for line in lines] == [2, 4]


def test_what_was_published_for_later_comes_after_what_was_published_later_for_now(
    cast: Cast, ticket: Ticket
) -> None:
    published(cast, school(medium=12), effective_from=utc("2026-06-02 09:00"))
    published(cast, school(medium=30), "2026-06-01 12:00")
    sweep(utc("2026-06-01 12:05"))
    assert due(ticket) == utc("2026-06-04 09:30")
    sweep(utc("2026-06-02 09:05"))
    assert due(ticket) == utc("2026-06-02 10:30")


def test_a_ticket_opened_later_is_under_the_version_of_its_receipt_alone(cast: Cast) -> None:
    published(cast, school(medium=12))
    published(cast, school(medium=30), "2026-06-01 12:00", Mode.pin)
    ticket = cast.writes("2026-06-01 13:00")
    assert due(ticket) == utc("2026-06-04 14:30")
    assert (ticket.policy_version.number, ticket.later_version_id) == (3, None)
    assert versions_of(ticket).ids == (ticket.policy_version_id,)


# What cannot be published.


def test_a_status_in_use_must_be_known_to_the_version_that_takes_over(cast: Cast, ticket: Ticket) -> None:
    actions.set_status(ticket.pk, cast.bob, "pending_action", at("2026-06-01 09:00"))
    start = SCHOOL.index("  - id: pending_action")
    without = SCHOOL[:start] + SCHOOL[SCHOOL.index("  - id: waiting_on_customer") :]
    with pytest.raises(PublicationRefused, match=r"no status “Pending Action” \(open tickets in it: 1\)"):
        published(cast, without)
    assert cast.desk.policy_versions.count() == 1
    published(cast, without, mode=Mode.pin)


def test_a_status_in_use_must_not_become_an_end_of_the_work(cast: Cast, ticket: Ticket) -> None:
    actions.set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-06-01 09:00"))
    ends = SCHOOL.replace(
        "Somebody else has to do their part first - finish work, tell us something, or visit the site.\n"
        "    category: waiting",
        "It is with somebody else.\n    category: closed",
    )
    assert ends != SCHOOL
    with pytest.raises(PublicationRefused, match="as an end of the work"):
        published(cast, ends)


def test_a_priority_in_use_must_be_known_to_the_version_that_takes_over(cast: Cast) -> None:
    cast.writes(MONDAY, priority="low")
    text = SCHOOL
    for id in ("low_response", "low_resolution"):
        start = text.index(f"  - id: {id}")
        end = min(place for mark in ("\n  - id: ", "\n\n") if (place := text.find(mark, start + 1)) > 0)
        text = text[:start] + text[end + 1 :]
    start = text.index("  - id: low\n")
    text = text[:start] + text[text.index("default_priority:") :]
    with pytest.raises(PublicationRefused, match=r"no priority “Low” \(open tickets that have it: 1\)"):
        published(cast, text)


def test_nothing_is_published_for_an_instant_that_has_passed(cast: Cast) -> None:
    with pytest.raises(PublicationRefused, match="has passed"):
        published(cast, school(medium=4), effective_from=utc(NOON) - timedelta(seconds=1), mode=Mode.pin)


def test_nothing_is_published_that_was_not_looked_at(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(PublicationRefused, match="not what was looked at"):
        published(cast, school(medium=4), digest="0" * 64)
    published(cast, school(medium=8), after=1)
    with pytest.raises(PublicationRefused, match="Version 2 was published meanwhile"):
        published(cast, school(medium=4), after=1)


def test_only_an_administrator_publishes(cast: Cast, charlie: Agent) -> None:
    for agent in (cast.bob, cast.lena, charlie):
        with pytest.raises(NotAllowed):
            publish(Publication(desk=cast.desk, text=SCHOOL), now=utc(NOON), by="x", agent=agent)
    assert cast.desk.policy_versions.count() == 1


def test_the_audit_has_the_mode_the_digest_and_the_counts(cast: Cast, ticket: Ticket) -> None:
    outcome = published(cast, school(medium=12), remark="Agreed with the schools")
    entry = AuditEntry.objects.get(action="policy published", at=utc(NOON))
    assert entry.actor == "Ada"
    assert entry.data["mode"] == "carry"
    assert entry.data["digest"] == outcome.version.digest
    assert entry.data["remark"] == "Agreed with the schools"
    assert entry.data["open_tickets"]["tickets"] == 1
    assert entry.data["open_tickets"]["earlier"] == 1


# The preview.


def test_the_preview_is_what_comes_to_pass(cast: Cast) -> None:
    """Whatever was previewed, each clock is due when it said, once the worker was there. Of restricted tickets nothing
    is said."""
    tickets = [
        cast.writes(f"2026-05-2{day} 1{hour}:07", priority=priority)
        for day in (7, 8, 9)
        for hour in (1, 4)
        for priority in ("urgent", "high", "medium", "low")
    ]
    actions.set_status(tickets[2].pk, cast.bob, "waiting_on_third_party", at("2026-05-28 12:00"))
    actions.reply(tickets[3].pk, cast.bob, "Thanks.", at("2026-05-28 12:00"), status="resolved")
    actions.set_priority(tickets[6].pk, cast.bob, "urgent", at("2026-05-29 15:30"))
    sweep(utc("2026-06-01 10:00"))
    text = school(medium=60, high=3, low=39)
    for mode in (Mode.carry, Mode.recompute):
        policy = prepare(text, utc(NOON)).policy
        effect = effect_on_open_tickets(cast.desk, policy, utc(NOON), (mode,))
        said = {
            (each.ticket, each.moved.metric, each.moved.cycle): each.moved.new_due_at
            for each in effect.clocks[mode]
        }
        assert {each.change for each in effect.clocks[mode]} >= {"later", "earlier", "breached"}
        for_few = Ticket.objects.filter(restricted=True)
        assert for_few.count() == 7
        assert not {number for number, _, _ in said} & set(for_few.values_list("number", flat=True))
        before = {ticket.number: stored(ticket) for ticket in tickets}
        with transaction.atomic():
            published(cast, text, mode=mode)
            sweep(utc(NOON) + timedelta(seconds=1))
            for ticket in Ticket.objects.filter(restricted=False):
                was = {(each.metric, each.cycle): each for each in before[ticket.number].clocks}
                for clock in stored(ticket).clocks:
                    key = (clock.metric, clock.cycle)
                    expected = said.get((ticket.number, *key), was[key].due_at)
                    assert clock.due_at == expected, (ticket.number, key, mode)
            transaction.set_rollback(True)


def test_previewing_changes_nothing(cast: Cast, ticket: Ticket) -> None:
    before = Ticket.objects.values().get(pk=ticket.pk)
    effect_on_open_tickets(cast.desk, prepare(school(medium=2), utc(NOON)).policy, utc(NOON))
    assert Ticket.objects.values().get(pk=ticket.pk) == before
    assert PolicyVersion.objects.count() == 1


# Killed in between.


def test_waking_goes_on_where_it_was_killed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = [cast.writes(f"2026-06-01 08:0{minute}") for minute in range(5)]
    monkeypatch.setattr(sys.modules["upheld.tickets.actions.take_over"], "BATCH", 2)
    killed = sys.modules["upheld.tickets.actions.publish"]
    monkeypatch.setattr(killed, "take_over", lambda version_id: None)
    version = published(cast, school(medium=12)).version
    stops = iter([False, True])
    take_over(version.pk, stop=lambda: next(stops))
    woken = Ticket.objects.filter(wake_at=utc(NOON))
    assert woken.count() == 4
    assert not Takeover.objects.get().done
    assert Sweeper().sweep(utc(NOON) + timedelta(seconds=5)) == 5
    assert Takeover.objects.get().done
    assert {due(each) for each in tickets} == {utc(f"2026-06-02 10:3{minute}") for minute in range(5)}
    assert take_over(version.pk) == 0


def test_an_action_before_the_worker_comes_counts_under_the_version_that_holds(
    cast: Cast, ticket: Ticket
) -> None:
    published(cast, school(medium=12))
    actions.write_note(ticket.pk, cast.bob, "Before the worker.", at("2026-06-01 11:30"))
    assert due(ticket) == utc("2026-06-02 10:30")
    assert StoryEvent.objects.filter(kind="published").count() == 1
    sweep(utc("2026-06-01 12:00"))
    assert StoryEvent.objects.filter(kind="published").count() == 1


# Words and calendars of versions before.


def test_the_page_of_a_ticket_whose_calendar_has_another_name_now(cast: Cast, ticket: Ticket) -> None:
    actions.set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-06-01 10:00"))
    other = (
        school(medium=12)
        .replace("\n  help desk:\n", "\n  opening hours:\n")
        .replace("07:30-17:00\n", "06:00-18:00\n")
    )
    published(cast, other)
    sweep(utc("2026-06-02 10:30"))
    page = ticket_page(AgentViewer.of(cast.bob), ticket.number, utc("2026-06-02 10:30"))
    assert page is not None
    assert [ledger.calendar for ledger in page.ledgers] == ["opening hours", "opening hours"]
    assert len(page.policies) == 2


def test_what_ran_on_a_calendar_that_is_no_more_is_explained_on_it(cast: Cast) -> None:
    ticket = cast.writes("2026-05-29 15:00", priority="high")
    actions.reply(ticket.pk, cast.bob, "Which one?", at("2026-06-01 08:00"))
    other = school().replace("\n  help desk:\n", "\n  opening hours:\n")
    resolution = "metric: resolution\n    when: {priority: [high]}\n    within: 40 working hours"
    assert resolution in other
    published(cast, other.replace(resolution, resolution.replace("40 working", "90 elapsed")))
    sweep(utc("2026-06-01 11:01"))
    page = ticket_page(AgentViewer.of(cast.bob), ticket.number, utc("2026-06-01 12:00"))
    assert page is not None
    answer, work = page.ledgers
    assert (answer.calendar, work.calendar) == ("help desk", "help desk")
    assert answer.calendar_hours == work.calendar_hours == "Mon-Fri 07:30-17:00"
    assert [line.kind for line in answer.lines] == ["ran", "closed", "ran"]
    # The clock that stays as it was has the days of the version before it, too.
    clock = current_clock(page.standing, RESOLUTION)
    assert clock is not None
    calendar = calendar_of(clock, page.policies, utc("2026-06-01 12:00"))
    assert calendar is page.policies[1].calendars["help desk"]


def test_of_two_calendars_of_one_name_a_clock_counts_on_its_own(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 08:00", priority="high")
    closed = school().replace("    hours:\n", "    days_off: {2026-06-02: Flood}\n    hours:\n")
    resolution = "metric: resolution\n    when: {priority: [high]}\n    within: 40 working hours"
    published(cast, closed.replace(resolution, resolution.replace("40 working", "90 elapsed")))
    sweep(utc("2026-06-01 11:01"))
    page = ticket_page(AgentViewer.of(cast.bob), ticket.number, utc("2026-06-01 12:00"))
    assert page is not None
    now, before = (each.calendars["help desk"] for each in page.policies)
    for metric, calendar in ((RESPONSE, now), (RESOLUTION, before)):
        clock = current_clock(page.standing, metric)
        assert clock is not None
        assert calendar_of(clock, page.policies, utc("2026-06-01 12:00")) is calendar


def test_a_reminder_from_a_status_that_is_no_more_is_told_in_the_words_of_its_time(
    cast: Cast, ticket: Ticket
) -> None:
    start, end = SCHOOL.index("  - id: waiting_on_customer"), SCHOOL.index("  - id: waiting_on_third_party")
    published(cast, SCHOOL[:start] + SCHOOL[end:], effective_from=utc("2026-06-02 12:00"))
    # In use only after the publication, so that nobody could be warned.
    actions.set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-06-01 12:00"))
    sweep(utc("2026-06-03 12:00"))
    reminder = Notice.objects.get(ticket_id=ticket.pk, kind="reminder")
    assert reminder.data["status_label"] == "Awaiting your reply"
    ticket.refresh_from_db()
    assert ticket.status == "open"


# One rule of reopening.


@pytest.mark.parametrize(("when", "taken"), [("2026-06-30 09:00", True), ("2026-07-01 09:01", False)])
def test_page_and_mail_agree_on_what_comes_too_late(
    cast: Cast, ticket: Ticket, when: str, taken: bool
) -> None:
    actions.set_status(ticket.pk, cast.bob, "closed", at("2026-06-01 09:00"))
    page = ticket_page(ContactViewer(cast.amina.pk), ticket.number, utc(when))
    assert page is not None
    assert page.takes_replies is taken
    message = actions.receive_message(ticket.pk, cast.answer_of_amina(when), at(when))
    assert (message.ticket == ticket) is taken


def test_page_and_mail_agree_on_a_status_that_no_message_ends(cast: Cast) -> None:
    final = SCHOOL.replace(
        "The 72 hours have passed and the ticket is closed. A reply opens it again.\n"
        "    category: closed\n    clocks: none\n    on_reply: open\n",
        "It is over.\n    category: closed\n    clocks: none\n",
    )
    assert final != SCHOOL
    published(cast, final, MONDAY, Mode.pin)
    ticket = cast.writes("2026-06-01 08:30")
    actions.set_status(ticket.pk, cast.bob, "closed", at("2026-06-01 09:00"))
    page = ticket_page(ContactViewer(cast.amina.pk), ticket.number, utc("2026-06-01 10:00"))
    assert page is not None
    assert not page.takes_replies
    message = actions.receive_message(
        ticket.pk, cast.answer_of_amina("2026-06-01 10:00"), at("2026-06-01 10:00")
    )
    assert message.ticket.follows == ticket
    thanks = cast.answer_of_amina("2026-06-01 10:05", "Thanks!", thanks=True)
    assert actions.receive_message(ticket.pk, thanks, at("2026-06-01 10:05")).ticket == ticket


def test_a_page_asks_no_query_more_for_its_versions(
    cast: Cast, ticket: Ticket, django_assert_num_queries: object
) -> None:
    published(cast, school(medium=12))
    page_ticket = ticket_page(AgentViewer.of(cast.bob), ticket.number, utc("2026-06-01 12:00"))
    assert page_ticket is not None
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert len(versions_of(page_ticket.ticket).ids) == 2
