"""What a request lacks: the page on which its customer fills it in, without signing in where they have the link."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.rules.permissions import Act, allowed
from upheld.tickets import information
from upheld.tickets.actions import Refused, give_information
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.portal.by_link import through_link
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.forms import OnceForm
from upheld.web.portal.mine import account_door
from upheld.web.portal.once import one_at_a_time
from upheld.web.portal.one_request import Door


class InformationForm(OnceForm):
    """A field for each item that is missing; every one may stay empty, since something is better than nothing."""

    def __init__(self, *args: Any, missing: list[information.Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._missing = missing
        for each in missing:
            self.fields[each.part.id] = forms.CharField(
                label=each.part.label,
                help_text=each.part.meaning,
                required=False,
                max_length=information.MOST_WORDS,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "short"}),
            )

    @property
    def questions(self) -> list[tuple[forms.BoundField, bool]]:
        """Each field, and whether the policy can do without it."""
        return [(self[each.part.id], each.part.optional) for each in self._missing]


@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def by_link(request: HttpRequest, door: Door) -> HttpResponse:
    return _answer(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def by_account(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    return _answer(request, account_door(contact, number))


def _answer(request: HttpRequest, door: Door) -> HttpResponse:
    tickets = visible_tickets(door.viewer).select_related("desk", "portal", "site")
    ticket = tickets.filter(number=door.number).first()
    if ticket is None or not allowed(role_of(door.viewer, ticket), Act.write_as_customer):
        raise Http404
    door.note_look(request, ticket)
    answers = information.answers(ticket)
    missing = [each for each in answers if not each.value]
    if request.method != "POST":
        return _page(request, door, ticket, answers, InformationForm(missing=missing))
    form = InformationForm(request.POST, missing=missing)
    if not form.is_valid():
        return _page(request, door, ticket, answers, form, status=422)
    given = {id: text for id, text in form.cleaned_data.items() if id != "once"}
    try:
        with one_at_a_time(form.cleaned_data["once"]) as form_id:
            now = moment(ticket.desk_id, request.now)
            message = give_information(ticket.pk, door.contact, given, now, message_id=form_id)
    except Refused as problem:
        return _page(request, door, ticket, answers, form, problem=str(problem), status=422)
    return redirect(f"{door.url}#message-{message.pk}")


def _page(
    request: HttpRequest,
    door: Door,
    ticket: Ticket,
    answers: list[information.Answer],
    form: InformationForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Of what is known, that it is known: what was said before somebody joined is not for them."""
    page = {
        "desk": ticket.desk,
        "portal": ticket.portal,
        "door": door,
        "ticket": ticket,
        "form": form,
        "known": [each.part.label for each in answers if each.value],
        "is_complete": not any(each.is_missing for each in answers),
        "problem": problem,
    }
    return render(request, "portal/information.html", page, status=status)
