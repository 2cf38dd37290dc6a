"""A lab fetches nothing: its people write by themselves, and real accounts are none of its business."""

from django.conf import settings

from upheld.mailboxes.fetching.trouble import FetchTrouble


def refuse_in_a_lab() -> None:
    """Raise FetchTrouble in a lab, before anybody is connected to."""
    if settings.LAB:
        raise FetchTrouble("This is a lab: no mail is fetched into it.")
