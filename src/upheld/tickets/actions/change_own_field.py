"""Say which fields of its own a desk has: add one, change it, order them, take one out of use and back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from upheld.desks.audit import record
from upheld.people.models import Agent
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.actions.spelling_labels import VALUE
from upheld.tickets.models import CustomField, CustomValue
from upheld.tickets.moment import Moment

LABEL, MOST_FIELDS, MOST_CHOICES = 80, 30, 60


@transaction.atomic
def add_own_field(
    desk_id: int, agent: Agent, label: str, kind: str, moment: Moment, *, choices: Sequence[str] = ()
) -> CustomField:
    """Add a field behind those that there are. Raises NotAllowed, or Refused for what cannot be one."""
    demand_on(agent, Act.change_fields, desk_id)
    if kind not in CustomField.Kind.values:
        raise Refused("Choose from the list what stands in the field.")
    fields = CustomField.objects.select_for_update().filter(desk_id=desk_id)
    if len([each for each in fields if each.retired_at is None]) >= MOST_FIELDS:
        raise Refused(f"A desk has up to {MOST_FIELDS} fields of its own. Take one out of use first.")
    field = CustomField(desk_id=desk_id, kind=kind, label=_label(desk_id, label))
    field.choices = _choices(choices) if kind == CustomField.Kind.CHOICE else []
    field.key = _key(field.label, {each.key for each in fields})
    last = fields.aggregate(last=Max("position"))["last"] if fields else None
    field.position = 0 if last is None else last + 1
    field.save()
    said = {"kind": field.get_kind_display(), "choices": field.choices}
    _record("field added", field, agent, moment, **said)
    return field


@transaction.atomic
def change_own_field(
    desk_id: int, field_id: int, agent: Agent, label: str, moment: Moment, *, choices: Sequence[str] = ()
) -> CustomField:
    """Change what a field is called, and from what one chooses. A choice that some ticket has stays. What kind of field
    it is stays, too. Raises NotAllowed, CustomField.DoesNotExist, or Refused."""
    field = _found(desk_id, field_id, agent)
    before = {"label": field.label, "choices": field.choices}
    field.label = _label(desk_id, label, but=field.pk)
    if field.kind == CustomField.Kind.CHOICE:
        field.choices = _choices(choices)
        used = CustomValue.objects.filter(field=field).exclude(value__in=field.choices)
        if (lost := used.order_by("value").values_list("value", flat=True).first()) is not None:
            raise Refused(
                f"“{lost}” stands on tickets. Keep it, or set those tickets to something else first."
            )
    after = {"label": field.label, "choices": field.choices}
    if after != before:
        field.save(update_fields=["label", "choices"])
        _record("field changed", field, agent, moment, subject=before["label"], before=before, after=after)
    return field


@transaction.atomic
def move_own_field(desk_id: int, field_id: int, agent: Agent, by: int, moment: Moment) -> CustomField:
    """Move a field one place up (-1) or down (1) among those in use. Raises NotAllowed, or CustomField.DoesNotExist."""
    field = _found(desk_id, field_id, agent)
    fields = list(
        CustomField.objects.select_for_update()
        .filter(desk_id=desk_id, retired_at=None)
        .order_by("position", "pk")
    )
    ids = [each.pk for each in fields]
    if field.pk in ids and 0 <= (to := ids.index(field.pk) + by) < len(fields):
        fields.insert(to, fields.pop(ids.index(field.pk)))
        for place, each in enumerate(fields):
            each.position = place
        CustomField.objects.bulk_update(fields, ["position"])
        _record("fields ordered", field, agent, moment, order=[each.label for each in fields])
    return field


@transaction.atomic
def retire_own_field(desk_id: int, field_id: int, agent: Agent, moment: Moment) -> CustomField:
    """Take a field out of use: what stands on tickets stays, nothing new comes. Raises as above."""
    field = _found(desk_id, field_id, agent)
    if field.retired_at is None:
        field.retired_at = moment.at
        field.save(update_fields=["retired_at"])
        _record("field taken out of use", field, agent, moment)
    return field


@transaction.atomic
def bring_back_own_field(desk_id: int, field_id: int, agent: Agent, moment: Moment) -> CustomField:
    """Take a field into use again, with what stands in it. Raises as above."""
    field = _found(desk_id, field_id, agent)
    if field.retired_at is not None:
        field.retired_at = None
        field.save(update_fields=["retired_at"])
        _record("field brought back", field, agent, moment)
    return field


def _found(desk_id: int, field_id: int, agent: Agent) -> CustomField:
    demand_on(agent, Act.change_fields, desk_id)
    return CustomField.objects.select_for_update().get(pk=field_id, desk_id=desk_id)


def _label(desk_id: int, text: str, *, but: int | None = None) -> str:
    label = " ".join(text.split())
    if not label or len(label) > LABEL or not label.isprintable():
        raise Refused(f"The field needs a name, up to {LABEL} letters.")
    others = CustomField.objects.filter(desk_id=desk_id, label__iexact=label).exclude(pk=but)
    if others.exists():
        raise Refused(f"There is a field “{label}” already, in use or not. Give this one another name.")
    return label


def _choices(texts: Sequence[str]) -> list[str]:
    choices = list(dict.fromkeys(filter(None, (" ".join(each.split()) for each in texts))))
    if not choices:
        raise Refused("Write from what one chooses, one a line.")
    if len(choices) > MOST_CHOICES or any(len(each) > VALUE or not each.isprintable() for each in choices):
        raise Refused(f"There are up to {MOST_CHOICES} choices of up to {VALUE} letters.")
    return choices


def _key(label: str, taken: set[str]) -> str:
    """By what a search and a program name the field: for good, whatever it is called later."""
    base = slugify(label)[:36] or "field"
    keys = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in keys if each not in taken)


def _record(
    action: str, field: CustomField, agent: Agent, moment: Moment, *, subject: str = "", **data: object
) -> None:
    by = f"{agent.name} <{agent.address}>"
    record(at=moment.at, actor=by, action=action, subject=subject or field.label, desk=field.desk, **data)
