"""Problems and what they affect, in the words of a ticket's history."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from upheld.tickets.models import StoryEvent

MOST_NAMED = 12


def problem_words(event: StoryEvent) -> str:
    """The line of a ticket that has a problem, or has it no more, and of the problem itself."""
    data, said = event.data, {"number": event.data.get("number")}
    match event.kind:
        case "problem_joined" if data.get("because") == "reopened":
            return (
                _("the problem %(number)s is open again: the customer is told together with the others")
                % said
            )
        case "problem_joined":
            return _("has the problem %(number)s: the customer is told together with the others") % said
        case "problem_left" if data.get("because") == "solved":
            return (
                _("the problem %(number)s is solved: updates of this ticket count by themselves again") % said
            )
        case "problem_left":
            return _("does not have the problem %(number)s: updates count by themselves again") % said
        case "unaffected":
            return _("took %(number)s out of the tickets that have it") % said
        case "workaround":
            return (
                _("said what helps until it is solved")
                if data.get("is_there")
                else _("took the workaround back")
            )
    return _affected([str(each) for each in data.get("numbers", ())])


def broadcast_words(data: Mapping[str, Any]) -> str:
    """The line of what was told to all, on a ticket and on the problem itself."""
    if data.get("number"):
        return _("told the customer, together with all who have the problem %(number)s") % {
            "number": data["number"]
        }
    return _("told the customers of all its tickets")


def _affected(numbers: list[str]) -> str:
    more = len(numbers) - MOST_NAMED
    listed = ", ".join(numbers[:MOST_NAMED])
    if more > 0:
        return _("affects %(numbers)s and %(more)s more") % {"numbers": listed, "more": more}
    return _("affects %(numbers)s") % {"numbers": listed}
