"""What a person does with one mail: each a POST and one action, then the mail's page again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.desks.models import Mailbox
from upheld.mailboxes import releasing
from upheld.mailboxes.horizon import moment
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.visibility import desks_read
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Refused
from upheld.tickets.models import HeldRequest, Message, Ticket
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.mail.guard import for_readers_of_mail
from upheld.web.agent.mail.one_mail import find_mail, mail_context
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace

Deed = Callable[[HttpRequest, Workplace, RawMail], str]
View = Callable[..., HttpResponse]


def deed(form: str) -> Callable[[Deed], View]:
    """Make a view of a deed. The deed returns what to say when it is done; a refusal keeps what was typed."""

    def make(done: Deed) -> View:
        @require_POST
        @for_readers_of_mail
        def view(request: HttpRequest, workplace: Workplace, mail_id: int) -> HttpResponse:
            mail = find_mail(workplace, mail_id)
            try:
                said = done(request, workplace, mail)
            except (Refused, NotAllowed) as problem:
                return _refused(request, workplace, mail_id, form, problem)
            messages.success(request, said)
            return redirect("one_mail", mail_id)

        return view

    return make


def _refused(
    request: HttpRequest, workplace: Workplace, mail_id: int, form: str, problem: Exception
) -> HttpResponse:
    kept = {name: typed(request, name)[:2000] for name in ("ticket", "reason", "mailbox")}
    messages.error(request, str(problem))
    unsent = Unsent(form=form, why=str(problem), typed=kept)
    context = mail_context(request, workplace, find_mail(workplace, mail_id), unsent)
    status = 403 if isinstance(problem, NotAllowed) else 422
    return render(request, "web/agent/mail/one.html", context, status=status)


@deed("release")
def release(request: HttpRequest, workplace: Workplace, mail: RawMail) -> str:
    mailbox = None if mail.mailbox else _mailbox(workplace, typed(request, "mailbox"))
    desk_id = mail.mailbox.desk_id if mail.mailbox else mailbox and mailbox.desk_id
    taken = releasing.release_as_ticket(
        mail.pk, workplace.agent, moment(desk_id, request.now), mailbox=mailbox
    )
    return _released(taken)


@deed("release-onto")
def release_onto(request: HttpRequest, workplace: Workplace, mail: RawMail) -> str:
    ticket = _ticket(workplace, mail, typed(request, "ticket"))
    when = moment(ticket.desk_id, request.now)
    return _released(releasing.release_onto(mail.pk, ticket.pk, workplace.agent, when))


def _released(taken: Message | HeldRequest) -> str:
    if isinstance(taken, HeldRequest):
        return _("Released: the request is held at intake, since nobody found what entitles its sender.")
    return _("Released: the mail is on ticket %(number)s.") % {"number": taken.ticket.number}


@deed("retry")
def retry(request: HttpRequest, workplace: Workplace, mail: RawMail) -> str:
    releasing.retry(mail.pk, workplace.agent, request.now)
    return _("The mail is read again within seconds. Look again to see what became of it.")


@deed("discard")
def discard(request: HttpRequest, workplace: Workplace, mail: RawMail) -> str:
    reason = typed(request, "reason").strip()
    if not reason:
        raise Refused(_("Say why it is put aside, so that others understand it later."))
    releasing.discard(mail.pk, workplace.agent, reason, request.now)
    return _("Put aside. The mail stays in the list “Put aside”, and can be released from there.")


def _ticket(workplace: Workplace, mail: RawMail, number: str) -> Ticket:
    """The ticket of that number on the mail's desk; one that this agent may not see is as good as none."""
    tickets = visible_tickets(workplace.viewer)
    if mail.mailbox:
        tickets = tickets.filter(desk_id=mail.mailbox.desk_id)
    else:
        tickets = tickets.filter(desk_id__in=desks_read(workplace.viewer))
    wanted = number.strip().lstrip("#").upper()[:32]
    found = tickets.filter(number=wanted).first() if wanted else None
    if found is None:
        raise Refused(_("There is no ticket of that number on this desk. Write it as in SDS-1001."))
    return found


def _mailbox(workplace: Workplace, chosen: str) -> Mailbox:
    """The mailbox of that address on a desk of this agent's."""
    own = Mailbox.objects.filter(desk__in=desks_read(workplace.viewer)).select_related("desk")
    found = own.filter(address=chosen.strip().lower()[:254]).first()
    if found is None:
        raise Refused(_("Choose the mailbox to which this mail belongs."))
    return found
