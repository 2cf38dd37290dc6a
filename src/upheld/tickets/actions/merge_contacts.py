"""Say that two contacts are one person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.actions import affiliate
from upheld.people.models import Affiliation, Agent, Contact, Contract, DeskContact
from upheld.people.phones import digits_of
from upheld.policy import Actor
from upheld.tickets.actions.merging import merger
from upheld.tickets.actions.refused import Refused
from upheld.tickets.customers import desks_knowing
from upheld.tickets.effects import carry_out
from upheld.tickets.models import HeldRequest, JoinedBy, Message, Participant, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words

_FILLED_IN = ("name", "zone", "phone", "phone_digits", "region", "language")


@transaction.atomic
def merge_contacts(
    kept_id: int,
    duplicate_id: int,
    agent: Agent,
    moments: Mapping[int, Moment],
    *,
    now: datetime,
    confirmed: bool = False,
) -> Contact:
    """Let one contact be an address of another from now on: requests, organizations and contracts move to the kept one,
    and what comes from the duplicate's address counts as theirs. `moments` are those of the agent's desks.

    Where both take part in a request, the kept one's part goes on, and becomes the requester's if the duplicate asked;
    the duplicate's part ends with its link and reply address. Elsewhere those go on working, for the kept contact.

    Raises Contact.DoesNotExist for whom the agent does not know, and Refused: where their rights do not reach, or where
    somebody would read more than before and nobody has `confirmed` that.
    """
    pens = _locked(kept_id, duplicate_id, moments)
    contacts = {each.pk: each for each in _contacts(kept_id, duplicate_id)}
    if len(contacts) < len({kept_id, duplicate_id}):
        raise Contact.DoesNotExist("there is no such contact")
    kept, duplicate = contacts[kept_id], contacts[duplicate_id]
    plan = merger(kept, duplicate, agent)
    if plan.needs_confirmation and not confirmed:
        raise Refused(
            "After this somebody reads more than before. Read what it is, and confirm that it is meant."
        )
    if set(_tickets_of(duplicate_id)) - {pen.ticket.pk for pen in pens}:
        raise Refused("Something came from this contact at this very moment. Try again.")
    for pen in pens:
        _move_participation(pen, kept, duplicate)
    _move_the_rest(kept, duplicate, by=str(agent), now=now)
    _fill_in(kept, duplicate)
    duplicate.merged_into = kept
    duplicate.save(update_fields=["merged_into"])
    Contact.objects.filter(merged_into=duplicate).update(merged_into=kept)
    for pen in pens:
        _tell(pen, kept, duplicate, agent)
    for desk in Desk.objects.filter(pk__in=desks_knowing([kept.pk])):
        record(
            at=now,
            actor=f"{agent.name} <{agent.address}>",
            action="contacts merged",
            subject=kept.address,
            desk=desk,
            contact=kept.pk,
            duplicate=duplicate.address,
            duplicate_id=duplicate.pk,
            requests=sum(pen.ticket.desk_id == desk.pk for pen in pens),
            confirmed=confirmed,
        )
    return kept


def _locked(kept_id: int, duplicate_id: int, moments: Mapping[int, Moment]) -> list[Pen]:
    """Tickets come before contacts, as everywhere: an answer that comes in locks its ticket first."""
    tickets = Ticket.objects.filter(pk__in=_tickets_of(duplicate_id))
    on_desks: dict[int, list[int]] = {}
    for pk, desk_id in tickets.order_by("pk").values_list("pk", "desk_id"):
        on_desks.setdefault(desk_id, []).append(pk)
    return [
        pen
        for desk_id, ids in sorted(on_desks.items())
        if desk_id in moments
        for pen in Pen.on_each(ids, moments[desk_id])
    ]


def _tickets_of(contact_id: int) -> Sequence[int]:
    return list(Participant.objects.filter(contact_id=contact_id).values_list("ticket_id", flat=True))


def _contacts(*ids: int) -> Sequence[Contact]:
    return list(Contact.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _move_participation(pen: Pen, kept: Contact, duplicate: Contact) -> None:
    """Requester wins. The kept contact's own part is not widened otherwise, and who was put out stays out."""
    rows = {each.contact_id: each for each in pen.ticket.participants.filter(contact__in=(kept, duplicate))}
    theirs, own = rows[duplicate.pk], rows.get(kept.pk)
    asked = theirs.is_requester
    if own is None:
        theirs.contact = kept
        theirs.save(update_fields=["contact"])
    else:
        ended = theirs.removed_at or pen.moment.at
        Participant.objects.filter(pk=theirs.pk).update(
            is_requester=False, removed_at=ended, key_serial=F("key_serial") + 1
        )
        if asked:
            own.is_requester, own.joined_by, own.removed_at = True, JoinedBy.REQUEST, None
            own.sees_from = min(own.sees_from, theirs.sees_from)
            own.save(update_fields=["is_requester", "joined_by", "removed_at", "sees_from"])
    if asked:
        pen.ticket.requester = kept
        pen.ticket.save(update_fields=["requester"])
    pen.circle.forget(pen.ticket)


def _move_the_rest(kept: Contact, duplicate: Contact, *, by: str, now: datetime) -> None:
    Message.objects.filter(contact=duplicate).update(contact=kept)
    HeldRequest.objects.filter(contact=duplicate).update(contact=kept)
    for held in HeldRequest.objects.filter(copies=duplicate):
        held.copies.add(kept)
        held.copies.remove(duplicate)
    for contract in Contract.objects.filter(technical_contacts=duplicate):
        contract.technical_contacts.add(kept)
        contract.technical_contacts.remove(duplicate)
    for entered in DeskContact.objects.filter(contact=duplicate):
        DeskContact.objects.get_or_create(
            desk_id=entered.desk_id, contact=kept, defaults={"added_at": entered.added_at}
        )
        entered.delete()
    known = set(Affiliation.objects.filter(contact=kept).values_list("organization_id", flat=True))
    for each in Affiliation.objects.filter(contact=duplicate).select_related("organization"):
        if each.organization_id not in known:
            has_main = Affiliation.objects.filter(
                contact=kept, organization__desk_id=each.organization.desk_id, is_main=True
            )
            affiliate(
                kept.pk,
                each.organization_id,
                title=each.title,
                is_main=each.is_main and not has_main.exists(),
                sees_all=each.sees_all,
                by=by,
                now=now,
            )
        each.delete()


def _fill_in(kept: Contact, duplicate: Contact) -> None:
    """What the kept contact has not, the duplicate gives; whether an address is read is no one else's to say."""
    for name in _FILLED_IN:
        if not getattr(kept, name):
            setattr(kept, name, getattr(duplicate, name))
    kept.phone_digits = digits_of(kept.phone)
    kept.notes = "\n\n".join(dict.fromkeys(each for each in (kept.notes, duplicate.notes) if each))
    kept.save(update_fields=[*_FILLED_IN, "notes"])


def _tell(pen: Pen, kept: Contact, duplicate: Contact, agent: Agent) -> None:
    """The story keeps it; the ticket does not come to the top of lists by it, since nothing was said on it."""
    changed = pen.ticket.updated_at
    pen.fact("contact_merged", Actor.agent, agent=agent, kept=str(kept), duplicate=duplicate.address)
    pen.ticket.updated_at = changed
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, "", people=(kept,))
