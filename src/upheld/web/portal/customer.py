"""From a request to the customer who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from upheld.people.models import Contact

View = Callable[..., HttpResponse]


def contact_of(request: HttpRequest) -> Contact | None:
    """The contact that the signed-in user is, or the one into whom they were merged; None for visitors and for users
    who are none."""
    if not request.user.is_authenticated:
        return None
    contact = Contact.objects.filter(user=request.user).select_related("merged_into").first()
    return (contact.merged_into or contact) if contact else None


def for_contacts(view: View) -> View:
    """Hand the view the contact. Visitors are asked to sign in; for other users the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        contact = contact_of(request)
        if contact is not None:
            return view(request, contact, *args, **kwargs)
        if request.user.is_authenticated:
            raise Http404
        if request.htmx:
            # A fragment must not show a sign-in page inside another page.
            return HttpResponseClientRedirect(reverse("account_login"))
        back = request.get_full_path() if request.method == "GET" else reverse("portal:mine")
        return redirect_to_login(back, login_url="account_request_login_code")

    return guarded
