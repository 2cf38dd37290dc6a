"""What came with a message: its files, and its sender's own formatting."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld.tickets.models import Message, Ticket
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.readers.reading import FILE, FORMATTED, note_reading
from upheld.web.downloads import download
from upheld.web.foreign_html import foreign_page
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def attachment(request: HttpRequest, workplace: Workplace, attachment_id: int, name: str) -> HttpResponse:
    """`name` only tells browsers what to call the file; which file it is, the id says."""

    def note(ticket: Ticket) -> None:
        note_reading(request, workplace, ticket, FILE)

    return download(workplace.viewer, attachment_id, note)


@require_safe
@for_agents
def formatted_message(request: HttpRequest, workplace: Workplace, message_id: int) -> HttpResponse:
    messages = Message.objects.filter(pk=message_id, ticket__in=visible_tickets(workplace.viewer))
    message = messages.select_related("ticket").first()
    if message is None or not message.html:
        raise Http404
    note_reading(request, workplace, message.ticket, FORMATTED)
    return foreign_page(message.html)
