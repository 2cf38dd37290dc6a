"""What came with a message: its files, and its sender's own formatting."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.tickets.models import Message, Ticket
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.readers.reading import FILE, FORMATTED, note_reading
from upheld.web.downloads import download, drawn_picture, readable_file
from upheld.web.foreign_html import foreign_page, quiet_page
from upheld.web.mail_html import Pictures
from upheld.web.pictures import pictures_within
from upheld.web.text_files import beginning_of
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def attachment(request: HttpRequest, workplace: Workplace, attachment_id: int, name: str) -> HttpResponse:
    """`name` only tells browsers what to call the file; which file it is, the id says."""
    return download(workplace.viewer, attachment_id, _noting(request, workplace))


@require_safe
@for_agents
def file_picture(request: HttpRequest, workplace: Workplace, attachment_id: int) -> HttpResponse:
    """A picture, to be drawn in the conversation."""
    file = readable_file(workplace.viewer, attachment_id)
    return drawn_picture(file, _noting(request, workplace))


@require_safe
@for_agents
def file_beginning(request: HttpRequest, workplace: Workplace, attachment_id: int) -> HttpResponse:
    """The first lines of a text file, for the sandboxed frame."""
    file = readable_file(workplace.viewer, attachment_id)
    beginning = beginning_of(file)
    if beginning is None:
        raise Http404
    note_reading(request, workplace, file.message.ticket, FILE)
    note = "" if beginning.is_all else _("The first %(lines)s lines; download the file for the rest.")
    return quiet_page(request, beginning.text, note % {"lines": beginning.lines} if note else "")


@require_safe
@for_agents
def formatted_message(request: HttpRequest, workplace: Workplace, message_id: int) -> HttpResponse:
    """What its sender formatted, for the sandboxed frame; with pictures from elsewhere once asked for."""
    messages = Message.objects.filter(pk=message_id, ticket__in=visible_tickets(workplace.viewer))
    message = messages.select_related("ticket").first()
    if message is None or not message.html:
        raise Http404
    note_reading(request, workplace, message.ticket, FORMATTED)
    own = pictures_within(message.attachments.order_by("pk"))
    return foreign_page(request, message.html, Pictures(own, request.GET.get("pictures") == "shown"))


def _noting(request: HttpRequest, workplace: Workplace) -> Callable[[Ticket], None]:
    def note(ticket: Ticket) -> None:
        note_reading(request, workplace, ticket, FILE)

    return note
