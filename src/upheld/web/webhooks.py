"""The door for mail providers: who may call, how much they may say, and what they hear.

200 is said when the mail is committed. Whatever else happens is said as an error, so that the provider tries again.
"""

from urllib.parse import parse_qsl

import structlog
from anymail.exceptions import AnymailConfigurationError
from anymail.webhooks.base import AnymailBasicAuthMixin
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import DatabaseError, InterfaceError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters
from django.views.decorators.csrf import csrf_exempt

from upheld.mailboxes.webhooks.providers import AS_RECEIVED, RAW_FIELDS, view_of
from upheld.mailboxes.webhooks.taking import MailTooLargeError, keep_unread

# A mail grows when it is put into JSON, at most as often as base64 makes it a third longer, with something around it.
GROWTH = 1.4
ROOM_AROUND = 1024 * 1024
MOST_PARTS = 1000
NOT_ABOUT_THE_MAIL = (
    SuspiciousOperation,
    MailTooLargeError,
    AnymailConfigurationError,
    DatabaseError,
    InterfaceError,
    OSError,
)
TOO_LARGE, TRY_LATER, REFUSED = 413, 503, 403

log = structlog.get_logger(__name__)


@csrf_exempt
def mail_webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Take the mail that a provider hands over."""
    if provider not in settings.MAIL_WEBHOOKS:
        raise Http404
    try:
        return _take(request, provider)
    except SuspiciousOperation as error:
        return _said(REFUSED, provider, error)
    except MailTooLargeError as error:
        return _said(TOO_LARGE, provider, error)
    except AnymailConfigurationError as error:
        log.error("mail_webhook_misconfigured", provider=provider, error=str(error)[:300])
        return HttpResponse(status=TRY_LATER)
    except Exception as error:
        return _said(TRY_LATER, provider, error)


def _take(request: HttpRequest, provider: str) -> HttpResponse:
    view = view_of(provider)
    if request.method == "POST":
        # Before anything is read: what strangers say is not even taken in.
        AnymailBasicAuthMixin.validate_request(view(), request)
        _read(request)
    try:
        with transaction.atomic():
            answer: HttpResponse = view.as_view()(request)
    except NOT_ABOUT_THE_MAIL:
        raise
    except Exception as error:
        keep_unread(request.body, provider, error)
        log.error("mail_webhook_not_understood", provider=provider, error=type(error).__name__)
        return HttpResponse()
    return answer


def _said(status: int, provider: str, error: Exception) -> HttpResponse:
    log.warning("mail_webhook_refused", provider=provider, status=status, error=type(error).__name__)
    return HttpResponse(status=status)


def _read(request: HttpRequest) -> None:
    """Read the whole request, within the limit of mail and not of a page's forms."""
    limit = int(settings.MAIL_SIZE_LIMIT * GROWTH) + ROOM_AROUND
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdecimal() or int(told) > limit:
        raise MailTooLargeError
    body = request.read(limit + 1)
    if len(body) > limit:
        raise MailTooLargeError
    # Django keeps the body here once it is read; its own way of reading it ends at the limit of forms.
    request._body = body  # type: ignore[attr-defined]
    request.upload_handlers = [WholeForm(request)]
    if request.content_type == "application/x-www-form-urlencoded":
        # Of which Django makes text, and some mail is none.
        for name, value in parse_qsl(body.decode("ascii", "replace"), encoding="latin-1"):
            if name in RAW_FIELDS:
                setattr(request, AS_RECEIVED, value.encode("latin-1"))


class WholeForm(FileUploadHandler):
    """Reads a form with files in one go: a mail may come in one field, which Django bounds like what people type."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # type: ignore[no-untyped-def]  # noqa: N803 - Django's names
        """Return the fields and the files."""
        fields, files = QueryDict(mutable=True), MultiValueDict()
        delimiter = b"\r\n--" + bytes(boundary)
        parts = (b"\r\n" + input_data.read()).split(delimiter, MOST_PARTS + 1)
        if len(parts) > MOST_PARTS:
            raise SuspiciousOperation("too many parts")
        for part in parts[1:]:
            if part.startswith(b"--"):
                break
            head, _, content = part.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
            self._keep(head, content, fields, files)
        return fields, files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing comes here: the whole was read."""

    def file_complete(self, file_size: int) -> None:
        """Nothing comes here: the whole was read."""

    def _keep(
        self, head: bytes, content: bytes, fields: QueryDict, files: "MultiValueDict[str, object]"
    ) -> None:
        headers = {}
        for line in head.decode("utf-8", "replace").split("\r\n"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        _, disposition = parse_header_parameters(headers.get("content-disposition", ""))
        name = disposition.get("name", "")
        if "filename" in disposition:
            kind = headers.get("content-type", "application/octet-stream")
            files.appendlist(name, SimpleUploadedFile(disposition["filename"] or "file", content, kind))
            return
        fields.appendlist(name, content.decode("utf-8", "replace"))
        if name in RAW_FIELDS and self.request is not None:
            setattr(self.request, AS_RECEIVED, content)
