"""A mail lacks what the policy asks for: who is asked, which clocks wait, and how the wait ends."""

from datetime import timedelta

import pytest

from harness.asking import mails
from harness.cast import Cast, at, utc
from upheld.desks.models import AuditEntry
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Organization, Site
from upheld.policy import ClockState, Metric
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    ask_information,
    fill_in_information,
    give_information,
    receive_message,
    set_priority,
    set_status,
    store_information,
    waive_information,
)
from upheld.tickets.models import InformationAsked, Ticket
from upheld.tickets.pen import Pen

MONDAY = "2026-03-16 09:00"


def clock(ticket: Ticket, metric: Metric, when: str) -> tuple[ClockState, object]:
    """The state of a clock at an instant, and when it is due."""
    standing = Pen.on(ticket.pk, at(when)).standing()
    found = next(each for each in standing.clocks if each.metric is metric)
    return found.state, found.due_at


def asked_letters(ticket: Ticket) -> list[Notice]:
    return list(Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.INFORMATION))


def test_a_mail_that_lacks_something_opens_a_ticket_and_its_sender_is_asked(asking: Cast) -> None:
    ticket = mails(asking, MONDAY, product="laptop")
    question = InformationAsked.objects.get(ticket=ticket)
    assert question.items == ["school", "serial"]
    (letter,) = asked_letters(ticket)
    assert (letter.to_address, letter.asked_from) == ("amina@school.example.org", "192.0.2.0/24")
    assert letter.data["items"][0] == {"label": "School and room", "meaning": "Where the device stands"}


def test_the_solution_waits_and_the_response_never_does(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    assert clock(ticket, Metric.resolution, "2026-03-16 10:00") == (ClockState.paused, None)
    assert clock(ticket, Metric.first_response, "2026-03-16 10:00") == (
        ClockState.running,
        utc("2026-03-18 14:00"),
    )


def test_for_an_urgent_request_nothing_waits_and_its_sender_is_asked_all_the_same(asking: Cast) -> None:
    ticket = mails(asking, MONDAY, priority="high")
    assert asked_letters(ticket)[0].data["waits"] is False
    assert clock(ticket, Metric.resolution, "2026-03-16 10:00")[0] is ClockState.running


@pytest.mark.parametrize(
    "details",
    [
        {"acknowledge": False},
        {"channel": "portal"},
        {"information": {"school": "Hilltop, 2.14"}},
    ],
)
def test_nobody_is_asked_where_nothing_lacks_or_no_mail_may_go(asking: Cast, details: dict) -> None:
    ticket = mails(asking, MONDAY, **details)
    assert not asked_letters(ticket)
    assert not InformationAsked.objects.exists()
    assert clock(ticket, Metric.resolution, "2026-03-16 10:00")[0] is ClockState.running


def test_a_mail_without_a_subject_is_asked_for_one_and_can_give_it(asking: Cast) -> None:
    ticket = mails(asking, MONDAY, subject="", information={"school": "x"})
    assert InformationAsked.objects.get(ticket=ticket).items == ["summary"]
    give_information(ticket.pk, asking.amina, {"summary": "Black screen"}, at("2026-03-16 11:00"))
    assert InformationAsked.objects.get(ticket=ticket).ended_because == "given"


def test_what_the_site_knows_is_not_asked(asking: Cast, school: Organization, site: Site) -> None:
    ticket = mails(asking, MONDAY, site=site, product="laptop")
    assert InformationAsked.objects.get(ticket=ticket).items == ["serial"]


def test_a_mail_is_meant_for_the_only_site_that_fits(asking: Cast, school: Organization, site: Site) -> None:
    assert mails(asking, MONDAY).site == site
    Site.objects.create(organization=school, name="Sports hall", product="printer")
    assert mails(asking, MONDAY).site is None
    assert mails(asking, MONDAY, product="laptop").site == site


def test_the_question_counts_like_an_acknowledgement(asking: Cast, settings) -> None:
    settings.ACKNOWLEDGEMENTS_AN_ADDRESS = 3
    first, second = mails(asking, MONDAY), mails(asking, "2026-03-16 09:10")
    assert (len(asked_letters(first)), len(asked_letters(second))) == (1, 0)
    assert not InformationAsked.objects.filter(ticket=second).exists()


def test_what_is_filled_in_is_a_message_and_lets_the_clock_go_on(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    message = give_information(
        ticket.pk, asking.amina, {"school": "Hilltop, 2.14", "nonsense": "x"}, at("2026-03-16 11:00")
    )
    ticket.refresh_from_db()
    assert ticket.information == {"school": "Hilltop, 2.14"}
    assert message.is_public and "School and room:\nHilltop, 2.14" in message.text
    question = InformationAsked.objects.get(ticket=ticket)
    assert (question.ended_because, question.ended_at) == ("given", utc("2026-03-16 11:00"))
    # Two hours of waiting move the end of 80 working hours by two hours.
    whole = mails(asking, "2026-03-16 11:00", information={"school": "x"})
    state, due = clock(ticket, Metric.resolution, "2026-03-16 12:00")
    assert state is ClockState.running
    assert due == clock(whole, Metric.resolution, "2026-03-16 12:00")[1]


def test_a_part_of_it_lets_the_clock_go_on_too_since_the_customer_wrote(asking: Cast) -> None:
    ticket = mails(asking, MONDAY, product="laptop")
    give_information(ticket.pk, asking.amina, {"serial": "A-1"}, at("2026-03-16 11:00"))
    assert InformationAsked.objects.get(ticket=ticket).ended_because == "replied"
    assert clock(ticket, Metric.resolution, "2026-03-16 11:30")[0] is ClockState.running


def test_any_reply_ends_the_wait_at_its_receipt(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    receive_message(ticket.pk, asking.answer_of_amina("2026-03-16 10:00"), at("2026-03-16 10:20"))
    question = InformationAsked.objects.get(ticket=ticket)
    assert (question.ended_because, question.ended_at) == ("replied", utc("2026-03-16 10:00"))
    resumed = ticket.story.get(kind="resumed")
    assert resumed.at == utc("2026-03-16 10:00")


def test_where_no_clock_waits_a_reply_answers_nothing(asking: Cast) -> None:
    ticket = mails(asking, MONDAY, priority="high")
    receive_message(ticket.pk, asking.answer_of_amina("2026-03-16 10:00"), at("2026-03-16 10:00"))
    assert InformationAsked.objects.get(ticket=ticket).ended_at is None


def test_the_same_form_sent_twice_says_it_once(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    for minute in ("00", "01"):
        give_information(
            ticket.pk, asking.amina, {"school": "x"}, at(f"2026-03-16 11:{minute}"), message_id="<once@x>"
        )
    assert ticket.messages.count() == 2


def test_an_empty_form_changes_nothing(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    with pytest.raises(Refused, match="at least one field"):
        give_information(ticket.pk, asking.amina, {"school": " "}, at("2026-03-16 11:00"))
    assert ticket.messages.count() == 1


def test_an_agent_fills_in_and_the_wait_is_over(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    fill_in_information(ticket.pk, asking.bob, {"school": "Hilltop"}, at("2026-03-16 11:00"))
    question = InformationAsked.objects.get(ticket=ticket)
    assert (question.ended_because, question.ended_by) == ("given", asking.bob)
    assert ticket.messages.count() == 1
    assert clock(ticket, Metric.resolution, "2026-03-16 11:30")[0] is ClockState.running


def test_an_agent_waives_it_with_a_reason(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    with pytest.raises(Refused, match="Say why"):
        waive_information(ticket.pk, asking.bob, " ", at("2026-03-16 11:00"))
    waive_information(ticket.pk, asking.bob, "We know the room.", at("2026-03-16 11:00"))
    assert InformationAsked.objects.get(ticket=ticket).ended_because == "waived"
    assert ticket.story.get(kind="information_waived").data["reason"] == "We know the room."
    assert clock(ticket, Metric.resolution, "2026-03-16 11:30")[0] is ClockState.running
    with pytest.raises(Refused, match="Nobody waits"):
        waive_information(ticket.pk, asking.bob, "again", at("2026-03-16 12:00"))


def test_raised_to_a_priority_for_which_nothing_waits_the_clock_goes_on(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    set_priority(ticket.pk, asking.bob, "high", at("2026-03-16 11:00"))
    assert clock(ticket, Metric.resolution, "2026-03-16 11:30")[0] is ClockState.running
    assert InformationAsked.objects.get(ticket=ticket).ended_at is None


def test_an_agent_may_ask_once_where_nobody_was_asked(asking: Cast) -> None:
    ticket = mails(asking, MONDAY, channel="portal")
    ask_information(ticket.pk, asking.bob, at("2026-03-16 10:00"))
    assert [each.asked_from for each in asked_letters(ticket)] == [""]
    with pytest.raises(Refused, match="asked already"):
        ask_information(ticket.pk, asking.bob, at("2026-03-16 10:05"))


def test_what_was_given_is_kept_at_the_site_and_nobody_is_asked_again(
    asking: Cast, school: Organization, site: Site
) -> None:
    ticket = mails(asking, MONDAY, product="laptop", request_type="fault")
    given = {"serial": "A-1", "steps": "Press the button"}
    give_information(ticket.pk, asking.amina, given, at("2026-03-16 11:00"))
    with pytest.raises(NotAllowed):
        store_information(ticket.pk, site.pk, asking.bob, at("2026-03-16 12:00"))
    store_information(ticket.pk, site.pk, asking.lena, at("2026-03-16 12:00"))
    site.refresh_from_db()
    assert site.fields == {"school": "Hilltop, 2.14", "serial": "A-1"}
    assert AuditEntry.objects.get(action="site changed").data["fields"] == ["serial"]
    assert not asked_letters(mails(asking, "2026-03-17 09:00", site=site, product="laptop"))


def test_another_organizations_site_keeps_nothing(asking: Cast, school: Organization) -> None:
    ticket = mails(asking, MONDAY)
    fill_in_information(ticket.pk, asking.bob, {"school": "Hilltop"}, at("2026-03-16 11:00"))
    other = Organization.objects.create(desk=asking.desk, name="Valley School")
    foreign = Site.objects.create(organization=other, name="Valley")
    with pytest.raises(Refused, match="Choose a site"):
        store_information(ticket.pk, foreign.pk, asking.lena, at("2026-03-16 12:00"))


def test_an_agent_of_another_desk_fills_in_and_waives_nothing(asking: Cast, charlie) -> None:
    ticket = mails(asking, MONDAY)
    for deed in (
        lambda: fill_in_information(ticket.pk, charlie, {"school": "x"}, at("2026-03-16 11:00")),
        lambda: waive_information(ticket.pk, charlie, "no", at("2026-03-16 11:00")),
        lambda: ask_information(ticket.pk, charlie, at("2026-03-16 11:00")),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_too_late_to_be_reopened_nothing_is_taken(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    set_status(ticket.pk, asking.bob, "closed", at("2026-03-16 12:00"))
    long_after = at("2026-03-16 12:00").at + timedelta(days=31)
    with pytest.raises(Refused, match="too long ago"):
        give_information(ticket.pk, asking.amina, {"school": "x"}, at(f"{long_after:%Y-%m-%d %H:%M}"))
