"""The form of a request: who asks and for whom once, and each problem for itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.desks.models import Mailbox
from upheld.mailboxes.parsing.addresses import normal
from upheld.people.models import Organization, Site
from upheld.policy import Policy
from upheld.policy.document import InformationItemPart
from upheld.tickets.information import MOST_WORDS as MOST_WORDS_OF_AN_ITEM
from upheld.web.portal.asking import Background
from upheld.web.portal.forms import MOST_WORDS, FilesForm, OnceForm

ITEM = "item-"


class ItemsForm(forms.Form):
    """Fields for what the policy asks for; `site_knows` need not be typed again."""

    def add_items(self, items: Sequence[InformationItemPart], site_knows: Mapping[str, str]) -> None:
        for each in items:
            self.fields[ITEM + each.id] = forms.CharField(
                label=each.label,
                help_text=each.meaning,
                required=not each.optional and not site_knows.get(each.id),
                max_length=MOST_WORDS_OF_AN_ITEM,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "short"}),
                error_messages={"required": _("We need this to begin. Fill it in.")},
            )

    @property
    def items(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(ITEM)]

    @property
    def given(self) -> dict[str, str]:
        """What was filled in, by the ids of the items."""
        found = {name: text for name, text in self.cleaned_data.items() if name.startswith(ITEM)}
        return {name.removeprefix(ITEM): text.strip() for name, text in found.items() if text.strip()}


class RequestForm(ItemsForm, OnceForm):
    """Who asks, for whom, and what is asked of every request."""

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
    organization = forms.ChoiceField(label=gettext_lazy("For which organization?"), required=False)
    site = forms.ChoiceField(
        label=gettext_lazy("At which site?"),
        required=False,
        help_text=gettext_lazy("What we know of the site you need not type again."),
    )
    # People never see this field. A program that fills in everything says so here.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(
        self,
        *args: Any,
        known: bool,
        background: Background,
        items: Sequence[InformationItemPart] = (),
        site: Site | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._background = background
        if known:
            del self.fields["name"], self.fields["email"]
        organizations, sites = background.organizations, background.sites
        if len(organizations) > 1:
            self.fields["organization"].choices = [(str(each.pk), each.name) for each in organizations]
        else:
            del self.fields["organization"]
        if sites:
            self.fields["site"].choices = [("", _("None of these"))] + [
                (str(each.pk), _site_label(each, organizations)) for each in sites
            ]
        else:
            del self.fields["site"]
        self.add_items(items, site.fields if site else {})

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

    def clean(self) -> dict[str, Any]:
        site, organization = self.chosen_site, self.cleaned_data.get("organization")
        if site is not None and organization and str(site.organization_id) != organization:
            words = _("This site is one of %(organization)s. Choose one of the organization above.")
            self.add_error("site", words % {"organization": site.organization})
        return self.cleaned_data

    @property
    def chosen_site(self) -> Site | None:
        return self._background.site(self.cleaned_data.get("site"))

    @property
    def chosen_organization(self) -> Organization | None:
        """The one that was chosen, or that of the site; None leaves it to the desk."""
        chosen = self.cleaned_data.get("organization")
        known = {str(each.pk): each for each in self._background.organizations}
        return known.get(chosen or "") or (self.chosen_site.organization if self.chosen_site else None)


class ProblemForm(ItemsForm, FilesForm):
    """One problem."""

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
    priority = forms.ChoiceField(label=gettext_lazy("How urgent is it?"))

    def __init__(
        self,
        *args: Any,
        policy: Policy,
        items: Sequence[InformationItemPart] = (),
        hints: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in (hints or {}).items():
            self.fields[name].help_text = hint
        priority = self.fields["priority"]
        priority.choices = [(each.id, each.label) for each in policy.priorities]
        priority.initial = policy.default_priority
        self.add_items(items, {})


def _site_label(site: Site, organizations: Sequence[Organization]) -> str:
    return f"{site.organization} – {site.name}" if len(organizations) > 1 else site.name
