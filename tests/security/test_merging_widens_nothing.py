"""Random merges, undoings, splits and links: nobody reads more afterwards of what was said before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest
from django.db.models import Q

from harness.cast import LONG_AGO, Cast, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Affiliation, Agent, Contact, Organization, Partnership
from upheld.rules.permissions import NotAllowed
from upheld.rules.tokens import Purpose
from upheld.tickets.actions import (
    Refused,
    SplitPart,
    link_tickets,
    merge_tickets,
    receive_message,
    remove_participant,
    reply,
    restrict_ticket,
    split_ticket,
    undo_merge,
    unlink_tickets,
    write_note,
)
from upheld.tickets.keys import link_token, participant_by
from upheld.tickets.models import Message, Participant, Ticket, TicketLink
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import (
    AgentViewer,
    ContactViewer,
    LinkViewer,
    Viewer,
    visible_parts,
    visible_thread,
    visible_tickets,
)

ROUNDS = 3
Seen = dict[str, set[str]]


@dataclass
class Walk:
    """A desk on which a minute passes with each step. Every message says something else, so that a copy is known."""

    cast: Cast
    random: Random
    contacts: list[Contact]
    agents: list[Agent]
    minutes: int = 0
    done: list[str] = field(default_factory=list)

    def moment(self) -> Moment:
        self.minutes += 1
        return Moment.exactly(utc("2026-03-16 09:00") + timedelta(minutes=self.minutes))

    def ticket(self) -> Ticket:
        return self.random.choice(list(Ticket.objects.order_by("pk")))

    def agent(self) -> Agent:
        return self.random.choice(self.agents)

    def merge(self) -> None:
        across = self.random.random() < 0.7
        merge_tickets(self.ticket().pk, self.ticket().number, self.agent(), self.moment(), across=across)

    def undo(self) -> None:
        merged = list(Ticket.objects.exclude(merged_into=None).order_by("pk"))
        undo_merge(self.random.choice(merged or [self.ticket()]).pk, self.agent(), self.moment())

    def split(self) -> None:
        ticket = self.ticket()
        messages = list(ticket.messages.filter(kind=Message.Kind.CUSTOMER).order_by("pk"))
        chosen = tuple(each.pk for each in messages if self.random.random() < 0.6)
        split_ticket(ticket.pk, self.agent(), [SplitPart("A part of it", chosen)], self.moment())

    def link(self) -> None:
        link_tickets(self.ticket().pk, self.ticket().number, self.agent(), self.moment())

    def unlink(self) -> None:
        related = TicketLink.objects.filter(kind=TicketLink.Kind.RELATED).order_by("pk").first()
        if related is not None:
            unlink_tickets(related.ticket_id, related.pk, self.agent(), self.moment())

    def customer_writes(self) -> None:
        rows = Participant.objects.filter(removed_at=None).order_by("pk").select_related("contact")
        row, moment = self.random.choice(list(rows)), self.moment()
        copies = (self.random.choice(self.contacts),) if self.random.random() < 0.3 else ()
        words = f"Customer {self.minutes}"
        at = moment.at.strftime("%Y-%m-%d %H:%M")
        incoming = self.cast.answer_of_amina(at, words, contact=row.contact, copies=copies)
        receive_message(row.ticket_id, incoming, moment)

    def agent_answers(self) -> None:
        moment = self.moment()
        reply(self.ticket().pk, self.agent(), f"Reply {self.minutes}", moment)

    def agent_notes(self) -> None:
        moment = self.moment()
        write_note(self.ticket().pk, self.agent(), f"Note {self.minutes}", moment)

    def put_out(self) -> None:
        rows = list(Participant.objects.filter(is_requester=False, removed_at=None).order_by("pk"))
        if rows:
            row = self.random.choice(rows)
            remove_participant(row.ticket_id, row.pk, self.agent(), self.moment())

    def tries(self, step: Callable[[], None]) -> bool:
        """What is refused changes nothing, and is a part of the walk."""
        try:
            step()
        except (Refused, NotAllowed):
            return False
        self.done.append(step.__name__)
        return True


def read_by(viewer: Viewer) -> set[str]:
    """All that somebody reads on any page of theirs."""
    survivors = set(Ticket.objects.exclude(merged_into=None).values_list("merged_into_id", flat=True))
    found: set[str] = set()
    for ticket in visible_tickets(viewer):
        parts = visible_parts(viewer, ticket) if ticket.pk in survivors else []
        found.update(visible_thread(viewer, ticket, parts).values_list("text", flat=True))
    return found


def links_of(contact: Contact) -> list[LinkViewer]:
    """What each address opens that was made for them, as far as it still opens anything."""
    found = []
    for row in Participant.objects.filter(contact=contact):
        opened = participant_by(Purpose.link, link_token(row))
        if opened is not None:
            assert opened.contact_id == contact.pk
            found.append(LinkViewer(opened.pk, opened.ticket_id, opened.contact_id))
    return found


def everybody(walk: Walk) -> Seen:
    seen = {str(agent): read_by(AgentViewer.of(agent)) for agent in walk.agents}
    for contact in walk.contacts:
        by_account = read_by(ContactViewer(contact.pk))
        for each in links_of(contact):
            assert read_by(each) <= by_account
        seen[str(contact)] = by_account
    return seen


@pytest.fixture
def walk(cast: Cast) -> Callable[[int], Walk]:
    """Two organizations and a partner of one, somebody without any, a desk with one restricted ticket."""

    def contact(name: str, organization: Organization | None = None, **more: bool) -> Contact:
        found = find_or_add_contact(f"{name.lower()}@{name.lower()}.example.org", name, LONG_AGO)
        if organization is not None:
            Affiliation.objects.create(contact=found, organization=organization, is_main=True, **more)
        return found

    def begin(seed: int) -> Walk:
        north, south, agency = (
            Organization.objects.create(desk=cast.desk, name=name) for name in ("North", "South", "Agency")
        )
        Partnership.objects.create(partner=agency, customer=north, may_act=True)
        kofi, noor = contact("Kofi", north), contact("Noor", south)
        clerk, pat, sol = contact("Clerk", north, sees_all=True), contact("Pat", agency), contact("Sol")
        found = Walk(cast, Random(seed), [kofi, noor, clerk, pat, sol, cast.amina], [cast.bob, cast.lena])
        cast.reads_what_is_restricted(cast.lena)
        asked = ((kofi, north), (noor, south), (kofi, north), (sol, None), (noor, south), (cast.amina, None))
        for number, (who, organization) in enumerate(asked):
            at = found.moment().at.strftime("%Y-%m-%d %H:%M")
            copies = (found.random.choice(found.contacts),)
            text = f"Request {number}"
            ticket = cast.writes(at, text, contact=who, organization=organization, text=text, cc=copies)
        restrict_ticket(ticket.pk, cast.lena, "About a pupil", found.moment())
        return found

    return begin


@pytest.mark.parametrize("seed", [3, 11])
def test_nobody_reads_more_of_the_past(walk: Callable[[int], Walk], seed: int) -> None:
    desk = walk(seed)
    shaping = (desk.merge, desk.merge, desk.undo, desk.split, desk.link, desk.unlink)
    others = (desk.customer_writes, desk.agent_answers, desk.agent_notes, desk.put_out)
    for _ in range(ROUNDS):
        for _ in range(5):
            desk.tries(desk.random.choice(others))
        before, said = everybody(desk), set(Message.objects.values_list("text", flat=True))
        for step in desk.random.choices(shaping, k=4):
            if desk.tries(step):
                after = everybody(desk)
                grown = {who: (after[who] & said) - before[who] for who in after}
                assert not any(grown.values()), (desk.done, grown)
                before = after
    assert {"merge", "customer_writes"} <= set(desk.done)
    assert not Ticket.objects.filter(~Q(merged_into=None) & ~Q(status_category="closed")).exists()
