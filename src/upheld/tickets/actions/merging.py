"""Two contacts that are one person: what merging them moves, and what it would show to whom."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from upheld.people.affiliations import organizations_on
from upheld.people.models import Affiliation, Agent, Contact, Contract, Organization
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.customers import desks_knowing, visible_contacts
from upheld.tickets.models import HeldRequest, Participant
from upheld.tickets.visibility import AgentViewer, visible_held_requests, visible_tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """What becomes of a duplicate. The counts are of requests that the merging agent may see.

    `asked` are requests of the duplicate's, `follows` those in which they take part otherwise, `shared` those in which
    both take part, `held` those that have no number yet. `kept_reads` is how many requests the kept contact takes part
    in. `belongs` are organizations that the kept contact joins, `contracts` how many name the duplicate. `sees_all` are
    organizations of only one of them whose requests that one sees all.
    """

    kept: Contact
    duplicate: Contact
    asked: int
    follows: int
    shared: int
    held: int
    kept_reads: int
    contracts: int
    belongs: tuple[Organization, ...]
    crosses_organizations: bool
    sign_ins: tuple[Contact, ...]
    differs_in_sees_all: tuple[Organization, ...]
    sees_all: tuple[Organization, ...]

    @property
    def needs_confirmation(self) -> bool:
        """Whether somebody would read what they could not read, so that a person has to say that this is meant."""
        return self.crosses_organizations or bool(self.sign_ins) or bool(self.differs_in_sees_all)


def merger(kept: Contact, duplicate: Contact, agent: Agent) -> Merger:
    """Return what merging would move, as this agent may see it. Raises Contact.DoesNotExist for whom they do not know,
    and Refused where their rights do not reach as far as what is known of both."""
    viewer = AgentViewer.of(agent)
    if visible_contacts(viewer).filter(pk__in={kept.pk, duplicate.pk}).count() < len({kept.pk, duplicate.pk}):
        raise Contact.DoesNotExist("there is no such contact")
    if kept.pk == duplicate.pk:
        raise Refused("A contact cannot be merged into itself. Choose another one.")
    demand_all_of(agent, Act.merge_contacts, (kept.pk, duplicate.pk))
    theirs = _rows(viewer, duplicate)
    mine = _rows(viewer, kept)
    both = theirs.keys() & mine.keys()
    of_kept, of_duplicate = _affiliations(kept), _affiliations(duplicate)
    common = of_kept.keys() & of_duplicate.keys()
    return Merger(
        kept=kept,
        duplicate=duplicate,
        asked=sum(asked for ticket, asked in theirs.items() if ticket not in both),
        follows=sum(not asked for ticket, asked in theirs.items() if ticket not in both),
        shared=len(both),
        held=visible_held_requests(viewer).filter(contact=duplicate).count(),
        kept_reads=len(mine),
        contracts=Contract.objects.filter(technical_contacts=duplicate).count(),
        belongs=tuple(each.organization for pk, each in of_duplicate.items() if pk not in common),
        crosses_organizations=_belonging(kept) != _belonging(duplicate)
        or of_kept.keys() != of_duplicate.keys(),
        sign_ins=tuple(each for each in (kept, duplicate) if each.user_id is not None),
        differs_in_sees_all=tuple(
            of_kept[pk].organization for pk in common if of_kept[pk].sees_all != of_duplicate[pk].sees_all
        ),
        sees_all=tuple(
            each.organization
            for pk, each in {**of_kept, **of_duplicate}.items()
            if pk not in common and each.sees_all
        ),
    )


def demand_all_of(agent: Agent, act: Act, contact_ids: Collection[int]) -> None:
    """Raise Refused unless an agent may do `act` on every desk that knows these contacts, and may read every request in
    which not all of them take part. The words say nothing of what is there: it may be another desk, a right, or a
    request of which few people know."""
    try:
        for desk_id in sorted(desks_knowing(contact_ids)):
            demand_on(agent, act, desk_id)
    except NotAllowed:
        raise _out_of_reach() from None
    viewer = AgentViewer.of(agent)
    active = Participant.objects.filter(contact_id__in=contact_ids, removed_at=None)
    hidden = active.exclude(ticket_id__in=visible_tickets(viewer).values("pk")).values_list(
        "ticket_id", "contact_id"
    )
    taking_part: dict[int, set[int]] = {}
    for ticket_id, contact_id in hidden:
        taking_part.setdefault(ticket_id, set()).add(contact_id)
    held = HeldRequest.objects.filter(Q(contact_id__in=contact_ids) | Q(copies__in=contact_ids))
    unseen = held.exclude(pk__in=visible_held_requests(viewer).values("pk"))
    several = len(set(contact_ids)) > 1
    if (
        any(not several or len(each) < len(set(contact_ids)) for each in taking_part.values())
        or unseen.exists()
    ):
        raise _out_of_reach()


def _out_of_reach() -> Refused:
    return Refused(
        "You cannot do this alone: it needs the rights to all that is known of these people, on every desk. "
        "Ask a colleague who has more rights than you."
    )


def _rows(viewer: AgentViewer, contact: Contact) -> dict[int, bool]:
    """Whether a contact asked, by the tickets in which they take part, as far as the viewer may see those."""
    rows = Participant.objects.filter(contact=contact, removed_at=None)
    seen = rows.filter(ticket_id__in=visible_tickets(viewer).values("pk"))
    return dict(seen.values_list("ticket_id", "is_requester"))


def _belonging(contact: Contact) -> set[int]:
    """The organizations of a contact on every desk that knows them, by their mail domain, too."""
    return {each.pk for desk_id in desks_knowing([contact.pk]) for each in organizations_on(desk_id, contact)}


def _affiliations(contact: Contact) -> dict[int, Affiliation]:
    rows = Affiliation.objects.filter(contact=contact).select_related("organization")
    return {each.organization_id: each for each in rows.order_by("organization__name", "pk")}
