"""The generator writes the rows that the real actions write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.desks.numbers import start_series
from upheld.lab.generator.lives import Crowd, Deed, Life, lives
from upheld.lab.generator.search import bulk_words
from upheld.lab.generator.seed import open_policy, place_of, write
from upheld.lab.stage import Stage
from upheld.people.actions import add_agent, find_or_add_contact
from upheld.people.models import Agent, Contact
from upheld.rules.permissions import Role
from upheld.tickets.actions import (
    assign,
    open_ticket,
    receive_message,
    reply,
    set_status,
    settle_ticket,
    write_note,
)
from upheld.tickets.incoming import Incoming, NewRequest
from upheld.tickets.models import Message, Participant, StoryEvent, Ticket
from upheld.tickets.moment import Moment

NOW = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
THEN = NOW - timedelta(days=400)
CROWD = Crowd(contacts=3, agents=2, messages=3)


def desk_with_people(slug: str, prefix: str) -> Desk:
    desk = create_desk(
        slug=slug,
        name=slug,
        prefix=prefix,
        zone="Europe/London",
        address=f"{slug}@desk.example.com",
        by="test",
        now=THEN,
    )
    publish_policy(desk, open_policy(), now=NOW, by="test", effective_from=THEN)
    for name in ("Alice", "Bob"):
        address, role = f"{name}@desk.example.com", Role.agent
        add_agent(desk, address=address, name=name, role=role, by="test", now=THEN)
    for name in ("Carol", "Dan", "Eve-Marie"):
        find_or_add_contact(f"{name}@some-school.example.org", name, THEN)
    return desk


class Actors:
    """Plays lives through the real actions."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.agents = list(Agent.objects.order_by("id"))
        self.contacts = list(Contact.objects.order_by("id"))

    def play(self, life: Life) -> None:
        request = NewRequest(
            desk=self.desk,
            contact=self.contacts[life.contact],
            subject=life.subject,
            text=life.text,
            received_at=life.received_at,
            channel=life.channel,
            priority=life.priority,
        )
        ticket = open_ticket(request, Moment.exactly(life.received_at))
        for deed in life.deeds:
            self.settle(deed.at)
            self.do(ticket.pk, deed, self.contacts[life.contact])
        self.settle(NOW)
        settle_ticket(ticket.pk, Moment.exactly(NOW))

    def settle(self, until: datetime) -> None:
        Stage(self.desk, cast=None).settle(until)  # type: ignore[arg-type]

    def do(self, ticket_id: int, deed: Deed, contact: Contact) -> None:
        agent, moment = self.agents[deed.agent], Moment.exactly(deed.at)
        match deed.kind:
            case "reply":
                reply(ticket_id, agent, deed.value, moment, status=deed.status)
            case "note":
                write_note(ticket_id, agent, deed.value, moment)
            case "status":
                set_status(ticket_id, agent, deed.value, moment)
            case "assign":
                assign(ticket_id, agent, self.agents[int(deed.value)], moment)
            case "customer":
                kind = Message.Kind.CUSTOMER
                incoming = Incoming(
                    kind=kind, contact=contact, text=deed.value, received_at=deed.at, channel="email"
                )
                receive_message(ticket_id, incoming, moment)


def hand_made() -> list[Life]:
    """Lives with every turn: reopened by a reply, breached and warned, waiting and closed unanswered, a note."""
    start = NOW - timedelta(days=20)
    base = Life("Boots never", "It beeps, three times.", 0, "email", "high", start, ())

    def at(hours: float) -> datetime:
        return start + timedelta(hours=hours)

    return [
        base,
        replace(
            base,
            contact=1,
            priority=None,
            deeds=(
                Deed("assign", at(1), "1", 0),
                Deed("reply", at(2), "Try the other socket.", 1, "resolved"),
                Deed("customer", at(30), "It beeps again."),
                Deed("note", at(31), "Socket was fine.", 0),
                Deed("reply", at(32), "Then it is the battery.", 1),
                Deed("customer", at(33), "Agreed"),
                Deed("reply", at(34), "New battery sent.", 1, "resolved"),
            ),
        ),
        replace(
            base,
            contact=2,
            channel="portal",
            deeds=(Deed("reply", at(100), "Which one?", 0, "waiting_on_customer"),),
        ),
        replace(base, priority="low", deeds=(Deed("status", at(5), "waiting_on_third_party", 1),)),
    ]


def rows(desk: Desk) -> list[object]:
    """All rows of the desk without ids, in a form to compare; people and tickets by name."""
    tickets = Ticket.objects.filter(desk=desk).order_by("id")
    place = {ticket.pk: number for number, ticket in enumerate(tickets)}
    left_out = {"id", "desk_id", "number", "policy_version_id"}
    result: list[object] = []
    for ticket in tickets:
        result.append({name: value for name, value in _values(ticket).items() if name not in left_out})
    for model in (Participant, Message, StoryEvent):
        for row in model.objects.filter(ticket__desk=desk).order_by("ticket_id", "id"):
            values = _values(row)
            values["ticket_id"] = place[row.ticket_id]
            if values.get("message_id") and model is StoryEvent:
                values["message_id"] = row.message.text
            del values["id"]
            result.append(values)
    return result


def _values(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def forget_tickets() -> None:
    tables = ["ticket", "participant", "message", "storyevent", "attachment", "tickettext", "heldrequest"]
    names = ", ".join(f"tickets_{each}" for each in tables)
    with connection.cursor() as cursor:
        cursor.execute(
            f"set constraints all immediate; truncate {names}, mailboxes_rawmail, mailboxes_fetched cascade"
        )


def vectors(desk: Desk) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select vector::text from tickets_tickettext x join tickets_ticket t on t.id = x.ticket_id"
            " where t.desk_id = %s order by t.id",
            [desk.pk],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_the_generator_writes_what_the_actions_write() -> None:
    desk = desk_with_people("first", "ONE")
    all_lives = [*hand_made(), *lives(12, CROWD, NOW, Random(7))]
    actors = Actors(desk)
    for life in all_lives:
        actors.play(life)
    by_actions, words_by_actions = rows(desk), vectors(desk)
    assert StoryEvent.objects.exclude(consequence_key=None).count() > len(all_lives)
    forget_tickets()
    start_series(desk)

    write(all_lives, desk, place_of(desk, NOW), NOW, lambda done: None)
    bulk_words(desk)

    by_generator = rows(desk)
    assert len(by_generator) == len(by_actions)
    for made, real in zip(by_generator, by_actions, strict=True):
        assert made == real
    assert vectors(desk) == words_by_actions
    assert Ticket.objects.order_by("-id").first().number == f"ONE-{1000 + len(all_lives)}"


@pytest.mark.django_db
def test_after_the_generator_the_real_actions_go_on() -> None:
    desk = desk_with_people("first", "ONE")
    write(lives(5, CROWD, NOW, Random(1)), desk, place_of(desk, NOW), NOW, lambda done: None)

    contact = Contact.objects.first()
    request = NewRequest(
        desk=desk, contact=contact, subject="New", text="One more", received_at=NOW, channel="email"
    )
    ticket = open_ticket(request, Moment.exactly(NOW))

    assert ticket.number == "ONE-1006"


def test_the_same_source_makes_the_same_lives() -> None:
    first = list(lives(50, CROWD, NOW, Random(3)))
    assert first == list(lives(50, CROWD, NOW, Random(3)))
    assert first != list(lives(50, CROWD, NOW, Random(4)))


def test_one_life_in_ten_is_open_and_none_lies_ahead() -> None:
    made = list(lives(3_000, CROWD, NOW, Random(5)))
    done = [life for life in made if any(deed.status == "resolved" for deed in life.deeds)]
    assert 0.08 < 1 - len(done) / len(made) < 0.12
    assert all(deed.at <= NOW for life in made for deed in life.deeds)
