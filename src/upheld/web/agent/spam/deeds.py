"""What an agent does about spam on a ticket: each a POST, one transaction, and the page again."""

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.mailboxes.models import SenderRule
from upheld.mailboxes.sender_rules import hear_sender, refuse_sender
from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act, typed
from upheld.web.agent.spam.panel import sender_of


@act("spam")
def spam(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    address, domain = sender_of(ticket.requester)
    sender = {"address": address, "domain": domain}.get(typed(request, "further"), "")
    with transaction.atomic():
        actions.mark_spam(ticket.pk, agent, moment)
        if not sender:
            return _("Marked as spam. Nothing on it is judged any more, and nobody is written to.")
        sure = typed(request, "sure") == "yes"
        refuse_sender(ticket.desk, sender, agent, moment, ticket=ticket, sure=sure)
    return _("Marked as spam. Further mail from %(sender)s opens no ticket.") % {"sender": sender}


@act("spam")
def not_spam(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    """The rule that was made with it goes with it."""
    with transaction.atomic():
        actions.unmark_spam(ticket.pk, agent, moment)
        for rule in SenderRule.objects.filter(ticket=ticket, desk=ticket.desk_id).order_by("pk"):
            hear_sender(ticket.desk_id, rule.pk, agent, moment)
    return _("It is no spam. Its clocks are as if they had never stopped.")
