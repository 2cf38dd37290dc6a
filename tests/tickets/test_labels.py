"""Tags and the desk's own fields: on tickets, through merges, and as a lead keeps them in order."""

import pytest

from harness.cast import Cast, at
from upheld.desks.models import AuditEntry
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    add_own_field,
    add_reader,
    bring_back_own_field,
    change_own_field,
    delete_tag,
    merge_tag,
    merge_tickets,
    move_own_field,
    rename_tag,
    restrict_ticket,
    retire_own_field,
    set_custom,
    tag_ticket,
    undo_merge,
    untag_ticket,
)
from upheld.tickets.desk_labels import visible_fields, visible_tags
from upheld.tickets.models import CustomField, CustomValue, StoryEvent, Tag, Tagged, Ticket
from upheld.tickets.visibility import AgentViewer

NOW = at("2026-03-20 15:00")


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


def tags_of(ticket: Ticket) -> list[str]:
    return list(
        Tagged.objects.filter(ticket=ticket).order_by("tag__name").values_list("tag__name", flat=True)
    )


def told(ticket: Ticket, kind: str) -> list[dict[str, object]]:
    return list(
        StoryEvent.objects.filter(ticket=ticket, kind=kind).order_by("seq").values_list("data", flat=True)
    )


def test_a_tag_is_one_word_however_it_is_written(cast: Cast, ticket: Ticket) -> None:
    assert tag_ticket(ticket.pk, cast.bob, ["Battery", " #battery ", "charger  cable"], NOW) == [
        "Battery",
        "charger cable",
    ]
    assert tag_ticket(ticket.pk, cast.lena, ["BATTERY"], NOW) == []
    assert tags_of(ticket) == ["Battery", "charger cable"]
    assert told(ticket, "tagged") == [{"names": ["Battery", "charger cable"]}], "nothing new, no line"
    assert untag_ticket(ticket.pk, cast.bob, ["battery", "unknown"], NOW) == ["Battery"]
    assert tags_of(ticket) == ["charger cable"]
    assert told(ticket, "untagged") == [{"names": ["Battery"]}]
    with pytest.raises(Refused, match="up to 40 letters"):
        tag_ticket(ticket.pk, cast.bob, ["x" * 41], NOW)
    with pytest.raises(Refused, match="up to 30 tags"):
        tag_ticket(ticket.pk, cast.bob, [f"tag {number}" for number in range(30)], NOW)


def test_tags_move_no_clock(cast: Cast, ticket: Ticket) -> None:
    due = ticket.next_due_at
    tag_ticket(ticket.pk, cast.bob, ["battery"], NOW)
    ticket.refresh_from_db()
    assert ticket.next_due_at == due is not None


def test_other_desks_tag_and_see_nothing_here(cast: Cast, ticket: Ticket, charlie: Agent) -> None:
    with pytest.raises(NotAllowed):
        tag_ticket(ticket.pk, charlie, ["battery"], NOW)
    tag_ticket(ticket.pk, cast.bob, ["battery"], NOW)
    assert not visible_tags(AgentViewer.of(charlie), cast.desk.pk).filter(count__gt=0).exists()


def test_a_tag_of_a_restricted_ticket_is_no_hint_for_others(cast: Cast, ticket: Ticket) -> None:
    cast.reads_what_is_restricted(cast.bob)
    restrict_ticket(ticket.pk, cast.bob, "It is about a colleague.", NOW)
    tag_ticket(ticket.pk, cast.bob, ["investigation"], NOW)
    assert not visible_tags(AgentViewer.of(cast.ada), cast.desk.pk).exists()
    [seen] = visible_tags(AgentViewer.of(cast.bob), cast.desk.pk)
    assert (seen.name, seen.count) == ("investigation", 1)
    with pytest.raises(Tag.DoesNotExist):
        delete_tag(cast.desk.pk, seen.pk, cast.ada, NOW)
    # Another that is given the same name becomes the same one, and nobody is told why.
    other = cast.writes("2026-03-20 14:30", subject="Another")
    tag_ticket(other.pk, cast.lena, ["inquiry"], NOW)
    inquiry = Tag.objects.get(name="inquiry")
    rename_tag(cast.desk.pk, inquiry.pk, cast.ada, "Investigation", NOW)
    assert tags_of(ticket) == tags_of(other) == ["Investigation"]
    [seen] = visible_tags(AgentViewer.of(cast.ada), cast.desk.pk)
    assert seen.count == 1
    add_reader(ticket.pk, cast.bob, cast.ada, NOW)
    [seen] = visible_tags(AgentViewer.of(cast.ada), cast.desk.pk)
    assert seen.count == 2


def test_a_merge_takes_tags_along_and_undoing_it_gives_them_back(cast: Cast, ticket: Ticket) -> None:
    source = cast.writes("2026-03-20 14:30", subject="The same again")
    tag_ticket(source.pk, cast.bob, ["battery", "shared"], NOW)
    tag_ticket(ticket.pk, cast.bob, ["shared"], NOW)
    merge_tickets(source.pk, ticket.number, cast.bob, at("2026-03-20 15:10"))
    assert tags_of(ticket) == ["battery", "shared"]
    assert told(ticket, "tagged")[-1] == {"names": ["battery"], "source": source.number}
    undo_merge(source.pk, cast.bob, at("2026-03-20 15:20"))
    assert tags_of(ticket) == ["shared"] and tags_of(source) == ["battery", "shared"]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (CustomField.Kind.TEXT, "  Room   12 ", "Room 12"),
        (CustomField.Kind.NUMBER, "12,50", "12.5"),
        (CustomField.Kind.NUMBER, "1e3", "1000"),
        (CustomField.Kind.DATE, "2026-03-31", "2026-03-31"),
        (CustomField.Kind.CHOICE, "North", "North"),
        (CustomField.Kind.YES, "yes", "yes"),
    ],
)
def test_a_field_holds_what_it_is_for(cast: Cast, ticket: Ticket, kind: str, typed: str, kept: str) -> None:
    field = add_own_field(cast.desk.pk, cast.lena, "Whatever", kind, NOW, choices=["North", "South"])
    assert set_custom(ticket.pk, cast.bob, field.key, typed, NOW) == kept
    assert set_custom(ticket.pk, cast.bob, field.key, typed, NOW) == kept
    assert CustomValue.objects.get(ticket=ticket).value == kept
    assert told(ticket, "own_field") == [{"key": "whatever", "label": "Whatever", "to": kept}]
    set_custom(ticket.pk, cast.bob, field.key, "", NOW)
    assert not CustomValue.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (CustomField.Kind.TEXT, "x" * 251),
        (CustomField.Kind.NUMBER, "NaN"),
        (CustomField.Kind.NUMBER, "1e999"),
        (CustomField.Kind.DATE, "31.3.2026"),
        (CustomField.Kind.CHOICE, "East"),
        (CustomField.Kind.YES, "perhaps"),
    ],
)
def test_a_field_refuses_what_it_cannot_hold(cast: Cast, ticket: Ticket, kind: str, typed: str) -> None:
    field = add_own_field(cast.desk.pk, cast.lena, "Whatever", kind, NOW, choices=["North", "South"])
    with pytest.raises(Refused, match="Whatever"):
        set_custom(ticket.pk, cast.bob, field.key, typed, NOW)
    assert not CustomValue.objects.exists()


def test_leads_keep_the_fields_and_agents_do_not(cast: Cast, ticket: Ticket) -> None:
    desk = cast.desk.pk
    with pytest.raises(NotAllowed):
        add_own_field(desk, cast.bob, "Building", "text", NOW)
    building = add_own_field(desk, cast.lena, "Building", "choice", NOW, choices=["North", "South", "North"])
    room = add_own_field(desk, cast.lena, "Room", "text", NOW)
    assert building.choices == ["North", "South"]
    with pytest.raises(Refused, match="already"):
        add_own_field(desk, cast.lena, "building", "text", NOW)
    move_own_field(desk, room.pk, cast.lena, -1, NOW)
    listed = visible_fields(AgentViewer.of(cast.lena), desk)
    assert [each.label for each in listed] == ["Room", "Building"]
    set_custom(ticket.pk, cast.bob, building.key, "North", NOW)
    with pytest.raises(Refused, match="North"):
        change_own_field(desk, building.pk, cast.lena, "House", NOW, choices=["South"])
    changed = change_own_field(desk, building.pk, cast.lena, "House", NOW, choices=["North", "West"])
    assert (changed.key, changed.label) == ("building", "House"), "searches keep their word"
    retire_own_field(desk, building.pk, cast.lena, NOW)
    with pytest.raises(Refused, match="no such field"):
        set_custom(ticket.pk, cast.bob, building.key, "West", NOW)
    bring_back_own_field(desk, building.pk, cast.lena, NOW)
    assert CustomValue.objects.get(field=building).value == "North"
    said = list(AuditEntry.objects.filter(desk=desk).order_by("pk").values_list("action", flat=True))[-6:]
    assert said == [
        "field added",
        "field added",
        "fields ordered",
        "field changed",
        "field taken out of use",
        "field brought back",
    ]


def test_a_lead_puts_tags_in_order(cast: Cast, ticket: Ticket) -> None:
    desk, other = cast.desk.pk, cast.writes("2026-03-20 14:30", subject="Another")
    tag_ticket(ticket.pk, cast.bob, ["battery", "accu"], NOW)
    tag_ticket(other.pk, cast.bob, ["accu", "typo"], NOW)
    battery, accu, typo = (Tag.objects.get(name=name) for name in ("battery", "accu", "typo"))
    with pytest.raises(NotAllowed):
        rename_tag(desk, accu.pk, cast.bob, "accumulator", NOW)
    with pytest.raises(Refused, match="Merge"):
        rename_tag(desk, accu.pk, cast.lena, "Battery", NOW)
    merge_tag(desk, accu.pk, battery.pk, cast.lena, NOW)
    assert tags_of(ticket) == ["battery"] and tags_of(other) == ["battery", "typo"]
    delete_tag(desk, typo.pk, cast.lena, NOW)
    rename_tag(desk, battery.pk, cast.lena, "Batteries", NOW)
    assert tags_of(ticket) == tags_of(other) == ["Batteries"]
    audited = AuditEntry.objects.filter(desk=desk, action__startswith="tag ").order_by("pk")
    assert [(each.action, each.subject) for each in audited] == [
        ("tag merged", "accu"),
        ("tag deleted", "typo"),
        ("tag renamed", "battery"),
    ]
