"""Which organizations contacts belong to: as somebody entered it, or by the domain of their address."""

from collections.abc import Iterable, Sequence

from upheld.people.models import Affiliation, Contact, Organization


def organizations_of(contact_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return, by contact, the ids of the organizations that they belong to; asked once for all."""
    found: dict[int, set[int]] = {}
    rows = Affiliation.objects.filter(contact_id__in=set(contact_ids))
    for contact_id, organization_id in rows.values_list("contact_id", "organization_id"):
        found.setdefault(contact_id, set()).add(organization_id)
    return {contact_id: frozenset(ids) for contact_id, ids in found.items()}


def organizations_on(desk_id: int, contact: Contact) -> list[Organization]:
    """Return the organizations of a contact on a desk, the main one first; that of their mail domain comes last, and
    only where nobody entered any."""
    rows = Affiliation.objects.filter(contact=contact, organization__desk_id=desk_id)
    entered = rows.select_related("organization").order_by("-is_main", "organization__name")
    found = [each.organization for each in entered]
    if found:
        return found
    domain = contact.address.rpartition("@")[2]
    return list(Organization.objects.filter(desk_id=desk_id, domains__domain=domain))


def customers_of(partners: Sequence[Organization]) -> list[Organization]:
    """Return the customers for whom solution partners may act, by their names."""
    ids = [each.pk for each in partners]
    return list(
        Organization.objects.filter(partners__partner_id__in=ids, partners__may_act=True)
        .distinct()
        .order_by("name")
    )
