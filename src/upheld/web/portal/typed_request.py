"""A request as somebody types it: one form for who asks, and one for each of its problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from upheld.desks.models import Portal
from upheld.people.models import Contact
from upheld.web.portal.asking import Asked, Background, Subject, background_of, fields_of, subject_of
from upheld.web.portal.policy import Published
from upheld.web.portal.request_form import ITEM, ProblemForm, RequestForm
from upheld.web.uploads import left_out

MOST_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request is typed, by whom, and what the policy asks there."""

    portal: Portal
    published: Published
    contact: Contact | None
    subject: Subject
    asked: Asked
    background: Background


@dataclass(frozen=True, slots=True)
class Typed:
    """The forms, with what was typed in them. `was_sent` says whether they were sent, so that errors are shown."""

    place: Place
    form: RequestForm
    problems: Sequence[ProblemForm]
    was_sent: bool = False

    def is_valid(self) -> bool:
        """Ask every form, so that all errors are shown at once."""
        return all([self.form.is_valid(), *(each.is_valid() for each in self.problems)])

    @property
    def may_add(self) -> bool:
        return len(self.problems) < MOST_PROBLEMS


def place_of(
    portal: Portal, published: Published, contact: Contact | None, typed: Mapping[str, str]
) -> Place:
    """Return what can be typed here."""
    subject = subject_of(published.document, portal, typed)
    asked = fields_of(published.document, subject)
    return Place(portal, published, contact, subject, asked, background_of(portal, contact))


def empty(place: Place) -> Typed:
    """An empty form, with what is known of the only site."""
    site = place.background.usual_site(place.subject.product)
    known = {"site": str(site.pk), **_known_at(site.fields)} if site else {}
    return Typed(place, _form(place, initial=known), [_problem(place)])


def sent(place: Place, request: HttpRequest) -> Typed:
    """The form as it was sent."""
    data = request.POST
    site = place.background.site(data.get("site"))
    form = _form(place, data, site=site)
    problems = [
        _problem(
            place,
            data,
            request.FILES,
            prefix=_prefix(number),
            left_out=left_out(request) if number == 1 else (),
        )
        for number in range(1, _count(data) + 1)
    ]
    return Typed(place, form, problems, was_sent=True)


def changed(place: Place, data: QueryDict, do: str) -> Typed:
    """The form with one problem more or less, or with other fields; nothing that was typed is lost."""
    site = place.background.site(data.get("site"))
    known = {**(_known_at(site.fields) if site else {}), **_typed(data, "")}
    numbers = list(range(1, _count(data) + 1))
    if do.startswith("remove-") and len(numbers) > 1:
        numbers = [each for each in numbers if str(each) != do.removeprefix("remove-")]
    texts = [_typed(data, _prefix(each)) for each in numbers]
    if do == "add" and len(texts) < MOST_PROBLEMS:
        texts.append({})
    problems = [
        _problem(place, initial=text, prefix=_prefix(number)) for number, text in enumerate(texts, start=1)
    ]
    return Typed(place, _form(place, initial=known, site=site), problems)


def _form(place: Place, data: QueryDict | None = None, **details: Any) -> RequestForm:
    return RequestForm(
        data,
        known=place.contact is not None,
        background=place.background,
        items=place.asked.once,
        **details,
    )


def _problem(place: Place, *given: Any, **details: Any) -> ProblemForm:
    hints = place.asked.hints
    return ProblemForm(
        *given, policy=place.published.policy, items=place.asked.of_each, hints=hints, **details
    )


def _prefix(number: int) -> str | None:
    """The first problem's fields have plain names."""
    return None if number == 1 else str(number)


def _count(data: Mapping[str, str]) -> int:
    given = data.get("problems", "1")
    return (
        min(max(1, int(given)), MOST_PROBLEMS)
        if given.isascii() and given.isdigit() and len(given) < 3
        else 1
    )


def _typed(data: QueryDict, prefix: str | None) -> dict[str, str]:
    """What was typed in the fields with this prefix, where it says something."""
    start = f"{prefix}-" if prefix else ""
    return {name.removeprefix(start): data[name] for name in data if name.startswith(start) and data[name]}


def _known_at(fields: Mapping[str, object]) -> dict[str, str]:
    return {ITEM + id: str(text) for id, text in fields.items() if text}


def heading(number: int) -> str:
    """How a problem is called where there are several."""
    return _("Problem %(number)s") % {"number": number}
