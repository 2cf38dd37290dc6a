"""The gate before the number: every request of a customer comes through here, whatever its channel."""

from django.db import transaction

from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.rules.entitlement import Held
from upheld.tickets.actions.hold_request import hold_request
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.gate import examined
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import HeldRequest, Ticket
from upheld.tickets.moment import Moment


@transaction.atomic(savepoint=False)
def take_in(request: NewRequest, moment: Moment) -> Ticket | HeldRequest:
    """Open a ticket under the promise that applies at the request's receipt, or hold the request without a number.

    What the request does not state is filled in from who asks and by which door: organization, product, region, plan,
    contract, and whether it is for named people only.
    """
    document = document_of(version_in_force(request.desk, request.received_at).pk)
    request, outcome = examined(request, document)
    if isinstance(outcome, Held):
        return hold_request(request, outcome.because, moment)
    return open_ticket(request, moment)
