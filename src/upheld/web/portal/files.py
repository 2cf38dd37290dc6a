"""Files that come with a customer's form: counted as they arrive, so that one too large costs nobody their words."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from upheld.tickets.incoming import NewFile

MOST_FILES = 10
_KEPT_AS = "_upheld_left_out"
View = Callable[..., HttpResponse]


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
    """Limit what a form may upload. The check against forgery reads the form, so it has to come after the limit."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers.insert(0, LimitedUploadHandler(request, settings.ATTACHMENT_SIZE_LIMIT))
        return protected(request, *args, **kwargs)

    return limited


def left_out(request: HttpRequest) -> list[str]:
    """The names of the files that were too large; known once the form has been read."""
    return getattr(request, _KEPT_AS, [])


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, up to MOST_FILES."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)

    def clean(self, data: Iterable[UploadedFile] | None, initial: object = None) -> tuple[UploadedFile, ...]:
        files = tuple(super(FilesField, self).clean(each, initial) for each in data or ())
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("At most %(most)s files at once. Choose fewer; you can send more in a reply.")
                % {"most": MOST_FILES}
            )
        return files


def new_files(files: Iterable[UploadedFile]) -> tuple[NewFile, ...]:
    """The files as values; their names and types are the sender's claims."""
    return tuple(NewFile(file.name or "", file.content_type or "", file.read()) for file in files)
