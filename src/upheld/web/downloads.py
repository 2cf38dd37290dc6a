"""Files of messages: rights are asked again at each download, and a browser never shows one inside our pages."""

from collections.abc import Callable

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from upheld.tickets.models import Attachment, HeldFile, Ticket
from upheld.tickets.visibility import Viewer, visible_messages, visible_tickets
from upheld.web.pictures import read_picture


def download(viewer: Viewer, attachment_id: int, note: Callable[[Ticket], None]) -> FileResponse:
    """Answer with the file when `viewer` may read its message; otherwise it does not exist. `note` is told whose file
    is about to be read."""
    attachment = readable_file(viewer, attachment_id)
    answer = stored_file(attachment)
    note(attachment.message.ticket)
    return answer


def readable_file(viewer: Viewer, attachment_id: int) -> Attachment:
    """Return the file of a message that `viewer` may read; any other does not exist."""
    attachment = (
        Attachment.objects.filter(pk=attachment_id, message__ticket__in=visible_tickets(viewer))
        .select_related("message__ticket")
        .first()
    )
    if attachment is None or not _may_read(viewer, attachment):
        raise Http404
    return attachment


def drawn_picture(file: Attachment, note: Callable[[Ticket], None]) -> HttpResponse:
    """Answer with a picture for a page of ours to draw: its type is what its bytes are, whatever its sender said."""
    picture = read_picture(file)
    if picture is None:
        raise Http404
    note(file.message.ticket)
    kind, content = picture
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = "inline"
    _cage(answer)
    return answer


def stored_file(file: Attachment | HeldFile) -> FileResponse:
    """Answer with a file whose reader was asked for their right already; one that is gone does not exist."""
    try:
        content = default_storage.open(file.stored_as)
    except FileNotFoundError as missing:
        raise Http404 from missing
    # The type is the sender's claim; nothing here depends on it.
    answer = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    _cage(answer)
    return answer


def _cage(answer: HttpResponseBase) -> None:
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"


def _may_read(viewer: Viewer, attachment: Attachment) -> bool:
    messages = visible_messages(viewer, attachment.message.ticket)
    return messages.filter(pk=attachment.message_id).exists()
