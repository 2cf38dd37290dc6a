"""The generator writes the rows that the real actions write."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.desks.numbers import start_series
from upheld.lab.generator.chunks import chunks, write_chunk
from upheld.lab.generator.files import SAMPLES, store_samples
from upheld.lab.generator.ids import Ids
from upheld.lab.generator.lives import Crowd, Deed, Life, lives
from upheld.lab.generator.search import add_words, stretches
from upheld.lab.generator.seed import open_policy, place_of, write
from upheld.lab.stage import Stage
from upheld.people.actions import (
    add_agent,
    add_team,
    affiliate,
    find_or_add_contact,
)
from upheld.people.models import Agent, Contact, Organization, Team
from upheld.rules.permissions import Role
from upheld.tickets.actions import (
    Goal,
    assign,
    hand_over,
    log_call,
    open_ticket,
    receive_message,
    reply,
    set_priority,
    set_status,
    settle_ticket,
    tag_ticket,
    write_note,
)
from upheld.tickets.incoming import Call, Incoming, NewFile, NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import (
    Attachment,
    ClockResult,
    Message,
    Participant,
    PauseSpan,
    StoryEvent,
    Tag,
    Tagged,
    Ticket,
)
from upheld.tickets.moment import Moment

NOW = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
THEN = NOW - timedelta(days=400)
CROWD = Crowd(
    contacts=3, agents=2, messages=3, organizations=2, outsiders=1, teams=2, tags=("battery", "loan")
)


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
    for name in ("Network", "Devices"):
        add_team(desk.pk, name=name, members=Agent.objects.values_list("pk", flat=True), by="test", now=THEN)
    schools = [Organization.objects.create(desk=desk, name=name) for name in ("Ash Road", "Birch Hill")]
    for name, school in zip(("Carol", "Dan", "Eve-Marie"), (*schools, None), strict=True):
        contact = find_or_add_contact(f"{name}@some-school.example.org", name, THEN)
        if school is not None:
            affiliate(contact.pk, school.pk, by="test", now=THEN)
    Tag.objects.bulk_create(Tag(desk=desk, name=name) for name in CROWD.tags)
    return desk


def files(numbers: tuple[int, ...]) -> tuple[NewFile, ...]:
    return tuple(
        NewFile(each.name, each.content_type, each.content) for each in map(SAMPLES.__getitem__, numbers)
    )


class Actors:
    """Plays lives through the real actions."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.agents = list(Agent.objects.order_by("id"))
        self.contacts = list(Contact.objects.order_by("id"))
        self.teams = list(Team.objects.filter(desk=desk).order_by("id"))

    def play(self, life: Life) -> None:
        request = NewRequest(
            desk=self.desk,
            contact=self.contacts[life.contact],
            subject=life.subject,
            text=life.text,
            received_at=life.received_at,
            channel=life.channel,
            priority=life.priority,
            files=files(life.files),
        )
        ticket = take_in(request, Moment.exactly(life.received_at))
        assert isinstance(ticket, Ticket)
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
                reply(ticket_id, agent, deed.value, moment, status=deed.status, files=files(deed.files))
            case "note":
                write_note(ticket_id, agent, deed.value, moment, files=files(deed.files))
            case "call":
                log_call(ticket_id, agent, deed.value, Call("out", deed.at - deed.ago), moment)
            case "status":
                set_status(ticket_id, agent, deed.value, moment, reason=deed.reason)
            case "priority":
                set_priority(ticket_id, agent, deed.value, moment, reason=deed.reason)
            case "assign":
                assign(ticket_id, agent, self.agents[int(deed.value)], moment)
            case "team":
                goal = Goal(team=self.teams[int(deed.value)])
                hand_over(ticket_id, agent, goal, deed.reason, moment)
            case "tags":
                tag_ticket(ticket_id, agent, deed.value.split(","), moment)
            case "customer":
                kind = Message.Kind.CUSTOMER
                incoming = Incoming(
                    kind=kind,
                    contact=contact,
                    text=deed.value,
                    received_at=deed.at,
                    channel="email",
                    files=files(deed.files),
                )
                receive_message(ticket_id, incoming, moment)


def hand_made() -> list[Life]:
    """Lives with every turn: reopened by a reply, breached and warned, waiting and closed unanswered, a note, calls in
    time and too late, other priorities, pauses, tags, another team, files."""
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
        replace(
            base,
            priority="low",
            files=(0, 5),
            deeds=(
                Deed("assign", at(1), "1", 0),
                Deed("team", at(2), "1", 1, reason="It is the network"),
                Deed("team", at(3), "0", 1, reason="It is not"),
                Deed("assign", at(4), "0", 1),
                Deed("tags", at(5), "loan,battery", 0),
                Deed("priority", at(6), "high", 0),
                Deed("call", at(7), "Rang, nobody there", 0, ago=timedelta(hours=2)),
                Deed("status", at(8), "waiting_on_third_party", 0, reason="The maker's spare part"),
                Deed("customer", at(30), "Any news?", files=(3,)),
                Deed("status", at(31), "open", 0),
                Deed("call", at(32), "It is on its way", 1),
                Deed("priority", at(33), "low", 0, reason="There is a way around it"),
                Deed("reply", at(300), "It has come.", 0, "resolved", files=(1, 2)),
            ),
        ),
    ]


def rows(desk: Desk) -> list[object]:
    """All rows of the desk without ids, in a form to compare; people and tickets by name."""
    tickets = Ticket.objects.filter(desk=desk).order_by("id")
    place = {ticket.pk: number for number, ticket in enumerate(tickets)}
    left_out = {"id", "desk_id", "number", "policy_version_id"}
    result: list[object] = []
    for ticket in tickets:
        result.append({name: value for name, value in _values(ticket).items() if name not in left_out})
    for model in (Participant, Message, Tagged, StoryEvent, ClockResult, PauseSpan):
        # Which of several rows of one ticket came first is no matter where their own names tell them apart.
        order = {ClockResult: ("metric", "cycle"), PauseSpan: ("number",)}.get(model, ("id",))
        for row in model.objects.filter(ticket__desk=desk).order_by("ticket_id", *order):
            values = _values(row)
            values["ticket_id"] = place[row.ticket_id]
            if values.get("message_id") and model is StoryEvent:
                values["message_id"] = row.message.text
            del values["id"]
            result.append(values)
    for file in Attachment.objects.filter(message__ticket__desk=desk).order_by(
        "message__at", "message", "name"
    ):
        # Where its bytes are is nobody's business but that they are the same.
        values = _values(file) | {
            "message_id": file.message.text,
            "stored_as": default_storage.open(file.stored_as).read(),
        }
        del values["id"]
        result.append(values)
    return result


def _values(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def forget_tickets() -> None:
    tables = ["ticket", "participant", "message", "storyevent", "attachment", "tickettext", "heldrequest"]
    tables += ["tagged", "clockresult", "pausespan"]
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
    store_samples()
    all_lives = [*hand_made(), *lives(14, CROWD, NOW, Random(7))]
    actors = Actors(desk)
    for life in all_lives:
        actors.play(life)
    by_actions, words_by_actions = rows(desk), vectors(desk)
    assert StoryEvent.objects.exclude(consequence_key=None).count() > len(all_lives)
    forget_tickets()
    start_series(desk)

    write(all_lives, desk, place_of(desk, NOW), NOW, lambda done: None)
    for stretch in stretches(desk):
        add_words(stretch)

    by_generator = rows(desk)
    assert len(by_generator) == len(by_actions)
    for made, real in zip(by_generator, by_actions, strict=True):
        assert made == real
    assert vectors(desk) == words_by_actions
    assert Ticket.objects.order_by("-id").first().number == f"ONE-{1000 + len(all_lives)}"
    played = {deed.kind for life in all_lives for deed in life.deeds}
    assert played == {"reply", "customer", "note", "call", "status", "assign", "team", "priority", "tags"}


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


@pytest.mark.django_db
def test_in_whatever_order_chunks_are_written_the_same_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upheld.lab.generator.chunks.SIZE", 10)
    desk = desk_with_people("first", "ONE")
    told = []
    for order in (1, -1):
        pieces = list(chunks(desk, 25, messages=3, now=NOW, source=5, made=lives, ids=Ids.after_all(desk)))
        assert [piece.count for piece in pieces] == [10, 10, 5]
        assert sum(write_chunk(piece) for piece in pieces[::order]) == 25
        told.append((rows(desk), [*Ticket.objects.order_by("id").values_list("id", "number")]))
        forget_tickets()
    assert told[0] == told[1]
    assert [number for _, number in told[0][1]] == [f"ONE-{1001 + each}" for each in range(25)]


def test_the_same_source_makes_the_same_lives() -> None:
    first = list(lives(50, CROWD, NOW, Random(3)))
    assert first == list(lives(50, CROWD, NOW, Random(3)))
    assert first != list(lives(50, CROWD, NOW, Random(4)))


def test_nothing_lies_ahead_and_each_deed_comes_after_the_one_before() -> None:
    for life in lives(2_000, CROWD, NOW, Random(5)):
        instants = [life.received_at, *(deed.at for deed in life.deeds)]
        assert all(before < after for before, after in zip(instants, [*instants[1:], NOW], strict=True))
