"""What the pages of contracts show, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.people.contract_lists import ContractState, state_of
from upheld.people.models import Contract
from upheld.people.vocabulary import Vocabulary, vocabulary
from upheld.rules.permissions import Act
from upheld.tickets.incidents import incidents_seen, incidents_used
from upheld.web.agent.customers.guard import may_on
from upheld.web.agent.policy.rows import day_words
from upheld.web.viewer import Workplace

# Colour, icon and words.
STATES: Mapping[ContractState, tuple[str, str, str | Promise]] = {
    ContractState.in_force: ("met", "circle-check", gettext_lazy("In force")),
    ContractState.ending: ("due-soon", "hourglass", gettext_lazy("Ending soon")),
    ContractState.upcoming: ("running", "calendar-clock", gettext_lazy("To come")),
    ContractState.ended: ("none", "history", gettext_lazy("Ended")),
}


@dataclass(frozen=True, slots=True)
class ContractRow:
    """`used` is how many tickets a contract has paid for: all of them for who may change contracts, else those that
    the viewer may see, which `as_seen` says."""

    id: int
    reference: str
    organization_id: int
    organization: str
    desk: str
    product: str
    plan: str
    first_day: str
    last_day: str
    state: ContractState
    colour: str
    icon: str
    words: str
    incidents: int | None
    used: int
    as_seen: bool

    @property
    def left(self) -> int | None:
        return None if self.incidents is None else max(0, self.incidents - self.used)


def contract_rows(
    contracts: Iterable[Contract], renewed: set[int], workplace: Workplace, now: datetime
) -> list[ContractRow]:
    """The rows of contracts; `renewed` are the ids of those after which another goes on."""
    listed = list(contracts)
    vocabularies = {desk.pk: vocabulary(desk, now) for desk in {each.desk for each in listed}}
    used = _used(listed, workplace)
    return [
        _row(each, each.pk in renewed, vocabularies[each.desk_id], used[each.pk], workplace, now)
        for each in listed
    ]


def _used(contracts: list[Contract], workplace: Workplace) -> dict[int, int]:
    exact = [each.pk for each in contracts if sees_exactly(workplace, each)]
    others = [each.pk for each in contracts if not sees_exactly(workplace, each)]
    found = incidents_used(exact) | incidents_seen(workplace.viewer, others)
    return {each.pk: found.get(each.pk, 0) for each in contracts}


def sees_exactly(workplace: Workplace, contract: Contract) -> bool:
    """Whether this agent is told of every incident that was used, even by tickets that they may not see."""
    return may_on(workplace, contract.desk_id, Act.change_contracts)


def _row(
    contract: Contract, renewed: bool, words: Vocabulary, used: int, workplace: Workplace, now: datetime
) -> ContractRow:
    state = state_of(contract, now, renewed=renewed)
    colour, icon, said = STATES[state]
    if contract.cancelled_at is not None:
        said = _("Cancelled") if state is ContractState.ended else _("Cancelled, still in force")
        said = _("Cancelled before it began") if state is ContractState.upcoming else said
    return ContractRow(
        id=contract.pk,
        reference=contract.reference,
        organization_id=contract.organization_id,
        organization=contract.organization.name,
        desk=contract.desk.name,
        product=words.products.get(contract.product, contract.product),
        plan=words.plans.get(contract.plan, contract.plan),
        first_day=day_words(contract.starts_on, year=True),
        last_day=day_words(contract.ends_on, year=True),
        state=state,
        colour=colour,
        icon=icon,
        words=str(said),
        incidents=contract.incidents,
        used=used,
        as_seen=not sees_exactly(workplace, contract),
    )
