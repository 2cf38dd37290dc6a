"""What belongs to sending: the files that go with it, what came in while somebody wrote, and where they go on."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.people.models import Agent
from upheld.people.models.staff import AfterSending
from upheld.tickets import actions
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.next_ticket import list_address, list_of, next_in_list
from upheld.web.uploads import uploaded_files
from upheld.web.viewer import Workplace

_ANSWERS = (Message.Kind.CUSTOMER, Message.Kind.REPLY)
_MOST_FILES = 200


class WrittenMeanwhile(actions.Refused):
    """Somebody wrote while a reply was being written; its author reads that first."""


def chosen_files(request: HttpRequest, agent: Agent, ticket: Ticket, kind: str, moment: Moment) -> list[int]:
    """Return the ids of the files that go with what is sent: those kept before that are still ticked, and those that
    come with this form. The latter are kept first, so that a refusal costs nobody their files."""
    kept = request.POST.getlist("kept")[:_MOST_FILES]
    ids = [int(each) for each in kept if each.isascii() and each.isdigit() and len(each) < 18]
    if files := uploaded_files(request):
        ids += [each.pk for each in actions.keep_files(agent, ticket.pk, kind, files, moment.at)]
    return ids


def stop_if_written_meanwhile(request: HttpRequest, agent: Agent, ticket: Ticket) -> None:
    """Raise WrittenMeanwhile where the customer or a colleague wrote after the last message that the form knows. The
    page that says so knows it, so that the next press of Send goes through."""
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 18):
        return
    newer = ticket.messages.filter(pk__gt=int(seen), kind__in=_ANSWERS, side=None).exclude(agent=agent)
    wrote = list(newer.select_related("contact", "agent__user").order_by("at", "pk"))
    if wrote:
        names = ", ".join(dict.fromkeys(str(each.contact or each.agent or "") for each in wrote))
        said = ngettext(
            "%(names)s wrote meanwhile. Read it above; your reply is kept, and Send sends it as it is.",
            "%(names)s wrote %(count)d messages meanwhile. Read them above; your reply is kept, and Send sends it as"
            " it is.",
            len(wrote),
        )
        raise WrittenMeanwhile(said % {"names": names, "count": len(wrote)})


def after_sending(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> str:
    """Return the address at which the agent goes on, as they chose; empty for the ticket itself."""
    match workplace.agent.after_sending:
        case AfterSending.LIST:
            return list_address(request)
        case AfterSending.NEXT if list_of(request):
            return next_in_list(request, workplace, ticket) or list_address(request)
    return ""


def sent_words(*, waits: bool) -> str:
    """What is said after Send; nothing where the bar at the foot says it."""
    return "" if waits else _("Your reply is on its way to the customer.")
