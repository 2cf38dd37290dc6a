"""Files of messages: rights are asked again at each download, and a browser never shows one inside our pages."""

from collections.abc import Callable

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from upheld.tickets.models import Attachment, HeldFile, Ticket
from upheld.tickets.visibility import Viewer, visible_messages, visible_tickets


def download(viewer: Viewer, attachment_id: int, note: Callable[[Ticket], None]) -> FileResponse:
    """Answer with the file when `viewer` may read its message; otherwise it does not exist. `note` is told whose file
    is about to be read."""
    attachment = (
        Attachment.objects.filter(pk=attachment_id, message__ticket__in=visible_tickets(viewer))
        .select_related("message__ticket")
        .first()
    )
    if attachment is None or not _may_read(viewer, attachment):
        raise Http404
    answer = stored_file(attachment)
    note(attachment.message.ticket)
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
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _may_read(viewer: Viewer, attachment: Attachment) -> bool:
    messages = visible_messages(viewer, attachment.message.ticket)
    return messages.filter(pk=attachment.message_id).exists()
