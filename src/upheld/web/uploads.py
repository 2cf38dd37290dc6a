"""Files that somebody sends with a form: counted as they arrive, so that one too large costs nobody their words."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from upheld.tickets.actions import Refused
from upheld.tickets.incoming import NewFile

_KEPT_AS = "_upheld_left_out"
View = Callable[..., HttpResponse]


class NoFiles(FileUploadHandler):
    """What every page does that does not take files: it reads past them, and keeps nothing."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SkipFile


class LimitedUploadHandler(FileUploadHandler):
    """Lets files through until they are too large together. A file that does not fit is read and thrown away, since
    stopping there would lose the fields that follow it."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.left = most
        self.taken = 0
        self.left_out: list[str] = []
        setattr(request, _KEPT_AS, self.left_out)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        self.taken += len(raw_data)
        if self.left < 0:
            self.left += self.taken
            self.left_out.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def takes_files(view: View) -> View:
    """Take what a form uploads, up to a limit. The check against forgery reads the form, so it has to come after."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers = [
                LimitedUploadHandler(request, settings.ATTACHMENT_SIZE_LIMIT),
                MemoryFileUploadHandler(request),
                TemporaryFileUploadHandler(request),
            ]
        return protected(request, *args, **kwargs)

    return limited


def left_out(request: HttpRequest) -> list[str]:
    """The names of the files that were too large; known once the form has been read."""
    return getattr(request, _KEPT_AS, [])


def uploaded_files(request: HttpRequest, field: str = "files") -> tuple[NewFile, ...]:
    """The files of a form; raises Refused when they are too large. Their names and types are the sender's claims."""
    given = request.FILES.getlist(field)
    if names := left_out(request):
        raise Refused(
            _("Too large: %(names)s. Files may have %(most)s together. Send them another way, or in parts.")
            % {"names": ", ".join(names), "most": filesizeformat(settings.ATTACHMENT_SIZE_LIMIT)}
        )
    return tuple(NewFile(file.name or "", file.content_type or "", file.read()) for file in given)
