"""Say that a contact belongs to an organization, and as what."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Affiliation, Contact, Organization
from upheld.rules.one_line import one_line


@transaction.atomic
def affiliate(
    contact_id: int,
    organization_id: int,
    *,
    title: str = "",
    is_main: bool = False,
    sees_all: bool = False,
    by: str,
    now: datetime,
) -> Affiliation:
    """Let a contact belong to an organization, or change as what they do. Their first one on a desk is their main one,
    and there is one main one at most; `sees_all` grants the requests of the whole organization on the portal."""
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    organization = Organization.objects.select_related("desk").get(pk=organization_id)
    on_desk = Affiliation.objects.filter(contact=contact, organization__desk=organization.desk)
    others = on_desk.exclude(organization=organization)
    is_main = is_main or not others.exists()
    if is_main:
        others.filter(is_main=True).update(is_main=False)
    wanted = {"title": one_line(title, 120), "is_main": is_main, "sees_all": sees_all}
    before = on_desk.filter(organization=organization).values(*wanted).first()
    affiliation, _ = Affiliation.objects.update_or_create(
        contact=contact, organization=organization, defaults=wanted
    )
    if before != wanted:
        record(
            at=now,
            actor=by,
            action="affiliation changed" if before else "contact affiliated",
            subject=contact.address,
            desk=organization.desk,
            contact=contact.pk,
            organization=organization.pk,
            name=organization.name,
            before=before,
            **wanted,
        )
    return affiliation
