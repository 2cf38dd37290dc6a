"""What a form of these pages holds: what is stored, or what was typed and refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

from upheld.people.refused import CustomerRefused
from upheld.web.agent.acts import typed


@dataclass(frozen=True, slots=True)
class Entered:
    """The values of a form by the names of its fields; `why` was said of `about`, one of them. `form` tells several
    forms of one page apart."""

    values: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    about: str = ""
    why: str = ""

    def refused(self, problem: Exception) -> "Entered":
        """The same with what was said of it."""
        about = problem.field if isinstance(problem, CustomerRefused) else ""
        return Entered(self.values, self.form, about, str(problem))


def entered(request: HttpRequest, names: Iterable[str], form: str = "") -> Entered:
    """What was typed into a form."""
    return Entered({name: typed(request, name) for name in names}, form)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list; `chosen` is the one that holds."""

    value: str
    label: str
    chosen: bool


def choices(known: Mapping[str, str], chosen: str, nothing: str) -> list[Choice]:
    """What can be chosen, nothing first; what holds stays although nobody could choose it any more."""
    words = {"": nothing, **known}
    if chosen not in words:
        words[chosen] = chosen
    return [Choice(value, label, value == chosen) for value, label in words.items()]
