"""What the pages of a desk have in common: the list of them, one way to show a page, one way to do something on it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from upheld.desks.actions import DeskRefused, LettersRefused, MailboxRefused, PrefixRefused
from upheld.desks.models import Desk
from upheld.people.actions import NotOnTheDesk
from upheld.people.staff import StaffRefused
from upheld.rules.colours import ColourRefused
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.guard import administered, for_administrators
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace

REFUSALS = (
    StaffRefused,
    DeskRefused,
    LettersRefused,
    MailboxRefused,
    PrefixRefused,
    ColourRefused,
    NotOnTheDesk,
)
SECTIONS = (
    ("desk", _("Overview")),
    ("desk_about", _("Name and letters")),
    ("desk_staff", _("Staff")),
    ("desk_teams", _("Teams")),
    ("desk_roles", _("Roles")),
    ("desk_absences", _("Absences")),
    ("desk_readers", _("Restricted tickets")),
    ("desk_auditors", _("Auditors")),
    ("desk_mailboxes", _("Mailboxes")),
    ("desk_replies", _("Saved replies")),
    ("desk_macros", _("Macros")),
    ("labels_of_desk", _("Tags and fields")),
    ("senders_of_desk", _("Senders of spam")),
    ("portals_of_desk", _("Portals")),
    ("desk_proof", _("Proof")),
    ("desk_audit", _("Audit")),
)

Context = Callable[[HttpRequest, Workplace, Desk, Unsent], Mapping[str, Any]]
Deed = Callable[..., str]
View = Callable[..., HttpResponse]


def rail(desk: Desk, current: str) -> list[dict[str, Any]]:
    """The pages of a desk, one of them current."""
    return [
        {"label": label, "url": reverse(name, args=[desk.slug]), "is_current": name == current}
        for name, label in SECTIONS
    ]


class Section:
    """One page of a desk: its name, its template, and what stands on it."""

    def __init__(self, name: str, template: str, context: Context) -> None:
        self.name, self._template, self._context = name, template, context

    def page(
        self,
        request: HttpRequest,
        workplace: Workplace,
        desk: Desk,
        unsent: Unsent | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, or the page again with what could not be done."""
        unsent = unsent or Unsent()
        # Named readers see their own page, and nothing of the others.
        pages = rail(desk, self.name) if desk in administered(workplace) else []
        context: dict[str, Any] = {"of_desk": desk, "rail": pages, "unsent": unsent}
        context |= self._context(request, workplace, desk, unsent)
        return render(request, self._template, context, status=status)

    @property
    def view(self) -> View:
        """The view that shows the page."""

        @require_safe
        @for_administrators
        def shown(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
            return self.page(request, workplace, desk)

        return shown

    def deed(self, form: str) -> Callable[[Deed], View]:
        """Make a view of what a form of this page does. The deed returns what to say when it is done; a refusal shows
        the page again, with what was typed in its place. The form of a row is named with the row's id behind it."""

        def make(deed: Deed) -> View:
            @require_POST
            @for_administrators
            def view(request: HttpRequest, workplace: Workplace, desk: Desk, **rest: int) -> HttpResponse:
                try:
                    said = deed(request, workplace, desk, **rest)
                except REFUSALS as refused:
                    name = "-".join([form, *(str(each) for each in rest.values())])
                    kept = {each: typed(request, each) for each in request.POST}
                    unsent = Unsent(form=name, why=str(refused), typed=kept)
                    return self.page(request, workplace, desk, unsent, status=422)
                if said:
                    messages.success(request, said)
                return redirect(self.name, desk.slug)

            return view

        return make


def chosen_id(request: HttpRequest, name: str) -> int:
    """The id that was chosen in a list; 0, which nothing has, for anything else."""
    return read_id(typed(request, name))


def read_id(text: str) -> int:
    """A row's id; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
