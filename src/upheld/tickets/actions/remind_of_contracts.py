"""Remind the desk of contracts that end soon: once for each, and not of those that were renewed."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from upheld.desks.models import Desk
from upheld.notices.models import Notice, NoticeKind
from upheld.people.contract_lists import ContractFilter, ContractState, contracts_on
from upheld.people.contract_values import document_in_force
from upheld.people.contracts import renewals_of, term
from upheld.people.models import Agent, Contract, RoleHolder
from upheld.people.roles import holders
from upheld.policy.document import Document
from upheld.rules.permissions import Role
from upheld.tickets.keys import new_message_id


def remind_of_contracts(now: datetime) -> int:
    """Write the reminders that are due; return how many mails. It may be asked as often as one likes, by any number of
    workers."""
    ending = contracts_on(list(Desk.objects.all()), ContractFilter(state=ContractState.ending), now)
    due = {_key(each, 0): each.pk for each in ending}
    for key in Notice.objects.filter(key__in=list(due)).values_list("key", flat=True):
        del due[key]
    return sum(_remind(contract_id, now) for contract_id in due.values())


@transaction.atomic
def _remind(contract_id: int, now: datetime) -> int:
    contract = (
        Contract.objects.select_for_update(of=("self",), no_key=True)
        .select_related("desk", "organization")
        .get(pk=contract_id)
    )
    # Somebody may have been quicker: another worker, or whoever renewed it.
    is_told = Notice.objects.filter(key=_key(contract, 0)).exists()
    if is_told or contract.cancelled_at is not None or renewals_of(contract).exists():
        return 0
    document = document_in_force(contract.desk, now)
    told = whom_to_remind(contract, document, now)
    data = _data(contract, document)
    for number, agent in enumerate(told):
        Notice.objects.create(
            key=_key(contract, number),
            desk=contract.desk,
            kind=NoticeKind.CONTRACT_ENDING,
            to_address=agent.address,
            to_name=agent.name,
            message_id=new_message_id(0, _sender(contract.desk)),
            data=data,
            created_at=now,
            next_try_at=now,
        )
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_notice")
    return len(told)


def whom_to_remind(contract: Contract, document: Document | None, now: datetime) -> list[Agent]:
    """Return who looks after the organization by a role of the policy that is filled by organization; where nobody
    does, the desk's leads, and where there are none, its administrators."""
    values = {"organization": str(contract.organization_id), "product": contract.product}
    found: dict[int, Agent] = {}
    for role in (each.id for each in (document.roles if document else ()) if "organization" in each.by):
        if _is_filled(contract, role):
            found |= {each.pk: each for each in holders(contract.desk_id, role, values, now)}
    if found:
        return [found[id] for id in sorted(found)]
    return _staff(contract.desk, Role.lead) or _staff(contract.desk, Role.administrator)


def _is_filled(contract: Contract, role: str) -> bool:
    held = RoleHolder.objects.filter(
        desk_id=contract.desk_id,
        role=role,
        region="",
        product__in={"", contract.product},
        agent__user__is_active=True,
        agent__memberships__desk_id=contract.desk_id,
    )
    theirs, anybodys = held.filter(organization_id=contract.organization_id), held.filter(organization=None)
    return theirs.exists() or anybodys.exists()


def _staff(desk: Desk, role: Role) -> list[Agent]:
    working = Agent.objects.filter(user__is_active=True, memberships__desk=desk, memberships__role=role.value)
    return list(working.select_related("user").order_by("pk"))


def _data(contract: Contract, document: Document | None) -> dict[str, object]:
    _starts_at, ends_at = term(contract)
    return {
        "contract": contract.pk,
        "reference": contract.reference,
        "organization": contract.organization.name,
        "product": _label(contract.product, document.products if document else ()),
        "plan": _label(contract.plan, document.plans if document else ()),
        "last_day": contract.ends_on.isoformat(),
        "ends_at": ends_at.isoformat(),
        "zone": contract.desk.zone,
    }


def _label(id: str, choices: Iterable[object]) -> str:
    return next((each.label for each in choices if each.id == id), id)  # type: ignore[attr-defined]


def _key(contract: Contract, number: int) -> str:
    """Another last day is another end, of which the desk is reminded again."""
    return f"contract:{contract.pk}:{contract.ends_on.isoformat()}:{number}"


def _sender(desk: Desk) -> str:
    mailbox = desk.mailboxes.order_by("-is_default", "id").first()
    return mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
