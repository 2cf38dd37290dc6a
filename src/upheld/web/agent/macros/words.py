"""The steps of a macro in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.people.models import Agent, Team
from upheld.policy import Policy
from upheld.rules.macro_steps import in_order
from upheld.tickets.models import CustomField

_EXCERPT = 140
Step = Mapping[str, Any]


class Wording:
    """Says steps of macros of one desk; what the steps name is looked up once for all of them."""

    def __init__(self, desk: Desk, policy: Policy, steps: Sequence[Step]) -> None:
        self._policy = policy
        agents = {each["to"] for each in steps if each["do"] == "assign" and isinstance(each["to"], int)}
        teams = {each["to"] for each in steps if each["do"] == "team"}
        self._agents = (
            {each.pk: each.name for each in Agent.objects.filter(pk__in=agents).select_related("user")}
            if agents
            else {}
        )
        self._teams = (
            dict(Team.objects.filter(pk__in=teams, desk=desk).values_list("pk", "name")) if teams else {}
        )
        keys = {each.get("key") for each in steps if each["do"] == "field"}
        fields = CustomField.objects.filter(desk=desk, key__in=keys)
        self._fields = dict(fields.values_list("key", "label")) if keys else {}

    def all(self, steps: Sequence[Step]) -> list[str]:
        """Say the steps of one macro, in the order in which they are carried out."""
        return [self.one(each) for each in in_order(steps)]

    def one(self, step: Step) -> str:
        """Say one step."""
        value = step.get("to")
        match step["do"]:
            case "status":
                has = self._policy.has_status(str(value))
                return _("set the status to “%(to)s”") % {
                    "to": self._policy.status(str(value)).label if has else value
                }
            case "priority":
                has = self._policy.has_priority(str(value))
                label = self._policy.priority(str(value)).label if has else value
                return _("set the priority to “%(to)s”") % {"to": label}
            case "assign":
                return self._assigned(value)
            case "team":
                return _("hand it over to the team %(to)s") % {"to": self._teams.get(value, "?")}
            case "tag":
                return _("tag it %(tags)s") % {"tags": ", ".join(value or ())}
            case "untag":
                return _("take off the tags %(tags)s") % {"tags": ", ".join(value or ())}
            case "field":
                label = self._fields.get(step.get("key"), step.get("key"))
                return _("%(field)s: %(value)s") % {"field": label, "value": value}
            case "note":
                return _("add a note: “%(text)s”") % {"text": _excerpt(str(value))}
            case "reply":
                return _("reply: “%(text)s”") % {"text": _excerpt(str(value))}
        return str(step["do"])

    def _assigned(self, value: object) -> str:
        if value is None:
            return _("assign it to nobody")
        if value == "me":
            return _("assign it to whoever runs the macro")
        return _("assign it to %(to)s") % {"to": self._agents.get(value, "?")}  # type: ignore[call-overload]


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"
