"""Rename a tag of a desk, make two of them one, or delete one."""

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Agent
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.actions.spelling_labels import spelled
from upheld.tickets.desk_labels import visible_tags
from upheld.tickets.models import Tag, Tagged
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer


@transaction.atomic
def rename_tag(desk_id: int, tag_id: int, agent: Agent, name: str, moment: Moment) -> Tag:
    """Give a tag another name, on all tickets. Raises NotAllowed, Tag.DoesNotExist, or Refused for a name that another
    one has."""
    tag = _found(desk_id, tag_id, agent)
    wanted = next(iter(spelled([name])), "")
    if not wanted:
        raise Refused("The tag needs a name.")
    if wanted == tag.name:
        return tag
    other = Tag.objects.filter(desk_id=desk_id, name__iexact=wanted).exclude(pk=tag.pk).first()
    if other is not None and visible_tags(AgentViewer.of(agent), desk_id).filter(pk=other.pk).exists():
        raise Refused(f"There is a tag “{other.name}” already. Merge this one into it instead.")
    if other is not None:
        # Only on tickets of which this agent does not know: two names that are one are one tag.
        _move(other, tag)
        other.delete()
    before, tag.name = tag.name, wanted
    tag.save(update_fields=["name"])
    _record("tag renamed", tag, agent, moment, subject=before, to=wanted)
    return tag


@transaction.atomic
def merge_tag(desk_id: int, tag_id: int, into_id: int, agent: Agent, moment: Moment) -> Tag:
    """Make a tag and another one a single one: whatever bears the first bears the other. Raises NotAllowed,
    Tag.DoesNotExist, or Refused for one and the same."""
    tag, into = _found(desk_id, tag_id, agent), _found(desk_id, into_id, agent)
    if tag.pk == into.pk:
        raise Refused("Choose another tag than this one.")
    _move(tag, into)
    _record("tag merged", into, agent, moment, subject=tag.name, to=into.name)
    tag.delete()
    return into


@transaction.atomic
def delete_tag(desk_id: int, tag_id: int, agent: Agent, moment: Moment) -> str:
    """Delete a tag, and take it off every ticket; returns its name. Raises NotAllowed, or Tag.DoesNotExist."""
    tag = _found(desk_id, tag_id, agent)
    seen = visible_tags(AgentViewer.of(agent), desk_id).get(pk=tag.pk)
    _record("tag deleted", tag, agent, moment, subject=tag.name, tickets=seen.count)
    tag.delete()
    return tag.name


def _found(desk_id: int, tag_id: int, agent: Agent) -> Tag:
    demand_on(agent, Act.change_fields, desk_id)
    known = visible_tags(AgentViewer.of(agent), desk_id).filter(pk=tag_id)
    return Tag.objects.select_for_update().get(pk__in=known.values("pk"))


def _move(tag: Tag, into: Tag) -> None:
    bears = Tagged.objects.filter(tag=into).values("ticket_id")
    Tagged.objects.filter(tag=tag).exclude(ticket_id__in=bears).update(tag=into)


def _record(action: str, tag: Tag, agent: Agent, moment: Moment, *, subject: str, **data: object) -> None:
    by = f"{agent.name} <{agent.address}>"
    record(at=moment.at, actor=by, action=action, subject=subject, desk=tag.desk, **data)
