"""Files that come with a customer's form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from upheld.tickets.incoming import NewFile

MOST_FILES = 10


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
