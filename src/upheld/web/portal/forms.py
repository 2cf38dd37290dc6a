"""What customers fill in."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.desks.models import Mailbox
from upheld.mailboxes.parsing.addresses import normal
from upheld.policy import Policy
from upheld.web.portal.files import FilesField

MOST_WORDS = 100_000
_ONCE = re.compile(r"\A[0-9a-f]{32}\Z")


def _most_bytes() -> str:
    return f"{settings.ATTACHMENT_SIZE_LIMIT // 1024**2} MB"


class CustomerForm(forms.Form):
    """Files, and a number used once: a form that arrives twice does its work once."""

    files = FilesField(label=gettext_lazy("Files"))
    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, left_out: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left_out = left_out
        self.fields["once"].initial = secrets.token_hex(16)
        self.fields["files"].help_text = _("Up to %(size)s together.") % {"size": _most_bytes()}

    def clean_once(self) -> str:
        """A number that is not one of ours stands in nobody's way; it only protects from nothing."""
        given = self.cleaned_data["once"]
        return given if _ONCE.match(given) else secrets.token_hex(16)

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


class ReplyForm(CustomerForm):
    text = forms.CharField(
        label=gettext_lazy("Your reply"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write something first, even with a file.")},
    )


class RequestForm(CustomerForm):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("The number, the link to your request and our answers go there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What happened, and what did you expect?"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    priority = forms.ChoiceField(label=gettext_lazy("How urgent is it?"), widget=forms.RadioSelect)
    # People never see this field. A program that fills in everything says so here.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, *args: Any, policy: Policy, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        priority = self.fields["priority"]
        priority.choices = [(each.id, each.label) for each in policy.priorities]
        priority.initial = policy.default_priority
        if known:
            del self.fields["name"], self.fields["email"]

    def clean_email(self) -> str:
        email = normal(self.cleaned_data["email"])
        if not email:
            raise forms.ValidationError(validate_email.message)
        if Mailbox.objects.filter(address=email).exists():
            raise forms.ValidationError(_("This is our own address. Give yours, so that we can answer you."))
        return email

    def clean_website(self) -> str:
        """A browser that fills in by itself may have done it, so nothing is thrown away: it only takes two tries."""
        if self.cleaned_data["website"]:
            self.data = self.data.copy()
            self.data["website"] = ""
            raise forms.ValidationError(_("Please send it once more; everything you typed is still here."))
        return ""
