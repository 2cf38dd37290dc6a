"""What is filled in about a portal."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.desks.models import Desk, Portal
from upheld.desks.portals import LONGEST_TEXT, PortalValues, choosable
from upheld.rules.looks import CORNERS, SCALES, USUAL_CORNERS, USUAL_SCALE

_CORNERS = {
    "square": gettext_lazy("Square"),
    "soft": gettext_lazy("A little round"),
    "round": gettext_lazy("Round"),
}
_SCALES = {
    "narrow": gettext_lazy("Calm: headings little larger than the text"),
    "usual": gettext_lazy("Usual"),
    "wide": gettext_lazy("Loud: large headings"),
}


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class PortalForm(forms.Form):
    """Everything of a portal on one page. Whether it can be so, the action decides."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("What customers read above everything else, such as “Device repairs”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=40,
        help_text=gettext_lazy(
            "Stands in the address: /help/SHORT-NAME/. With another one, the address that people know leads nowhere."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    enquiry = forms.CharField(
        label=gettext_lazy("Kind of enquiry"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "By which customers choose among several portals, such as “Broken laptops and tablets”."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    introduction = forms.CharField(
        label=gettext_lazy("Introduction"), required=False, max_length=LONGEST_TEXT, widget=_text(3)
    )
    guidance = forms.CharField(
        label=gettext_lazy("What to do before a request"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy(
            "What to try first, and what a good report says. An empty line begins a paragraph."
        ),
        widget=_text(5),
    )
    mailbox = forms.ModelChoiceField(
        label=gettext_lazy("Mailbox"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("The desk's usual one"),
        help_text=gettext_lazy("The address that the portal names for those who would rather write a mail."),
    )
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Products"), required=False, widget=forms.CheckboxSelectMultiple
    )
    request_types = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of request"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_listed = forms.BooleanField(label=gettext_lazy("Offered to everybody"), required=False)
    restricted = forms.BooleanField(label=gettext_lazy("For named people only"), required=False)
    accent = forms.CharField(
        label=gettext_lazy("Own colour"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Like #00bb55. Empty for the usual colours."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "#rrggbb", "size": "9"}
        ),
    )
    corners = forms.ChoiceField(
        label=gettext_lazy("Corners"),
        choices=[(name, _CORNERS[name]) for name in CORNERS],
        initial=USUAL_CORNERS,
    )
    scale = forms.ChoiceField(
        label=gettext_lazy("Headings"),
        choices=[(name, _SCALES[name]) for name in SCALES],
        initial=USUAL_SCALE,
    )

    def __init__(self, *args: Any, desk: Desk, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = choosable(desk, now)
        self.fields["mailbox"].queryset = desk.mailboxes.order_by("-is_default", "address")
        for name, options in (("products", known.products), ("request_types", known.request_types)):
            self.fields[name].choices = list(options.items())
            self.fields[name].error_messages["invalid_choice"] = _unknown(name, list(options))
        for name in ("corners", "scale"):
            self.fields[name].required = False

    def values(self) -> PortalValues:
        """What was filled in."""
        given = self.cleaned_data
        return PortalValues(
            name=given["name"],
            enquiry=given["enquiry"],
            introduction=given["introduction"],
            guidance=given["guidance"],
            mailbox=given["mailbox"],
            products=given["products"],
            request_types=given["request_types"],
            look={name: given[name] for name in ("accent", "corners", "scale")},
            is_listed=given["is_listed"],
            restricted=given["restricted"],
        )


def filled_from(portal: Portal) -> dict[str, Any]:
    """What the form shows of a portal as it is."""
    names = (
        *("name", "slug", "enquiry", "introduction", "guidance", "mailbox", "products", "request_types"),
        *("is_listed", "restricted"),
    )
    usual = {"corners": USUAL_CORNERS, "scale": USUAL_SCALE}
    return {name: getattr(portal, name) for name in names} | usual | portal.look


def _unknown(name: str, known: list[str]) -> str:
    what = _("The policy in force does not know “%(value)s”.")
    if not known:
        return what
    # The value is put in by the field.
    return what + " " + _("It knows: %(known)s.").replace("%(known)s", ", ".join(known).replace("%", "%%"))
