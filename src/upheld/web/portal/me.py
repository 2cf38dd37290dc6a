"""What we know about a customer, for themselves to see and correct."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.outgoing.languages import LANGUAGES
from upheld.people.actions import correct_oneself
from upheld.people.models import Affiliation, Contact
from upheld.people.refused import CustomerRefused
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.zones import COOKIE, areas


class AboutMe(forms.Form):
    """What somebody may say about themselves. The address is not among it: it is what they are known by."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "With the country's code, such as +44 20 7946 0018. It is how we know you when you call."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("In which our mails and pages tell you times."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Of the mails that we send you."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_desk = ("", _("As the desk has it"))
        self.fields["zone"].choices = [as_desk, ("UTC", "UTC"), *areas().items()]
        self.fields["language"].choices = [as_desk, *LANGUAGES.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def me(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Show it, or keep what was corrected."""
    if request.method != "POST":
        known = {name: getattr(contact, name) for name in AboutMe.base_fields}
        return _page(request, contact, AboutMe(initial=known))
    form = AboutMe(request.POST)
    if not form.is_valid() or not _kept(request, contact, form):
        return _page(request, contact, form, status=422)
    messages.success(request, _("Kept."))
    response = redirect("portal:me")
    if form.cleaned_data["zone"] != contact.zone:
        # What was chosen in this browser some day would otherwise go before it.
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _kept(request: HttpRequest, contact: Contact, form: AboutMe) -> bool:
    try:
        correct_oneself(contact.pk, **form.cleaned_data, now=request.now)
    except CustomerRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True


def _page(request: HttpRequest, contact: Contact, form: AboutMe, status: int = 200) -> HttpResponse:
    rows = Affiliation.objects.filter(contact=contact).select_related("organization")
    page = {
        "form": form,
        "contact": contact,
        "affiliations": rows.order_by("-is_main", "organization__name"),
    }
    return render(request, "portal/me.html", page, status=status)
