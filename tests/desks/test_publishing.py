"""Versions of a desk's policy: in force, to come, withdrawn; and the drafts that they come from."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import (
    DraftRefused,
    PolicyRefused,
    PublicationRefused,
    begin_draft,
    change_draft,
    keep_effect,
    prepare,
    publish_policy,
    publish_prepared,
    withdraw_policy,
)
from upheld.desks.models import AuditEntry, Desk, PolicyVersion, PolicyWithdrawal, Takeover
from upheld.desks.policies import (
    NoPolicyInForce,
    publications,
    version_in_force,
    versions_with_other_zone_data,
)
from upheld.desks.policy_documents import coming_versions
from upheld.policy import Mode, pack
from upheld.tickets.actions import open_ticket
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import Ticket

SCHOOL = pack("school-devices").partition("\nexamples:")[0] + "\n"
OTHER = SCHOOL.replace("within: 24 working hours", "within: 12 working hours")
NOW = utc("2026-06-01 11:00")
SOON = NOW + timedelta(days=1)


def published(
    desk: Desk,
    text: str = OTHER,
    when: datetime = NOW,
    effective_from: datetime | None = None,
    mode: Mode = Mode.pin,
) -> PolicyVersion:
    prepared = prepare(text, when, until=effective_from)
    return publish_prepared(desk, prepared, now=when, by="Ada", effective_from=effective_from, mode=mode)


def held(desk: Desk, when: datetime) -> int:
    return version_in_force(desk, when).number


def test_a_version_holds_from_its_instant_on(cast: Cast) -> None:
    published(cast.desk, effective_from=SOON)
    assert held(cast.desk, SOON - timedelta(microseconds=1)) == 1
    assert held(cast.desk, SOON) == 2
    assert [each.number for each in coming_versions(cast.desk, NOW)] == [2]


def test_of_two_that_hold_from_one_instant_the_later_published_counts(cast: Cast) -> None:
    published(cast.desk, effective_from=SOON)
    published(cast.desk, SCHOOL, NOW + timedelta(hours=1), SOON)
    assert held(cast.desk, SOON) == 3


def test_what_was_published_for_later_is_not_undone_by_what_is_published_for_now(cast: Cast) -> None:
    published(cast.desk, effective_from=SOON)
    published(cast.desk, SCHOOL, NOW + timedelta(hours=1))
    assert held(cast.desk, NOW + timedelta(hours=2)) == 3
    assert held(cast.desk, SOON) == 2


def test_the_same_document_is_one_version_while_it_holds(cast: Cast) -> None:
    assert publish_policy(cast.desk, OTHER, now=NOW, by="Ada").number == 2
    assert publish_policy(cast.desk, OTHER, now=NOW, by="Ada").number == 2


def test_the_same_document_again_is_a_version_where_it_does_not_hold_yet(cast: Cast) -> None:
    published(cast.desk, effective_from=SOON)
    now = publish_policy(cast.desk, OTHER, now=NOW, by="Ada")
    assert (now.number, now.effective_from) == (3, NOW)
    withdrawn = published(cast.desk, SCHOOL, effective_from=SOON)
    withdraw_policy(withdrawn, by="Ada", now=NOW)
    assert publish_policy(cast.desk, SCHOOL, now=NOW, by="Ada").number == 5


def test_the_same_document_may_be_published_to_take_open_tickets_over(cast: Cast) -> None:
    published(cast.desk)
    again = published(cast.desk, mode=Mode.carry)
    assert (again.number, again.mode) == (3, "carry")
    assert Takeover.objects.get().version == again


def test_a_version_that_is_withdrawn_never_held_anywhere(cast: Cast) -> None:
    version = published(cast.desk, effective_from=SOON, mode=Mode.carry)
    withdraw_policy(version, by="Ada", now=NOW)
    assert held(cast.desk, SOON + timedelta(days=9)) == 1
    assert coming_versions(cast.desk, NOW) == []
    assert publications([cast.desk.pk]) == {cast.desk.pk: []}
    entry = AuditEntry.objects.get(action="policy withdrawn")
    assert (entry.actor, entry.data["version"]) == ("Ada", 2)


@pytest.mark.parametrize("before", [timedelta(0), timedelta(seconds=29), timedelta(days=-1)])
def test_what_holds_or_is_about_to_is_not_withdrawn(cast: Cast, before: timedelta) -> None:
    version = published(cast.desk, effective_from=SOON)
    with pytest.raises(PublicationRefused, match="Publish a former version again"):
        withdraw_policy(version, by="Ada", now=SOON - before)
    assert not PolicyWithdrawal.objects.exists()


def test_twice_is_not_withdrawn(cast: Cast) -> None:
    version = published(cast.desk, effective_from=SOON)
    withdraw_policy(version, by="Ada", now=NOW)
    with pytest.raises(PublicationRefused, match="withdrawn already"):
        withdraw_policy(version, by="Ada", now=NOW)


def test_the_only_version_withdrawn_leaves_none(cast: Cast) -> None:
    desk = Desk.objects.create(slug="new", name="New", number_prefix="NEW", created_at=NOW)
    version = published(desk, effective_from=SOON)
    withdraw_policy(version, by="Ada", now=NOW)
    with pytest.raises(NoPolicyInForce):
        version_in_force(desk, SOON)


def test_tickets_are_not_taken_over_in_the_past(cast: Cast) -> None:
    with pytest.raises(PublicationRefused, match="in the past"):
        published(cast.desk, effective_from=NOW - timedelta(seconds=1), mode=Mode.recompute)


def test_a_document_with_problems_is_no_version(cast: Cast) -> None:
    with pytest.raises(PolicyRefused) as refused:
        prepare(SCHOOL.replace("default_priority: medium", "default_priority: none"), NOW)
    assert refused.value.report.problems
    failing = pack("school-devices").replace("due: 2026-03-24 13:50", "due: 2026-03-24 13:51")
    with pytest.raises(PolicyRefused):
        publish_policy(cast.desk, failing, now=NOW, by="Ada")


def test_holidays_are_written_in_for_the_years_around(cast: Cast) -> None:
    version = published(cast.desk, effective_from=utc("2030-01-01 09:00"))
    years = version.document["years"]
    assert (years[0], years[-1]) == (2020, 2040)


def test_publications_come_in_the_order_in_which_they_hold(cast: Cast, charlie: object) -> None:
    published(cast.desk, effective_from=SOON, mode=Mode.carry)
    published(cast.desk, SCHOOL, mode=Mode.recompute)
    published(cast.desk, OTHER, NOW + timedelta(hours=1))
    other = Desk.objects.get(slug="other")
    found = publications([cast.desk.pk, other.pk])
    assert [(each.number, each.mode) for each in found[cast.desk.pk]] == [
        (3, Mode.recompute),
        (2, Mode.carry),
    ]
    assert found[other.pk] == []


def test_a_desk_published_with_other_zone_data_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert versions_with_other_zone_data(NOW) == []
    monkeypatch.setattr("upheld.desks.policies.installed_zone_data", lambda: "2031.1")
    assert [each.number for each in versions_with_other_zone_data(NOW)] == [1]


def test_doctor_tells_of_other_zone_data(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from upheld.worker.health import checks

    assert not [each for each in checks(NOW) if each.name == "zone data"]
    monkeypatch.setattr("upheld.desks.policies.installed_zone_data", lambda: "2031.1")
    [check] = [each for each in checks(NOW) if each.name == "zone data"]
    assert check.ok and "upheld policy zones --desk school-devices" in check.detail


# Drafts.


def test_a_draft_forgets_what_it_does_when_its_text_or_instant_changes(cast: Cast) -> None:
    draft = begin_draft(cast.desk, None, SCHOOL, by="Ada", now=NOW)
    for changes, is_kept in (
        ({"mode": "carry", "remark": "why"}, True),
        ({"text": OTHER}, False),
        ({"effective_from": SOON}, False),
        ({"text": OTHER}, True),
    ):
        draft.refresh_from_db()
        assert keep_effect(draft.pk, draft.changed_at, {"some": "effect"})
        changed = change_draft(draft.pk, by="Ada", now=NOW, **changes)  # type: ignore[arg-type]
        assert (changed.effect is not None) is is_kept, changes


def test_an_effect_is_kept_for_the_draft_that_was_looked_at_only(cast: Cast) -> None:
    draft = begin_draft(cast.desk, None, SCHOOL, by="Ada", now=NOW)
    change_draft(draft.pk, by="Bob", now=NOW + timedelta(seconds=1), text=OTHER)
    assert not keep_effect(draft.pk, NOW, {"some": "effect"})


def test_a_draft_keeps_any_text_but_what_no_reader_takes(cast: Cast) -> None:
    assert begin_draft(cast.desk, None, "a\r\nb\rc", by="Ada", now=NOW).text == "a\nb\nc"
    for text in ("a\0b", "x" * 300_001):
        with pytest.raises(DraftRefused):
            begin_draft(cast.desk, None, text, by="Ada", now=NOW)


# Two at once.


@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_is_opened_while_a_version_is_published_is_taken_over(cast: Cast) -> None:
    """The opening waits for the publication, and sees it; the walk of the takeover need not find the ticket."""
    from django.db import transaction

    opened: list[Ticket] = []
    # As a mail that came a moment before the version holds.
    received = NOW - timedelta(seconds=1)

    def mail() -> None:
        request = NewRequest(
            desk=cast.desk,
            contact=cast.amina,
            subject="Laptop",
            text="Black.",
            received_at=received,
            channel="email",
        )
        try:
            opened.append(open_ticket(request, at("2026-06-01 11:00")))
        finally:
            connection.close()

    with transaction.atomic():
        published(cast.desk, OTHER, mode=Mode.carry)
        opening = threading.Thread(target=mail)
        opening.start()
        opening.join(0.5)
        assert opening.is_alive(), "it waits for the row of the desk"
    opening.join(10)
    [ticket] = opened
    ticket.refresh_from_db()
    assert ticket.policy_version.number == 1
    assert ticket.later_version is not None and ticket.later_version.number == 2
    assert Desk.objects.filter(created_at=LONG_AGO).exists()
