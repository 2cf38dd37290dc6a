"""A request without a contract is held at intake, whole and without a number, until somebody decides about it."""

from datetime import timedelta

import pytest

from harness.cast import Cast, at, utc
from harness.maintenance import Maintenance
from upheld.desks.models import AuditEntry
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Affiliation, Agent, Contact, NamedReader, Organization
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.actions import Refused
from upheld.tickets.held import covered_now, undecided, visible_held
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import HeldRequest, HeldState, Message, Ticket
from upheld.tickets.visibility import AgentViewer
from upheld.worker.held_requests import HeldSweeper

# Monday 09:00 in Los Angeles, when the office is open.
MONDAY = "2026-03-16 16:00"
LATER = "2026-03-16 19:00"


@pytest.fixture
def desk(cast: Cast) -> Maintenance:
    return Maintenance.of(cast)


def kinds() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def test_without_a_contract_there_is_no_number(desk: Maintenance) -> None:
    held = desk.held(MONDAY, files=(NewFile("log.txt", "text/plain", b"nothing"),))
    assert not Ticket.objects.exists()
    assert held.state == HeldState.HELD
    assert held.messages.get().files.get().name == "log.txt"
    letter = Notice.objects.get()
    assert (letter.kind, letter.ticket_number, letter.to_address) == (
        NoticeKind.HELD,
        "",
        "amina@school.example.org",
    )
    assert "reply with its number" in letter.data["told"]


def test_the_sender_is_told_the_same_whatever_is_missing(desk: Maintenance) -> None:
    unknown = desk.held(MONDAY)
    desk.belongs()
    none = desk.held(MONDAY, "Another")
    desk.signs("2025-01-01", "2025-12-31")
    ended = desk.held(MONDAY, "A third")
    assert len({unknown.because, none.because, ended.because}) == 3
    assert len({letter.data["told"] for letter in Notice.objects.all()}) == 1
    assert not any("Harbour" in str(letter.data) for letter in Notice.objects.all())


def test_with_a_contract_in_force_at_receipt_there_is_one(desk: Maintenance) -> None:
    desk.belongs()
    contract = desk.signs()
    ticket = desk.asks(MONDAY)
    assert isinstance(ticket, Ticket)
    assert (ticket.contract, ticket.organization) == (contract, desk.firm)


def test_nobody_is_written_to_who_only_ever_rang_or_to_whom_we_wrote(desk: Maintenance) -> None:
    desk.held(MONDAY, channel="agent", opened_by=desk.cast.bob)
    assert not Notice.objects.exists()


class TestAdmitting:
    def test_with_a_reason_the_ticket_keeps_its_receipt(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY, files=(NewFile("log.txt", "text/plain", b"nothing"),))
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER), reason="Sales vouch for them.")
        held.refresh_from_db()
        assert (held.state, held.ticket, held.decided_by, held.wake_at) == (
            HeldState.ADMITTED,
            ticket,
            desk.cast.bob,
            None,
        )
        assert ticket.received_at == utc(MONDAY)
        assert ticket.messages.get().attachments.get().digest == held.messages.get().files.get().digest
        opened, admitted = ticket.story.filter(kind__in=("opened", "admitted")).order_by("seq")
        assert (opened.at, opened.data["held"]) == (utc(MONDAY), True)
        assert (admitted.at, admitted.agent, admitted.data["contract_at_receipt"]) == (
            utc(LATER),
            desk.cast.bob,
            False,
        )
        entry = AuditEntry.objects.get(action="request admitted")
        assert (entry.actor, entry.data["reason"], entry.data["ticket"]) == (
            "bob@desk.example.com",
            "Sales vouch for them.",
            ticket.number,
        )
        assert kinds() == ["held", "acknowledgement", "information"]

    def test_the_time_in_which_it_was_held_does_not_count_without_a_contract(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER), reason="They paid.")
        # 8 working hours from 12:00 in Los Angeles; the office closes at 17:30.
        assert ticket.next_due_at == utc("2026-03-17 16:00")

    def test_it_counts_if_a_contract_was_in_force_at_receipt(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        contract = desk.signs()
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER), contract=contract)
        assert ticket.next_due_at == utc("2026-03-17 00:00")
        assert (ticket.contract, ticket.organization) == (contract, desk.firm)

    def test_a_contract_that_began_since_admits_and_lets_no_time_count(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        contract = desk.signs("2026-03-17")
        ticket = actions.admit_request(held.pk, desk.cast.bob, at("2026-03-17 19:00"), contract=contract)
        admitted = ticket.story.get(kind="admitted")
        assert (admitted.data["contract_at_receipt"], ticket.contract) == (False, contract)

    def test_no_alarm_is_raised_for_what_was_due_while_it_was_held(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY, "System down")
        Notice.objects.all().delete()
        later = at("2026-03-18 19:00")
        ticket = actions.admit_request(held.pk, desk.cast.bob, later, reason="They paid.")
        assert ticket.priority == "level_1"
        assert not ticket.story.filter(kind="verdict").exists()
        # The ladder begins with the admission: the manager hears at once, and nobody of the steps in between.
        steps = ticket.story.filter(kind="escalated")
        assert [(each.at, each.data["step"]) for each in steps] == [(later.at, 1)]
        assert ticket.next_due_at == later.at + timedelta(hours=1)

    def test_what_a_contract_promised_and_nobody_kept_is_a_breach(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY, "System down")
        contract = desk.signs()
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER), contract=contract)
        verdict = ticket.story.get(kind="verdict")
        assert (verdict.data["verdict"], verdict.at) == ("breached", utc(LATER))
        assert Notice.objects.filter(kind=NoticeKind.BREACH).count() == 1

    def test_what_the_sender_added_comes_over_at_its_own_instant(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        more = desk.cast.answer_of_amina(
            "2026-03-16 17:00", "Our contract is MC-7.", files=(NewFile("contract.pdf", "", b"%PDF"),)
        )
        assert actions.add_to_held(held.pk, more, at("2026-03-16 17:00")) is not None
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER), reason="MC-7 it is.")
        _first, second = ticket.messages.order_by("at")
        assert (second.at, second.text, second.kind) == (
            utc("2026-03-16 17:00"),
            "Our contract is MC-7.",
            Message.Kind.CUSTOMER,
        )
        assert second.attachments.get().name == "contract.pdf"
        assert [each.kind for each in ticket.story.order_by("at", "seq")][:2] == ["opened", "message"]

    def test_the_sender_may_belong_to_the_organization_from_now_on(self, desk: Maintenance) -> None:
        held, contract = desk.held(MONDAY), desk.signs()
        with pytest.raises(NotAllowed):
            actions.admit_request(held.pk, desk.cast.bob, at(LATER), contract=contract, affiliates=True)
        actions.admit_request(held.pk, desk.cast.lena, at(LATER), contract=contract, affiliates=True)
        assert Affiliation.objects.get().organization == desk.firm
        assert isinstance(desk.asks("2026-03-16 20:00", "The next one"), Ticket)

    def test_twice_gives_one_number(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        first = actions.admit_request(held.pk, desk.cast.bob, at(LATER), reason="Yes.")
        assert actions.admit_request(held.pk, desk.cast.lena, at(LATER), reason="Yes!") == first
        assert Ticket.objects.count() == 1

    def test_neither_reason_nor_contract_admits_nothing(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        with pytest.raises(Refused, match="Say why"):
            actions.admit_request(held.pk, desk.cast.bob, at(LATER), reason="  ")
        ended = desk.signs("2025-01-01", "2025-12-31")
        with pytest.raises(Refused, match="does not cover"):
            actions.admit_request(held.pk, desk.cast.bob, at(LATER), contract=ended, reason="Please.")
        assert not Ticket.objects.exists()

    def test_a_contract_of_another_desk_is_none(self, desk: Maintenance, charlie: Agent) -> None:
        held, other = desk.held(MONDAY), charlie.memberships.get().desk
        elsewhere = Organization.objects.create(name="Elsewhere", desk=other)
        foreign = desk.signs(desk=other, organization=elsewhere)
        with pytest.raises(Refused, match="another desk"):
            actions.admit_request(held.pk, desk.cast.bob, at(LATER), contract=foreign)
        with pytest.raises(HeldRequest.DoesNotExist):
            actions.admit_request(held.pk, charlie, at(LATER), reason="Mine now.")

    def test_the_last_incident_admits_once(self, desk: Maintenance) -> None:
        first, second = desk.held(MONDAY), desk.held(MONDAY, "Another")
        contract = desk.signs(incidents=1)
        actions.admit_request(first.pk, desk.cast.bob, at(LATER), contract=contract)
        with pytest.raises(Refused, match="used up"):
            actions.admit_request(second.pk, desk.cast.bob, at(LATER), contract=contract)


class TestWhatWouldPassNow:
    def test_is_marked_and_admitted_without_a_reason(self, desk: Maintenance) -> None:
        held, other = desk.held(MONDAY), desk.held(MONDAY, "Another", contact=stranger(desk))
        assert covered_now([held, other], utc(LATER)) == {}
        contract = desk.signs()
        assert covered_now([held, other], utc(LATER)) == {}
        desk.belongs()
        found = covered_now([held, other], utc(LATER))
        assert set(found) == {held.pk}
        assert (found[held.pk].contract, found[held.pk].at_receipt) == (contract, True)
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER))
        assert ticket.contract == contract

    def test_a_contract_that_began_since_counts_as_well(self, desk: Maintenance) -> None:
        desk.belongs()
        held = desk.held(MONDAY)
        desk.signs("2026-03-17")
        assert covered_now([held], utc(LATER)) == {}
        assert covered_now([held], utc("2026-03-18 09:00"))[held.pk].at_receipt is False


class TestDeclining:
    def test_sends_the_agents_words_and_deletes_nothing(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        actions.decline_request(
            held.pk, desk.cast.bob, at(LATER), reason="No customer.", letter="We cannot help."
        )
        held.refresh_from_db()
        assert (held.state, held.decision, held.wake_at) == (HeldState.DECLINED, "No customer.", None)
        letter = Notice.objects.get(kind=NoticeKind.HELD_DECLINED)
        assert letter.data["text"] == "We cannot help."
        assert "No customer" not in str(letter.data)
        assert held.messages.get().text == "Since this morning."

    def test_can_be_taken_back_by_admitting_it(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        actions.decline_request(held.pk, desk.cast.bob, at(LATER), reason="No customer.", letter="")
        assert not Notice.objects.filter(kind=NoticeKind.HELD_DECLINED).exists()
        ticket = actions.admit_request(held.pk, desk.cast.bob, at("2026-03-17 19:00"), reason="They are.")
        assert ticket.received_at == utc(MONDAY)
        with pytest.raises(Refused, match=ticket.number):
            actions.decline_request(held.pk, desk.cast.bob, at("2026-03-17 20:00"), reason="No.", letter="")

    def test_a_further_message_puts_it_back_with_a_time_of_its_own(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        actions.decline_request(held.pk, desk.cast.bob, at(LATER), reason="No customer.", letter="Sorry.")
        actions.add_to_held(held.pk, desk.cast.answer_of_amina("2026-03-17 16:00"), at("2026-03-17 16:00"))
        held.refresh_from_db()
        assert (held.state, held.due_at) == (HeldState.HELD, utc("2026-03-17 17:00"))
        assert AuditEntry.objects.get(action="request taken up again").data["declined_because"]


class TestItsClock:
    def test_it_is_due_within_a_working_hour(self, desk: Maintenance) -> None:
        assert desk.held(MONDAY).due_at == utc("2026-03-16 17:00")
        # Saturday night counts from Monday's opening.
        assert desk.held("2026-03-22 05:00", "At night").due_at == utc("2026-03-23 14:30")

    def test_the_leads_hear_once_when_nobody_decided(self, desk: Maintenance) -> None:
        desk.held(MONDAY)
        sweeper = HeldSweeper()
        assert sweeper.sweep(utc("2026-03-16 16:59")) == 0
        assert [sweeper.sweep(utc("2026-03-16 17:00")) for _ in range(2)] == [1, 0]
        alert = Notice.objects.get(kind=NoticeKind.HELD_ALERT)
        assert (alert.to_address, alert.data["cause"]) == ("lena@desk.example.com", "due")

    def test_killed_in_between_it_is_told_by_the_next_and_still_once(
        self, desk: Maintenance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held = desk.held(MONDAY)
        with monkeypatch.context() as patched:
            # After the letters are written, and before the row says so.
            patched.setattr(HeldRequest, "save", killed)
            assert HeldSweeper().sweep(utc("2026-03-16 17:00")) == 0
        assert not Notice.objects.filter(kind=NoticeKind.HELD_ALERT).exists()
        assert HeldSweeper().sweep(utc("2026-03-16 17:01")) == 1
        held.refresh_from_db()
        assert (held.alerts, held.wake_at) == (1, None)
        assert Notice.objects.filter(kind=NoticeKind.HELD_ALERT).count() == 1

    def test_once_decided_nobody_is_told(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        actions.admit_request(held.pk, desk.cast.bob, at("2026-03-16 16:30"), reason="Yes.")
        assert HeldSweeper().sweep(utc("2026-03-16 18:00")) == 0

    @pytest.mark.parametrize(
        ("named", "hears"),
        [
            ({"subject": "System down"}, True),
            ({"subject": "Help", "text": "Our priority level is: priority 2."}, True),
            ({"priority": "level_1"}, True),
            ({"priority": "level_3"}, False),
            ({"subject": "Is there a new version?"}, False),
        ],
    )
    def test_of_an_urgent_one_they_hear_at_once(
        self, desk: Maintenance, named: dict[str, str], hears: bool
    ) -> None:
        held = desk.held(MONDAY, **named)
        alerts = Notice.objects.filter(kind=NoticeKind.HELD_ALERT, data__cause="named")
        assert alerts.exists() is hears
        # And again when the time is over.
        HeldSweeper().sweep(utc("2026-03-16 17:00"))
        held.refresh_from_db()
        assert held.alerts == 1 + hears

    def test_a_further_message_may_make_it_urgent(self, desk: Maintenance) -> None:
        held = desk.held(MONDAY)
        for minute, text in ((10, "Hello?"), (20, "Now it is system down."), (30, "System down, I say.")):
            when = f"2026-03-16 16:{minute}"
            actions.add_to_held(held.pk, desk.cast.answer_of_amina(when, text), at(when))
        assert Notice.objects.filter(kind=NoticeKind.HELD_ALERT).count() == 1

    def test_without_leads_the_administrators_hear(self, desk: Maintenance) -> None:
        desk.cast.lena.memberships.all().delete()
        desk.held(MONDAY, "System down")
        assert Notice.objects.get(kind=NoticeKind.HELD_ALERT).to_address == "ada@desk.example.com"


class TestWhoSeesIt:
    def test_agents_of_the_desk_alone(self, desk: Maintenance, charlie: Agent) -> None:
        held = desk.held(MONDAY)
        assert list(visible_held(AgentViewer.of(desk.cast.bob))) == [held]
        assert undecided(AgentViewer.of(desk.cast.bob)).count() == 1
        assert undecided(AgentViewer.of(charlie)).count() == 0

    def test_one_for_named_people_only_is_for_the_named_readers(self, desk: Maintenance) -> None:
        NamedReader.objects.all().delete()
        held = desk.held(MONDAY, "System down", restricted=True)
        alert = Notice.objects.get(kind=NoticeKind.HELD_ALERT)
        assert (alert.to_address, alert.data["nobody_reads"]) == ("ada@desk.example.com", True)
        assert "System down" not in str(alert.data)
        assert undecided(AgentViewer.of(desk.cast.ada)).count() == 0
        with pytest.raises(HeldRequest.DoesNotExist):
            actions.admit_request(held.pk, desk.cast.ada, at(LATER), reason="I am the administrator.")
        NamedReader.objects.create(
            desk=desk.cast.desk, agent=desk.cast.bob, added_at=utc(MONDAY), added_by="t"
        )
        assert undecided(AgentViewer.of(desk.cast.bob)).count() == 1
        HeldSweeper().sweep(utc(LATER))
        told = Notice.objects.filter(kind=NoticeKind.HELD_ALERT, data__cause="due").get()
        assert (told.to_address, "subject" in told.data) == ("bob@desk.example.com", False)
        ticket = actions.admit_request(held.pk, desk.cast.bob, at(LATER), reason="Ours.")
        assert ticket.restricted


def test_a_late_reply_goes_through_the_gate_as_well(desk: Maintenance) -> None:
    desk.belongs()
    desk.signs("2026-01-01", "2026-03-31")
    ticket = desk.asks("2026-03-02 17:00")
    assert isinstance(ticket, Ticket)
    actions.reply(ticket.pk, desk.cast.bob, "Solved.", at("2026-03-03 17:00"), status="closed")
    late = desk.cast.answer_of_amina("2026-06-03 17:00", "It is back.")
    held = actions.receive_message(ticket.pk, late, at("2026-06-03 17:00"))
    assert isinstance(held, HeldRequest)
    assert (held.follows, held.because) == (
        ticket,
        "no contract of the organization was in force at receipt",
    )
    new = actions.admit_request(
        held.pk, desk.cast.bob, at("2026-06-03 18:00"), reason="Renewal is on its way."
    )
    assert (new.follows, new.messages.get().text) == (ticket, "It is back.")


def stranger(desk: Maintenance) -> Contact:
    return find_or_add_contact("mallory@evil.example.net", "Mallory", utc(MONDAY))


def killed(*_: object, **__: object) -> None:
    raise RuntimeError("killed")
