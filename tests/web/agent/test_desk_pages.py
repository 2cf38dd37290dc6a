"""A desk set up and kept through its pages: by administrators alone, and every change is audited."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast_of_pages import HOSTILE, NOW, enter, page
from django.test import Client

from harness.cast import LONG_AGO, Cast
from upheld.desks.actions import publish_policy
from upheld.desks.audit import record
from upheld.desks.models import AuditEntry, Desk, Mailbox
from upheld.mailboxes.models import Source
from upheld.notices.actions import name_reader
from upheld.notices.models import Notice
from upheld.people.actions import add_agent, add_team, enter_absence, fill_role
from upheld.people.models import Absence, Agent, Membership, NamedReader, Organization, RoleHolder, Team
from upheld.policy import load, pack
from upheld.rules.permissions import Role

HERE = "/desk/school-devices/"


@pytest.fixture
def ada(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.ada)


@pytest.fixture(autouse=True)
def nobody_named(cast: Cast) -> None:
    """Nobody reads what is restricted yet."""
    NamedReader.objects.all().delete()


@pytest.fixture
def contracts(cast: Cast) -> Cast:
    """The desk under a policy with roles, tiers and regions."""
    publish_policy(cast.desk, pack("maintenance-contract"), now=NOW - timedelta(hours=1), by="tests")
    return cast


def words(text: str) -> str:
    """A page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def did(action: str) -> list[str]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk").values_list("subject", flat=True))


# Who comes in.


def every_address(cast: Cast) -> dict[str, str]:
    """Every page and every form of the desk, and how it is asked."""
    bob = cast.bob.pk
    pages = ["", "about/", "staff/", "teams/", "roles/", "absences/", "readers/", "mailboxes/", "audit/"]
    forms = [
        "about/change/",
        "staff/add/",
        *(f"staff/{bob}/{each}/" for each in ("right", "zone", "sign-in", "off")),
        "teams/add/",
        "teams/1/",
        "teams/1/dissolve/",
        "roles/fill/",
        "roles/1/clear/",
        "absences/enter/",
        "absences/1/strike/",
        "readers/name/",
        f"readers/{bob}/take-out/",
        "mailboxes/add/",
        f"mailboxes/{cast.desk.mailboxes.get().pk}/",
        f"mailboxes/{cast.desk.mailboxes.get().pk}/default/",
    ]
    return {HERE + each: "get" for each in pages} | {HERE + each: "post" for each in forms}


@pytest.mark.parametrize("who", ["bob", "lena"])
def test_for_agents_and_leads_there_is_no_such_page(
    cast: Cast, who: str, signed_in: Callable[[Agent], Client]
) -> None:
    client, before = signed_in(getattr(cast, who)), AuditEntry.objects.count()
    for address, way in (every_address(cast) | {"/desk/": "get", "/desk/new/": "get"}).items():
        assert getattr(client, way)(address).status_code == 404, address
    assert AuditEntry.objects.count() == before


def test_the_administrator_of_another_desk_finds_nothing_either(cast: Cast, stranger: Client) -> None:
    before = AuditEntry.objects.count()
    for address, way in every_address(cast).items():
        assert getattr(stranger, way)(address).status_code == 404, address
    assert AuditEntry.objects.count() == before


def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get(HERE).status_code == 302


def test_every_page_opens_for_the_administrator_and_reading_changes_nothing(
    contracts: Cast, ada: Client
) -> None:
    before = AuditEntry.objects.count()
    for address, way in every_address(contracts).items():
        if way == "get":
            assert ada.get(address).status_code == 200, address
        else:
            assert ada.get(address).status_code == 405, address
    assert AuditEntry.objects.count() == before


def test_ids_of_another_desk_open_nothing(cast: Cast, ada: Client, charlie: Agent) -> None:
    other = Desk.objects.get(slug="other")
    team = add_team(other.pk, name="Theirs", by="tests", now=LONG_AGO)
    holder = fill_role(other, "manager", charlie, by="tests", now=LONG_AGO)
    box = other.mailboxes.get()
    absence = enter_absence(charlie, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=charlie, now=NOW)
    tries = {
        f"staff/{charlie.pk}/right/": {"role": "agent"},
        f"staff/{charlie.pk}/off/": {},
        f"staff/{charlie.pk}/sign-in/": {"wanted": "no"},
        f"teams/{team.pk}/": {"name": "Ours"},
        f"teams/{team.pk}/dissolve/": {},
        f"roles/{holder.pk}/clear/": {},
        f"absences/{absence.pk}/strike/": {},
        f"mailboxes/{box.pk}/": {"name": "Ours"},
        "readers/name/": {"agent": charlie.pk},
        "absences/enter/": {"agent": charlie.pk, "first": "2026-04-01", "last": "2026-04-02"},
    }
    before = AuditEntry.objects.count()
    for address, given in tries.items():
        assert ada.post(HERE + address, given).status_code == 422, address
    assert AuditEntry.objects.count() == before
    assert Team.objects.get().name == "Theirs"


# Staff.


def test_somebody_is_added_and_invited(cast: Cast, ada: Client) -> None:
    given = {"address": "nora@desk.example.com", "name": "Nora Lind", "role": "lead"}
    answer = ada.post(f"{HERE}staff/add/", given, follow=True)
    assert "told so by mail" in page(answer) and "Nora Lind" in page(answer)
    assert Membership.objects.get(agent__user__email="nora@desk.example.com").role == "lead"
    assert "/login/code/" in Notice.objects.get(to_address="nora@desk.example.com").data["text"]
    assert "nora@desk.example.com" in did("agent added")


def test_what_was_typed_stays_when_it_is_refused(cast: Cast, ada: Client) -> None:
    answer = ada.post(f"{HERE}staff/add/", {"address": "nora", "name": HOSTILE, "role": "agent"})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="nora"' in text
    assert "Write an e-mail address" in text and "<script>alert" not in text


def test_the_last_administrator_is_told_why_they_stay(cast: Cast, ada: Client) -> None:
    for address, given in (("right", {"role": "agent"}), ("off", {})):
        answer = ada.post(f"{HERE}staff/{cast.ada.pk}/{address}/", given)
        assert answer.status_code == 422
        assert "Ada Okafor is the last administrator of School Device Support" in words(
            answer.content.decode()
        )
    assert Membership.objects.get(agent=cast.ada).role == "administrator"


def test_an_agent_gets_another_right_another_zone_and_leaves(cast: Cast, ada: Client) -> None:
    own = f"{HERE}staff/{cast.bob.pk}/"
    ada.post(f"{own}right/", {"role": "lead"})
    ada.post(f"{own}zone/", {"zone": "Asia/Tokyo"})
    text = words(page(ada.get(f"{HERE}staff/")))
    assert "Bob Tanaka Team lead bob@desk.example.com · Asia/Tokyo" in text
    ada.post(f"{own}sign-in/", {"wanted": "no"})
    assert "cannot sign in" in page(ada.get(f"{HERE}staff/"))
    assert enter(cast.bob.user).get("/tickets/").status_code != 200
    ada.post(f"{own}sign-in/", {"wanted": "yes"})
    ada.post(f"{own}off/")
    ada.get(HERE)
    assert "Bob Tanaka" not in page(ada.get(f"{HERE}staff/"))
    for action in ("right changed", "zone changed", "user deactivated", "agent taken off the desk"):
        assert did(action) == ["bob@desk.example.com"], action


def test_an_unknown_right_is_none(cast: Cast, ada: Client) -> None:
    for role in ("participant", "emperor", ""):
        assert ada.post(f"{HERE}staff/{cast.bob.pk}/right/", {"role": role}).status_code == 422
    assert Membership.objects.get(agent=cast.bob).role == "agent"


# Teams and roles.


def test_a_team_gets_its_members_and_its_tier(contracts: Cast, ada: Client) -> None:
    assert "The policy knows tiers that no team is" in page(ada.get(f"{HERE}teams/"))
    given = {"name": "Front", "tier": "first", "members": [contracts.bob.pk, contracts.lena.pk]}
    assert "Bob Tanaka" in page(ada.post(f"{HERE}teams/add/", given, follow=True))
    team = Team.objects.get()
    assert (team.tier, team.members.count()) == ("first", 2)
    refused = ada.post(f"{HERE}teams/{team.pk}/", {"name": "Back", "tier": "no-such", "members": []})
    assert refused.status_code == 422 and 'value="Back"' in refused.content.decode()
    ada.post(f"{HERE}teams/{team.pk}/", {"name": "Back", "tier": "second", "members": [contracts.bob.pk]})
    team.refresh_from_db()
    assert (team.name, team.tier, team.members.get()) == ("Back", "second", contracts.bob)
    ada.post(f"{HERE}teams/{team.pk}/dissolve/")
    assert not Team.objects.exists() and did("team dissolved") == ["Back"]


def test_a_role_that_nobody_fills_is_a_finding_until_somebody_does(contracts: Cast, ada: Client) -> None:
    assert "Manager of technical support" in page(ada.get(HERE))
    text = words(page(ada.get(f"{HERE}roles/")))
    assert "Nobody fills: Manager of technical support, Sales manager, Executive" in text
    for role in ("support_manager", "sales_manager", "executive"):
        ada.post(f"{HERE}roles/fill/", {"role": role, "agent": contracts.lena.pk, "rank": "0"})
    assert "Nobody fills" not in page(ada.get(f"{HERE}roles/"))
    assert "Nobody fills" not in page(ada.get(HERE))


def test_a_role_is_filled_for_a_product_with_deputy_and_hours(cast: Cast, ada: Client) -> None:
    publish_policy(cast.desk, pack("campaign-severity"), now=NOW - timedelta(hours=1), by="tests")
    product = load(pack("campaign-severity")).choices["products"][0]
    given = {
        "role": "product_manager",
        "agent": cast.bob.pk,
        "rank": "1",
        "product": product.id,
        "calendar": "helpdesk",
        # The policy does not ask for it here, so it is not kept.
        "region": "europe",
    }
    text = words(page(ada.post(f"{HERE}roles/fill/", given, follow=True)))
    assert f"Bob Tanaka First deputy {product.label} helpdesk" in text
    holder = RoleHolder.objects.get()
    assert (holder.rank, holder.product, holder.calendar, holder.region) == (1, product.id, "helpdesk", "")
    ada.post(f"{HERE}roles/{holder.pk}/clear/")
    assert not RoleHolder.objects.exists() and did("role cleared") == ["product_manager"]


def test_a_role_by_region_under_a_policy_without_regions_says_so(contracts: Cast, ada: Client) -> None:
    assert "the policy lists no regions" in page(ada.get(f"{HERE}roles/"))


def test_a_role_that_cannot_be_filled_so_says_why(cast: Cast, ada: Client) -> None:
    publish_policy(cast.desk, pack("campaign-severity"), now=NOW - timedelta(hours=1), by="tests")
    given = {"role": "product_manager", "agent": str(cast.bob.pk), "rank": "0"}
    for wrong, why in (
        ({"role": "emperor"}, "no such role"),
        ({"agent": "999999"}, "works on this desk"),
        ({"agent": "²"}, "works on this desk"),
        ({"product": "atlantis"}, "no “atlantis”"),
        ({"calendar": "never"}, "calendars"),
    ):
        answer = ada.post(f"{HERE}roles/fill/", given | wrong)
        assert answer.status_code == 422 and why in answer.content.decode(), wrong
    assert not RoleHolder.objects.exists()


def test_a_customer_has_a_manager_of_its_own(cast: Cast, ada: Client) -> None:
    publish_policy(cast.desk, pack("success-plans"), now=NOW - timedelta(hours=1), by="tests")
    abbey = Organization.objects.create(name="Abbey School", desk=cast.desk)
    given = {"role": "customer_success_manager", "agent": cast.lena.pk, "organization": "abbey school"}
    assert "Abbey School" in page(ada.post(f"{HERE}roles/fill/", given, follow=True))
    assert RoleHolder.objects.get().organization == abbey
    answer = ada.post(f"{HERE}roles/fill/", given | {"organization": "Nowhere"})
    assert answer.status_code == 422 and "Enter it under Customers first" in answer.content.decode()


def test_who_fills_a_role_that_the_policy_lost_can_be_taken_away(cast: Cast, ada: Client) -> None:
    fill_role(cast.desk, "old_role", cast.bob, by="tests", now=LONG_AGO)
    assert "Filled, and not in the policy in force" in page(ada.get(f"{HERE}roles/"))


# Absences.


def test_an_agent_enters_an_absence_of_their_own_in_whole_days(cast: Cast, bob: Client) -> None:
    text = page(
        bob.post("/absences/", {"first": "2026-06-01", "last": "2026-06-02", "note": "Sun"}, follow=True)
    )
    assert "Mon 1 June 2026 – Tue 2 June 2026" in text and "Sun" in text
    absence = Absence.objects.get()
    # Days of London, in summer.
    assert (absence.starts_at.isoformat(), absence.ends_at.isoformat()) == (
        "2026-05-31T23:00:00+00:00",
        "2026-06-02T23:00:00+00:00",
    )
    assert "/absences/" in page(bob.get("/preferences/"))
    bob.post(f"/absences/{absence.pk}/strike/")
    assert not Absence.objects.exists()


def test_what_is_no_absence_is_refused_and_stays_typed(cast: Cast, bob: Client) -> None:
    for first, last in (
        ("2026-06-02", "2026-06-01"),
        ("2020-01-01", "2020-01-02"),
        ("", ""),
        ("9999-12-31",) * 2,
    ):
        answer = bob.post("/absences/", {"first": first, "last": last, "note": "Mine"})
        assert answer.status_code == 422 and 'value="Mine"' in answer.content.decode(), first
    assert not Absence.objects.exists()


def test_another_agents_absence_is_not_ones_own_to_strike(cast: Cast, bob: Client) -> None:
    absence = enter_absence(cast.lena, starts_at=NOW, ends_at=NOW + timedelta(days=1), by=cast.lena, now=NOW)
    bob.post(f"/absences/{absence.pk}/strike/")
    assert Absence.objects.exists()
    assert "Lena" not in page(bob.get("/absences/"))


def test_an_administrator_enters_it_for_somebody(cast: Cast, ada: Client) -> None:
    given = {"agent": cast.bob.pk, "first": "2026-03-20", "last": "2026-03-20"}
    text = words(page(ada.post(f"{HERE}absences/enter/", given, follow=True)))
    assert "Bob Tanaka · Fri 20 March 2026 now" in text
    ada.post(f"{HERE}absences/{Absence.objects.get().pk}/strike/")
    assert not Absence.objects.exists()


# Named readers.


def test_nobody_named_is_a_warning_until_somebody_is(cast: Cast, ada: Client) -> None:
    assert "nobody is named who may read them" in page(ada.get(HERE))
    assert "Nobody is named, so nobody reads them" in page(ada.get(f"{HERE}readers/"))
    ada.post(f"{HERE}readers/name/", {"agent": cast.lena.pk})
    assert NamedReader.objects.get().agent == cast.lena
    assert "nobody is named who may read them" not in page(ada.get(HERE))
    ada.post(f"{HERE}readers/{cast.lena.pk}/take-out/")
    text = words(page(ada.get(f"{HERE}readers/")))
    assert "took out lena@desk.example.com" in text and "named lena@desk.example.com" in text


def test_who_is_named_sees_the_others_and_changes_nothing(
    cast: Cast, signed_in: Callable[[Agent], Client]
) -> None:
    name_reader(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    name_reader(cast.desk.pk, cast.lena.pk, by=cast.ada, now=LONG_AGO)
    bob = signed_in(cast.bob)
    text = page(bob.get(f"{HERE}readers/"))
    assert "Lena Novak" in text and "Take out" not in text and "Mailboxes" not in text
    assert f"{HERE}readers/" in page(bob.get("/preferences/"))
    assert bob.post(f"{HERE}readers/name/", {"agent": cast.ada.pk}).status_code == 404


# The desk itself.

ABOUT = {
    "name": "Device Help",
    "introduction": "We mend laptops.\r\n\r\nAnd tablets.",
    "zone": "Europe/Berlin",
    "language": "de",
    "ticket_word": "case",
    "colour": "#0b6e63",
    "footer": "Device Help, 1 High Street",
}


def test_name_letters_and_zone_are_changed_together(cast: Cast, ada: Client) -> None:
    assert "as you set it" in page(ada.post(f"{HERE}about/change/", ABOUT, follow=True))
    desk = Desk.objects.get()
    assert (desk.name, desk.zone, desk.language, desk.ticket_word) == (
        "Device Help",
        "Europe/Berlin",
        "de",
        "case",
    )
    assert desk.introduction == "We mend laptops.\n\nAnd tablets."
    assert did("desk changed") == did("letters changed") == ["school-devices"]
    ada.post(f"{HERE}about/change/", ABOUT)
    assert len(did("desk changed")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"zone": "Middle/Earth"},
        {"colour": "sunny"},
        {"language": "tlh"},
        {"footer": "x\n" * 40},
    ],
)
def test_one_wrong_value_changes_none_and_all_stay_typed(
    cast: Cast, ada: Client, wrong: dict[str, str]
) -> None:
    answer = ada.post(f"{HERE}about/change/", ABOUT | wrong)
    assert answer.status_code == 422 and "We mend laptops." in answer.content.decode()
    assert Desk.objects.get().name == "School Device Support"
    assert did("desk changed") == []


def test_mailboxes_are_added_and_set(contracts: Cast, ada: Client) -> None:
    ada.post(f"{HERE}mailboxes/add/", {"address": "Abuse@desk.example.com", "name": "Abuse"})
    box = Mailbox.objects.get(address="abuse@desk.example.com")
    given = {
        "name": "Abuse",
        "checked_by": "mx.example.com",
        "restricted": "on",
        "is_list": "on",
        "product": "",
    }
    text = page(ada.post(f"{HERE}mailboxes/{box.pk}/", given, follow=True))
    assert "Nobody is named who may read what comes here." in text and "mx.example.com" in text
    box.refresh_from_db()
    assert (box.restricted, box.is_list, box.checked_by) == (True, True, "mx.example.com")
    ada.post(f"{HERE}mailboxes/{box.pk}/default/")
    assert Mailbox.objects.get(is_default=True) == box
    ada.post(f"{HERE}mailboxes/{box.pk}/", {"name": "Abuse", "checked_by": "", "product": ""})
    box.refresh_from_db()
    assert not box.restricted and not box.is_list
    for address, wrong in ((f"{box.pk}/", {"checked_by": "no server!"}), (f"{box.pk}/", {"product": "moon"})):
        assert ada.post(f"{HERE}mailboxes/{address}", {"name": "Abuse"} | wrong).status_code == 422
    for taken in ("abuse@desk.example.com", "a+b@desk.example.com", "nothing"):
        assert ada.post(f"{HERE}mailboxes/add/", {"address": taken}).status_code == 422
    assert did("mailbox added") == ["abuse@desk.example.com"]


def test_where_mail_is_fetched_is_shown_with_its_state(cast: Cast, ada: Client) -> None:
    Source.objects.create(
        name="hosted",
        mailbox=cast.desk.mailboxes.get(),
        protocol="imap",
        host="imap.example.com",
        port=993,
        username="support",
        last_error="The server refused the password.",
        failures=3,
        created_at=LONG_AGO,
    )
    text = words(page(ada.get(f"{HERE}mailboxes/")))
    assert "support · imap.example.com:993 · IMAP" in text and "The server refused the password." in text
    assert "upheld mail source" in text


NEW = {
    "name": "City Works Help",
    "slug": "",
    "prefix": "CWH",
    "zone": "Europe/Berlin",
    "language": "en",
    "address": "help@works.example.com",
    "policy": "always-on",
}


def test_a_desk_is_opened_with_a_shipped_policy(cast: Cast, ada: Client) -> None:
    text = page(ada.post("/desk/new/", NEW, follow=True))
    assert "City Works Help is open." in text
    desk = Desk.objects.get(slug="city-works-help")
    assert desk.policy_versions.exists()
    assert "City Works Help" in page(ada.get("/desk/"))
    assert page(Client().get("/help/city-works-help/"))


def test_a_desk_without_a_policy_leads_to_its_first_draft(cast: Cast, ada: Client) -> None:
    answer = ada.post("/desk/new/", NEW | {"policy": ""})
    assert re.fullmatch(r"/policy/city-works-help/drafts/\d+/", answer["Location"])
    assert page(ada.get(answer["Location"]))
    assert "No policy is in force" in page(ada.get("/desk/city-works-help/"))


def test_a_desk_that_cannot_be_says_why_and_keeps_what_was_typed(cast: Cast, ada: Client) -> None:
    for wrong in (
        {"prefix": "SDS"},
        {"prefix": "1"},
        {"slug": "new"},
        {"address": "support@desk.example.com"},
    ):
        answer = ada.post("/desk/new/", NEW | wrong)
        assert answer.status_code == 422 and 'value="City Works Help"' in answer.content.decode(), wrong
    assert Desk.objects.count() == 1


# Audit.


def test_the_audit_tells_what_changed_newest_first(cast: Cast, ada: Client) -> None:
    ada.post(f"{HERE}staff/{cast.bob.pk}/right/", {"role": "lead"})
    ada.post(f"{HERE}about/change/", ABOUT)
    text = words(page(ada.get(f"{HERE}audit/")))
    assert "name: School Device Support Device Help" in text
    assert "right: agent lead" in text
    assert text.index("Desk changed school-devices") < text.index("Right changed bob@desk.example.com")
    narrowed = words(page(ada.get(f"{HERE}audit/", {"action": "right changed"})))
    assert "right: agent lead" in narrowed and "Device Help, 1 High Street" not in narrowed
    by_tests = words(page(ada.get(f"{HERE}audit/", {"actor": "tests"})))
    assert "bob@desk.example.com" in by_tests and "right: agent lead" not in by_tests


def test_what_was_decided_about_a_restricted_request_is_for_its_named_readers(
    cast: Cast, ada: Client
) -> None:
    NamedReader.objects.filter(agent=cast.ada).delete()
    decided = {"actor": "bob@desk.example.com", "desk": cast.desk, "ticket": "SDS-1", "at": NOW}
    record(action="request admitted", subject="held request 7", restricted=True, **decided)
    assert "SDS-1" not in page(ada.get(f"{HERE}audit/"))
    assert "request admitted" not in page(ada.get(f"{HERE}audit/"))
    NamedReader.objects.create(desk=cast.desk, agent=cast.ada, added_at=NOW, added_by="tests")
    assert "SDS-1" in page(ada.get(f"{HERE}audit/"))


def test_the_audit_is_paged_and_loses_no_entry(cast: Cast, ada: Client) -> None:
    # Several at one instant, as one transaction writes them.
    for number in range(120):
        record(
            at=NOW + timedelta(minutes=number // 7),
            actor="tests",
            action="thing",
            subject=f"n{number}.",
            desk=cast.desk,
        )
    found, address = [], f"{HERE}audit/?action=thing"
    while address:
        text = page(ada.get(address))
        found += re.findall(r"n(\d+)\.", text)
        following = re.search(r'href="(\?[^"]*)">Next', text)
        address = f"{HERE}audit/{following[1]}".replace("&amp;", "&") if following else ""
    assert found == [str(number) for number in reversed(range(120))]


def test_the_audit_shows_no_secret_no_markup_and_no_other_desk(
    cast: Cast, ada: Client, charlie: Agent
) -> None:
    record(
        at=NOW,
        actor=HOSTILE,
        action="thing",
        subject=HOSTILE,
        desk=cast.desk,
        password="hunter2",
        before={"reply_token": "hunter2", "name": "a"},
        after={"reply_token": "hunter3", "name": HOSTILE},
        nested={"client_secret": "hunter4", "kept": "yes"},
    )
    text = page(ada.get(f"{HERE}audit/"))
    assert "hunter" not in text and "kept: yes" in words(text)
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "charlie" not in text


def test_odd_questions_to_the_audit_are_answered(cast: Cast, ada: Client) -> None:
    for odd in (
        {"after": "x"},
        {"after": "2026-01-01T00:00:00+00:00~abc"},
        {"action": "\0"},
        {"actor": "x" * 999},
    ):
        assert ada.get(f"{HERE}audit/", odd).status_code == 200, odd


def test_names_of_strangers_stay_words_on_every_page(contracts: Cast, ada: Client) -> None:
    add_agent(
        contracts.desk,
        address="eve@desk.example.com",
        name=HOSTILE[:100],
        role=Role.agent,
        by="x",
        now=LONG_AGO,
    )
    add_team(contracts.desk.pk, name=HOSTILE[:100], by="x", now=LONG_AGO)
    Organization.objects.create(name=HOSTILE, desk=contracts.desk)
    for address, way in every_address(contracts).items():
        if way == "get":
            text = page(ada.get(address))
            assert "<script>alert" not in text and "<img src=x" not in text, address
