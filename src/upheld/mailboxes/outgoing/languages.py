"""The languages in which a desk's letters are written."""

from collections.abc import Iterable

from upheld.desks.models import Desk
from upheld.people.affiliations import organizations_on
from upheld.people.models import Membership
from upheld.tickets.models import Participant

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
}


def language_of_letters(language: str) -> str:
    """Return the language of a desk's letters: its own where we write it, else English."""
    code = language.partition("-")[0].lower()
    return code if code in LANGUAGES else "en"


def language_of_reader(participant: Participant, desk: Desk) -> str:
    """Return in which language somebody wants letters: their own, else that of their organization on the desk; empty
    where neither says so."""
    contact = participant.contact
    return contact.language or next((each.language for each in organizations_on(desk.pk, contact)), "")


def language_for(address: str) -> str:
    """Return the language of letters that come from no desk: that of the desk on which somebody works, or to which
    they wrote last; else of the only desk."""
    address = address.strip().lower()
    work = Membership.objects.filter(agent__user__email=address).order_by("desk__name", "desk_id")
    wrote = Participant.objects.filter(contact__address=address, removed_at=None).order_by("-ticket_id")
    language = (
        work.values_list("desk__language", flat=True).first()
        or wrote.values_list("ticket__desk__language", flat=True).first()
        or _only(Desk.objects.order_by("pk").values_list("language", flat=True)[:2])
    )
    return language_of_letters(language or "en")


def _only(values: Iterable[str]) -> str | None:
    found = list(values)
    return found[0] if len(found) == 1 else None
