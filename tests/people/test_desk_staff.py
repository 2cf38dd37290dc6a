"""Who works on a desk: it always has an administrator, and nobody reaches further than the desks they administer."""

import pytest

from harness.cast import LONG_AGO, Cast
from upheld.desks.models import AuditEntry, Desk
from upheld.notices.actions import invite_agent, name_reader, take_out_reader
from upheld.notices.models import Notice
from upheld.people.actions import (
    add_agent,
    add_team,
    change_right,
    change_team,
    dissolve_team,
    fill_role,
    open_desk,
    set_sign_in,
    set_zone,
    take_off_desk,
)
from upheld.people.models import Agent, Membership, NamedReader, RoleHolder, Team
from upheld.people.staff import StaffRefused
from upheld.rules.permissions import Role

BY = {"by": "Ada", "now": LONG_AGO}


@pytest.fixture
def nobody_named(cast: Cast) -> None:
    """Nobody reads what is restricted."""
    NamedReader.objects.all().delete()


def last_entry(desk: Desk) -> AuditEntry:
    return AuditEntry.objects.filter(desk=desk).latest("pk")


def invite(cast: Cast, address: str = "nora@desk.example.com", **more: object) -> Agent:
    values: dict[str, object] = {
        "name": "Nora Lind",
        "role": Role.agent,
        "sign_in": "https://desk.example.com/in/",
        "by": cast.ada,
        "now": LONG_AGO,
    }
    return invite_agent(cast.desk.pk, address=address, **(values | more))  # type: ignore[arg-type]


def test_who_is_invited_works_on_the_desk_and_is_told_the_way_in(cast: Cast) -> None:
    nora = invite(cast, " Nora@Desk.Example.com ")
    assert Membership.objects.get(agent=nora, desk=cast.desk).role == "agent"
    notice = Notice.objects.get(to_address="nora@desk.example.com")
    assert notice.desk == cast.desk and notice.kind == "account"
    assert "https://desk.example.com/in/" in notice.data["text"] and "Ada Okafor" in notice.data["text"]
    assert not nora.user.has_usable_password()


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("nobody", {}),
        ("nora@desk.example.com", {"name": "  "}),
        ("bob@desk.example.com", {}),
        # An invitation must not be the way around the last administrator.
        ("ada@desk.example.com", {"role": Role.agent}),
    ],
)
def test_an_invitation_that_makes_no_sense_changes_nothing(
    cast: Cast, address: str, more: dict[str, object]
) -> None:
    with pytest.raises(StaffRefused):
        invite(cast, address, **more)
    assert Membership.objects.filter(desk=cast.desk).count() == 3
    assert Membership.objects.get(agent=cast.ada).role == "administrator"
    assert not Notice.objects.exists()


def test_the_last_administrator_stays_whatever_is_tried(cast: Cast) -> None:
    with pytest.raises(StaffRefused, match="last administrator"):
        change_right(cast.desk.pk, cast.ada.pk, Role.lead, **BY)
    with pytest.raises(StaffRefused, match="last administrator"):
        take_off_desk(cast.desk.pk, cast.ada.pk, **BY)
    change_right(cast.desk.pk, cast.lena.pk, Role.administrator, **BY)
    set_sign_in(cast.desk.pk, cast.lena.pk, wanted=False, by=cast.ada, now=LONG_AGO)
    with pytest.raises(StaffRefused, match="last administrator"):
        # Lena could not sign in to administer anything.
        take_off_desk(cast.desk.pk, cast.ada.pk, **BY)
    assert Membership.objects.get(agent=cast.ada, desk=cast.desk).role == "administrator"


def test_a_second_administrator_may_go(cast: Cast) -> None:
    change_right(cast.desk.pk, cast.lena.pk, Role.administrator, **BY)
    change_right(cast.desk.pk, cast.ada.pk, Role.agent, **BY)
    entry = last_entry(cast.desk)
    assert (entry.action, entry.data["before"], entry.data["after"]) == (
        "right changed",
        {"role": "administrator"},
        {"role": "agent"},
    )
    change_right(cast.desk.pk, cast.ada.pk, Role.agent, **BY)
    assert last_entry(cast.desk) == entry


def test_who_is_taken_off_leaves_teams_roles_and_readings_behind(cast: Cast) -> None:
    team = add_team(cast.desk.pk, name="First line", members=[cast.bob.pk, cast.lena.pk], **BY)
    fill_role(cast.desk, "support_manager", cast.bob, **BY)
    name_reader(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    take_off_desk(cast.desk.pk, cast.bob.pk, **BY)
    assert list(team.members.all()) == [cast.lena]
    for left in (RoleHolder, NamedReader, Membership):
        assert not left.objects.filter(agent=cast.bob).exists()
    said = last_entry(cast.desk).data
    assert (said["teams"], said["roles"], said["named_reader"]) == (
        ["First line"],
        ["support_manager"],
        True,
    )
    cast.bob.user.refresh_from_db()
    assert cast.bob.user.is_active


def test_an_account_is_closed_and_opened_by_who_administers_all_its_desks(cast: Cast, charlie: Agent) -> None:
    set_sign_in(cast.desk.pk, cast.bob.pk, wanted=False, by=cast.ada, now=LONG_AGO)
    cast.bob.user.refresh_from_db()
    assert not cast.bob.user.is_active
    set_sign_in(cast.desk.pk, cast.bob.pk, wanted=True, by=cast.ada, now=LONG_AGO)
    actions = AuditEntry.objects.filter(subject="bob@desk.example.com").order_by("pk")
    assert list(actions.values_list("action", flat=True)[1:]) == ["user deactivated", "user reactivated"]
    add_agent(Desk.objects.get(slug="other"), address=cast.bob.address, name="", role=Role.agent, **BY)
    with pytest.raises(StaffRefused, match="other desks"):
        set_sign_in(cast.desk.pk, cast.bob.pk, wanted=False, by=cast.ada, now=LONG_AGO)
    cast.bob.user.refresh_from_db()
    assert cast.bob.user.is_active


def test_nobody_locks_themselves_out_or_closes_a_stranger(cast: Cast, charlie: Agent) -> None:
    change_right(cast.desk.pk, cast.lena.pk, Role.administrator, **BY)
    with pytest.raises(StaffRefused, match="lock yourself out"):
        set_sign_in(cast.desk.pk, cast.ada.pk, wanted=False, by=cast.ada, now=LONG_AGO)
    with pytest.raises(StaffRefused, match="works on this desk"):
        set_sign_in(cast.desk.pk, charlie.pk, wanted=False, by=cast.ada, now=LONG_AGO)
    charlie.user.refresh_from_db()
    assert charlie.user.is_active


def test_a_zone_is_one_that_exists(cast: Cast) -> None:
    assert set_zone(cast.desk.pk, cast.bob.pk, "Asia/Tokyo", **BY).zone == "Asia/Tokyo"
    with pytest.raises(StaffRefused):
        set_zone(cast.desk.pk, cast.bob.pk, "Middle/Earth", **BY)
    assert set_zone(cast.desk.pk, cast.bob.pk, "", **BY).zone == ""


def test_a_team_is_made_changed_and_dissolved(cast: Cast, charlie: Agent) -> None:
    team = add_team(cast.desk.pk, name="  First   line ", members=[cast.bob.pk], **BY)
    assert team.name == "First line"
    with pytest.raises(StaffRefused, match="already"):
        add_team(cast.desk.pk, name="First line", **BY)
    with pytest.raises(StaffRefused, match="does not work on this desk"):
        add_team(cast.desk.pk, name="Second line", members=[charlie.pk], **BY)
    changed = change_team(
        cast.desk.pk, team.pk, name="First line", tier="first", members=[cast.bob.pk, cast.lena.pk], **BY
    )
    entry = last_entry(cast.desk)
    assert entry.data["before"] == {"tier": "", "members": ["bob@desk.example.com"]}
    assert entry.data["after"]["members"] == ["bob@desk.example.com", "lena@desk.example.com"]
    change_team(
        cast.desk.pk, team.pk, name="First line", tier="first", members=[cast.bob.pk, cast.lena.pk], **BY
    )
    assert last_entry(cast.desk) == entry
    ticket = cast.writes("2026-03-20 09:00")
    type(ticket).objects.filter(pk=ticket.pk).update(team=changed)
    dissolve_team(cast.desk.pk, team.pk, **BY)
    ticket.refresh_from_db()
    assert ticket.team is None and not Team.objects.exists()


def test_readers_hear_of_every_other_reader(cast: Cast, nobody_named: None) -> None:
    name_reader(cast.desk.pk, cast.lena.pk, by=cast.ada, now=LONG_AGO)
    name_reader(cast.desk.pk, cast.ada.pk, by=cast.ada, now=LONG_AGO)
    told = Notice.objects.order_by("pk").values_list("to_address", flat=True)
    assert list(told) == ["lena@desk.example.com", "lena@desk.example.com", "ada@desk.example.com"]
    name_reader(cast.desk.pk, cast.ada.pk, by=cast.ada, now=LONG_AGO)
    assert Notice.objects.count() == 3
    take_out_reader(cast.desk.pk, cast.ada.pk, by=cast.ada, now=LONG_AGO)
    assert "taken Ada Okafor out" in Notice.objects.latest("pk").data["text"]
    actions = AuditEntry.objects.filter(action__startswith="reader").order_by("pk")
    assert list(actions.values_list("action", "subject")) == [
        ("reader named", "lena@desk.example.com"),
        ("reader named", "ada@desk.example.com"),
        ("reader taken out", "ada@desk.example.com"),
    ]


def test_only_who_works_on_the_desk_is_named(cast: Cast, charlie: Agent, nobody_named: None) -> None:
    with pytest.raises(StaffRefused):
        name_reader(cast.desk.pk, charlie.pk, by=cast.ada, now=LONG_AGO)
    with pytest.raises(StaffRefused):
        take_out_reader(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)


NEW = {
    "slug": "city-works",
    "name": "City Works",
    "prefix": "cwh",
    "zone": "Europe/Berlin",
    "language": "de",
    "address": "Help@Works.Example.com",
}


def test_a_further_desk_is_administered_by_who_opened_it(cast: Cast) -> None:
    desk = open_desk(**NEW, policy="always-on", by=cast.ada, now=LONG_AGO)
    assert (desk.number_prefix, desk.mailboxes.get().address) == ("CWH", "help@works.example.com")
    assert Membership.objects.get(desk=desk).agent == cast.ada
    assert desk.policy_versions.get().document["document"]["name"] == "always-on"
    assert {"desk created", "agent added", "policy published"} <= set(
        AuditEntry.objects.filter(desk=desk).order_by("pk").values_list("action", flat=True)
    )


def test_without_a_policy_it_begins_with_an_empty_draft(cast: Cast) -> None:
    desk = open_desk(**NEW, by=cast.ada, now=LONG_AGO)
    assert not desk.policy_versions.exists()
    assert desk.policy_drafts.get().text == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"slug": "City Works"},
        {"slug": "new"},
        {"slug": "school-devices"},
        {"prefix": "SDS"},
        {"address": "support@desk.example.com"},
        {"address": "nowhere"},
        {"zone": "Middle/Earth"},
        {"language": "tlh"},
        {"policy": "no-such-pack"},
    ],
)
def test_a_desk_that_cannot_be_is_refused_whole(cast: Cast, wrong: dict[str, str]) -> None:
    with pytest.raises(StaffRefused):
        open_desk(**(NEW | wrong), by=cast.ada, now=LONG_AGO)
    assert Desk.objects.count() == 1


def test_only_an_administrator_opens_a_desk(cast: Cast) -> None:
    with pytest.raises(StaffRefused):
        open_desk(**NEW, by=cast.lena, now=LONG_AGO)
