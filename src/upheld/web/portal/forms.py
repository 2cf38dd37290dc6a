"""What customers fill in."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.web.portal.files import FilesField

MOST_WORDS = 100_000
_ONCE = re.compile(r"\A[0-9a-f]{32}\Z")


def _most_bytes() -> str:
    return f"{settings.ATTACHMENT_SIZE_LIMIT // 1024**2} MB"


class OnceForm(forms.Form):
    """A number used once: a form that arrives twice does its work once."""

    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = secrets.token_hex(16)

    def clean_once(self) -> str:
        """A number that is not one of ours stands in nobody's way; it only protects from nothing."""
        given = self.cleaned_data["once"]
        return given if _ONCE.match(given) else secrets.token_hex(16)


class FilesForm(forms.Form):
    """Files; `left_out` are the names of those that were too large together."""

    files = FilesField(label=gettext_lazy("Files"))

    def __init__(self, *args: Any, left_out: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_out = left_out
        self.fields["files"].help_text = _("Up to %(size)s together.") % {"size": _most_bytes()}

    def clean_files(self) -> tuple[Any, ...]:
        if self.left_out:
            raise forms.ValidationError(
                _("Too large: %(names)s. Files may have %(size)s together. Choose smaller ones, or none.")
                % {
                    "names": ", ".join(self.left_out),
                    "size": _most_bytes(),
                }
            )
        return self.cleaned_data["files"]


class BrokenForm(OnceForm):
    text = forms.CharField(
        label=gettext_lazy("What happens?"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )


class ReplyForm(FilesForm, OnceForm):
    text = forms.CharField(
        label=gettext_lazy("Your reply"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write something first, even with a file.")},
    )
