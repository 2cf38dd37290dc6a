"""Out of the morning mail: by its link and a button, or by one click of a mail program (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.outgoing.unsubscribing import unsubscribing
from upheld.people.actions import choose_digest


# A mail program has no page of ours to take a token from. The address itself is the proof, and this is all it can do.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; the POST takes the agent out. Looking changes nothing: programs follow links in mails."""
    named = unsubscribing(token)
    if named is None:
        raise Http404
    if request.method == "POST":
        choose_digest(named.pk, wanted=False)
    context = {"done": request.method == "POST" or not named.wants_digest}
    response = render(request, "web/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
