"""Who sees the figures over all tickets of a desk: named by an administrator, audited, and while they work there."""

import pytest

from harness.cast import LONG_AGO, Cast
from upheld.desks.models import AuditEntry
from upheld.people.actions import name_auditor, set_sign_in, strike_auditor, take_off_desk
from upheld.people.auditors import audited, auditors_of
from upheld.people.models import Agent
from upheld.people.staff import StaffRefused


def is_auditor(cast: Cast, agent: Agent) -> bool:
    return audited(agent.pk, [cast.desk.pk]) == {cast.desk.pk}


def did(cast: Cast) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(desk=cast.desk, action__startswith="auditor").order_by("pk")
    return list(entries.values_list("action", "subject"))


def test_an_auditor_is_named_once_and_struck_and_both_are_audited(cast: Cast) -> None:
    assert not any(is_auditor(cast, each) for each in (cast.bob, cast.lena, cast.ada))
    for _ in range(2):
        name_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    assert is_auditor(cast, cast.bob) and not is_auditor(cast, cast.ada)
    assert [each.agent.name for each in auditors_of(cast.desk)] == ["Bob Tanaka"]
    strike_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    assert not is_auditor(cast, cast.bob)
    assert did(cast) == [("auditor named", cast.bob.address), ("auditor struck", cast.bob.address)]
    with pytest.raises(StaffRefused, match="no auditor"):
        strike_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)


def test_nobody_audits_a_desk_on_which_they_do_not_work(cast: Cast, charlie: Agent) -> None:
    with pytest.raises(StaffRefused):
        name_auditor(cast.desk.pk, charlie.pk, by=cast.ada, now=LONG_AGO)
    assert not auditors_of(cast.desk)


def test_who_leaves_the_desk_audits_it_no_more(cast: Cast) -> None:
    name_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    take_off_desk(cast.desk.pk, cast.bob.pk, by="Ada", now=LONG_AGO)
    assert not auditors_of(cast.desk)
    entry = AuditEntry.objects.get(action="agent taken off the desk")
    assert entry.data["named_auditor"] is True


def test_a_closed_account_audits_nothing(cast: Cast) -> None:
    name_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    set_sign_in(cast.desk.pk, cast.bob.pk, wanted=False, by=cast.ada, now=LONG_AGO)
    assert not is_auditor(cast, cast.bob)
