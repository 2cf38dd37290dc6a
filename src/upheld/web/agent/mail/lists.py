"""The lists of mail that came in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.mailboxes import queries
from upheld.web.agent.mail.guard import for_readers_of_mail
from upheld.web.agent.mail.wanted import INCOMING, Wanted, around
from upheld.web.presenting.mail import mail_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@require_safe
@for_readers_of_mail
def mail_list(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    wanted = Wanted.incoming(request.GET, workplace)
    times = Times(workplace.zone, request.now)
    page = queries.mail_page(workplace.viewer, wanted.filter(), after=wanted.place)
    context = {
        "rows": mail_rows(page.mails, times, workplace.viewer.desk_ids),
        "list_label": INCOMING[wanted.list],
        "zone_name": times.zone_name,
        "first_page": wanted.url(after="") if wanted.after else "",
        "next_page": wanted.url(after=page.next_place.text()) if page.next_place else "",
        "whole_list": wanted.url(q="", after=""),
        "searched": queries.SEARCHED if wanted.text and not page.mails else 0,
    }
    return render(request, "web/agent/mail/list.html", context | around(workplace, wanted))
