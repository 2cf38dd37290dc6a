"""Tag a ticket, take tags off it, and say what it has in the desk's own fields."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.actions.spelling_labels import MOST_TAGS, as_kept, spelled
from upheld.tickets.effects import carry_out
from upheld.tickets.models import CustomField, CustomValue, StoryEvent, Tag, Tagged
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def tag_ticket(ticket_id: int, agent: Agent, names: Sequence[str], moment: Moment) -> list[str]:
    """Tag a ticket; a tag that the desk does not have yet is made. Returns those that are new on the ticket, which make
    one line of the story. Raises NotAllowed, or Refused for what is no tag."""
    wanted = spelled(names)
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_tags, pen.ticket)
    new = put_on(pen, _tags(pen.ticket.desk_id, wanted), agent)
    if new:
        pen.fact("tagged", Actor.agent, agent=agent, names=new)
        _close(pen)
    return new


@transaction.atomic
def untag_ticket(ticket_id: int, agent: Agent, names: Sequence[str], moment: Moment) -> list[str]:
    """Take tags off a ticket; returns those that it had. Raises NotAllowed, or Refused for what is no tag."""
    wanted = {each.lower() for each in spelled(names)}
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_tags, pen.ticket)
    rows = Tagged.objects.filter(ticket=pen.ticket).select_related("tag").order_by("tag__name")
    gone = [each for each in rows if each.tag.name.lower() in wanted]
    if gone:
        Tagged.objects.filter(pk__in=[each.pk for each in gone]).delete()
        pen.fact("untagged", Actor.agent, agent=agent, names=[each.tag.name for each in gone])
        _close(pen)
    return [each.tag.name for each in gone]


@transaction.atomic
def set_custom(ticket_id: int, agent: Agent, key: str, value: str, moment: Moment) -> str:
    """Say what a ticket has in a field of the desk's own; an empty value empties it. Returns the value as it is kept.
    What stays as it is leaves no line in the story. Raises NotAllowed, or Refused for what the field cannot hold."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_tags, pen.ticket)
    field = CustomField.objects.filter(desk=pen.ticket.desk_id, key=key, retired_at=None).first()
    if field is None:
        raise Refused("The desk has no such field any more. Look at the ticket again.")
    kept = as_kept(field, value)
    before = (
        CustomValue.objects.filter(ticket=pen.ticket, field=field).values_list("value", flat=True).first()
    )
    if kept == (before or ""):
        return kept
    if kept:
        CustomValue.objects.update_or_create(ticket=pen.ticket, field=field, defaults={"value": kept})
    else:
        CustomValue.objects.filter(ticket=pen.ticket, field=field).delete()
    pen.fact("own_field", Actor.agent, agent=agent, key=field.key, label=field.label, to=kept or None)
    _close(pen)
    return kept


def take_tags_along(source: Pen, survivor: Pen, agent: Agent) -> None:
    """Let a ticket have the tags of one that is merged into it."""
    tags = list(Tag.objects.filter(tagged__ticket=source.ticket).order_by("name"))
    if new := put_on(survivor, tags, agent, most=None):
        survivor.fact("tagged", Actor.agent, agent=agent, names=new, source=source.ticket.number)


def give_tags_back(source: Pen, survivor: Pen, agent: Agent) -> None:
    """Take off the tags that came with a ticket which goes on by itself again."""
    told = StoryEvent.objects.filter(
        ticket=survivor.ticket, kind="tagged", data__source=source.ticket.number
    ).order_by("seq")
    came = {name.lower() for line in told for name in line.data["names"]}
    rows = Tagged.objects.filter(ticket=survivor.ticket).select_related("tag").order_by("tag__name")
    gone = [each for each in rows if each.tag.name.lower() in came]
    if gone:
        Tagged.objects.filter(pk__in=[each.pk for each in gone]).delete()
        survivor.fact("untagged", Actor.agent, agent=agent, names=[each.tag.name for each in gone])


def put_on(pen: Pen, tags: Sequence[Tag], agent: Agent | None, *, most: int | None = MOST_TAGS) -> list[str]:
    """Give a locked ticket those of the tags that it lacks; returns their names."""
    has = set(Tagged.objects.filter(ticket=pen.ticket).values_list("tag_id", flat=True))
    new = [each for each in tags if each.pk not in has]
    if most is not None and new and len(has) + len(new) > most:
        raise Refused(f"A ticket bears up to {most} tags. Take some off first.")
    Tagged.objects.bulk_create(
        Tagged(ticket=pen.ticket, tag=each, agent=agent, at=pen.moment.at) for each in new
    )
    return [each.name for each in new]


def _tags(desk_id: int, names: Sequence[str]) -> list[Tag]:
    """The desk's tags of these names in their order, made where there is none."""
    # Two agents may make the same one at once; the second finds the first's.
    Tag.objects.bulk_create((Tag(desk_id=desk_id, name=each) for each in names), ignore_conflicts=True)
    known = Tag.objects.filter(desk_id=desk_id).alias(lower=Lower("name"))
    # How letters become small ones is for the database to say, as it keeps the names apart.
    return [known.get(lower=Lower(Value(each))) for each in names]


def _close(pen: Pen) -> None:
    standing, news = pen.close()
    carry_out(pen, standing, news)
