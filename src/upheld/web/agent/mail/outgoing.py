"""Mail that does not leave or did not arrive, and what can be done about it."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.mailboxes import queries
from upheld.mailboxes.outgoing import again
from upheld.mailboxes.visibility import may, visible_notices
from upheld.notices.models import Notice
from upheld.people.models import Agent
from upheld.rules.permissions import Act
from upheld.tickets.actions import Refused
from upheld.web.agent.mail.guard import for_readers_of_mail
from upheld.web.agent.mail.wanted import OUTGOING, Wanted, around
from upheld.web.presenting.outgoing import outgoing_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

Action = Callable[[int, Agent, datetime], Notice]


@require_safe
@for_readers_of_mail
def outgoing_list(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    wanted = Wanted.outgoing(request.GET, workplace)
    times = Times(workplace.zone, request.now)
    page = queries.outgoing_page(workplace.viewer, wanted.list, desk_id=wanted.desk_id, after=wanted.place)
    rows = outgoing_rows(page.notices, times, workplace.viewer.desk_ids)
    context = {
        "rows": [(row, may(workplace.viewer, Act.retry_mail, row.desk_id)) for row in rows],
        "list_label": OUTGOING[wanted.list],
        "zone_name": times.zone_name,
        "first_page": wanted.url(after="") if wanted.after else "",
        "next_page": wanted.url(after=page.next_place.text()) if page.next_place else "",
    }
    return render(request, "web/agent/mail/outgoing.html", context | around(workplace, wanted))


@require_POST
@for_readers_of_mail
def resend(request: HttpRequest, workplace: Workplace, notice_id: int) -> HttpResponse:
    said = _("It is sent again within seconds.")
    return _decided(request, workplace, notice_id, again.try_again, said)


@require_POST
@for_readers_of_mail
def give_up(request: HttpRequest, workplace: Workplace, notice_id: int) -> HttpResponse:
    said = _("Given up: it is not tried again, and stays in the list “Given up”.")
    return _decided(request, workplace, notice_id, again.give_up, said)


def _decided(
    request: HttpRequest, workplace: Workplace, notice_id: int, action: Action, said: str
) -> HttpResponse:
    notice = visible_notices(workplace.viewer).defer("rendered").filter(pk=notice_id).first()
    if notice is None:
        raise Http404
    if not may(workplace.viewer, Act.retry_mail, notice.desk_id):
        raise PermissionDenied
    try:
        action(notice.pk, workplace.agent, request.now)
    except Refused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{notice.to_address}: {said}")
    return redirect(Wanted.outgoing(request.POST, workplace).url())
