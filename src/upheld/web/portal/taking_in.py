"""What was typed becomes requests at the gate, one a problem, in one transaction."""

from datetime import datetime

from upheld.mailboxes.horizon import moment
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.tickets import acknowledging
from upheld.tickets.actions import tie_together
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldMessage, HeldRequest, Ticket
from upheld.web.portal.files import new_files
from upheld.web.portal.once import one_at_a_time
from upheld.web.portal.request_form import ProblemForm
from upheld.web.portal.typed_request import Typed


def take_in_all(typed: Typed, peer: str, now: datetime) -> list[Ticket | HeldRequest]:
    """Open a ticket for each problem, tied together, or hold it. The same form twice gives what it gave before."""
    filled_in, contact = typed.form.cleaned_data, typed.place.contact
    network = acknowledging.network_of(peer) or "unknown"
    with one_at_a_time(filled_in["once"]) as form_id:
        requester = contact or find_or_add_contact(filled_in["email"], filled_in["name"], now)
        taken_in: list[Ticket | HeldRequest] = []
        for number, problem in enumerate(typed.problems, start=1):
            problem_id = form_id if number == 1 else form_id.replace("<form.", f"<form.{number}.", 1)
            known = _known(typed, requester, problem_id)
            if known is None:
                request = _request(typed, problem, requester, problem_id, network, now)
                known = take_in(request, moment(request.desk.pk, now))
            taken_in.append(known)
        tie_together([each.pk for each in taken_in if isinstance(each, Ticket)], now)
        return taken_in


def _known(typed: Typed, requester: Contact, problem_id: str) -> Ticket | HeldRequest | None:
    desk = typed.place.portal.desk
    ticket = requester.requested_tickets.filter(desk=desk, messages__message_id=problem_id).first()
    if ticket is not None:
        return ticket
    kept = HeldMessage.objects.filter(
        message_id=problem_id, request__desk=desk, request__contact=requester
    ).select_related("request")
    message = kept.first()
    return message.request if message else None


def _request(
    typed: Typed, problem: ProblemForm, requester: Contact, problem_id: str, network: str, now: datetime
) -> NewRequest:
    place, words = typed.place, problem.cleaned_data
    desk, site = place.portal.desk, typed.form.chosen_site
    given = {**typed.form.given, **problem.given}
    known = site.fields if site else {}
    return NewRequest(
        desk=desk,
        contact=requester,
        subject=words["subject"],
        text=words["text"],
        received_at=now,
        channel="portal",
        priority=words["priority"],
        portal=place.portal,
        organization=typed.form.chosen_organization,
        site=site,
        product=place.subject.product,
        request_type=place.subject.kind,
        information={id: text for id, text in given.items() if text != known.get(id)},
        message_id=problem_id,
        files=new_files(words["files"]),
        asked_from=network,
        confirmed=place.contact is not None,
        acknowledge=acknowledging.objection(requester.address, network, desk.pk, now) is None,
    )
