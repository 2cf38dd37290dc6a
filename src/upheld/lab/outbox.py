"""The demo's outbox: mail that a real desk would have sent, for whoever sits at this machine."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from upheld.mailboxes.outgoing.reading import OutboxMail, outbox, outbox_mail
from upheld.notices.models import NoticeState, Push
from upheld.rules.alert_addresses import service_of
from upheld.web.middleware.proxies import is_this_machine

LIMIT = 200
SHOWN_FIRST = ("From", "To", "Reply-To", "Subject", "Date")
# Our own letters carry their style with them and ask for nothing else; links open outside the frame.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)

_OPEN_OUTSIDE = '<head><base target="_blank">'

View = Callable[..., HttpResponse]


def on_this_machine(view: View) -> View:
    """Show the page to programs of this machine alone; for everybody else it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_this_machine(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@on_this_machine
def outbox_list(request: HttpRequest) -> HttpResponse:
    mails = [{"mail": mail, "sent": _moment(mail)} for mail in outbox(LIMIT)]
    kept = Push.objects.filter(state=NoticeState.SENT).exclude(text="").select_related("address__agent__user")
    pushes = [
        {"push": each, "sent": _instant(each.sent_at), "service": service_of(each.address.scheme)}
        for each in kept.order_by("-sent_at", "-pk")[:LIMIT]
    ]
    return render(request, "lab/outbox.html", {"mails": mails, "pushes": pushes, "limit": LIMIT})


@require_safe
@on_this_machine
def outbox_page(request: HttpRequest, notice_id: int) -> HttpResponse:
    mail = _mail_or_404(notice_id)
    first = [each for name in SHOWN_FIRST for each in mail.headers if each[0].lower() == name.lower()]
    context = {
        "mail": mail,
        "sent": _moment(mail),
        "headers": first,
        "other_headers": [each for each in mail.headers if each not in first],
    }
    return render(request, "lab/outbox_mail.html", context)


@require_safe
@on_this_machine
def outbox_html(request: HttpRequest, notice_id: int) -> HttpResponse:
    mail = _mail_or_404(notice_id)
    if not mail.html:
        raise Http404
    response = HttpResponse(mail.html.replace("<head>", _OPEN_OUTSIDE, 1))
    response["Content-Security-Policy"] = LETTER_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _mail_or_404(notice_id: int) -> OutboxMail:
    mail = outbox_mail(notice_id)
    if mail is None:
        raise Http404
    return mail


def _moment(mail: OutboxMail) -> str:
    return _instant(mail.sent_at)


def _instant(at: datetime) -> str:
    return date_format(at, "j M Y, H:i:s") + " UTC"
