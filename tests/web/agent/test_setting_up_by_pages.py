"""A desk for each shipped policy, from nothing to its first request, through the pages alone."""

import re
from datetime import timedelta

import pytest
from cast_of_pages import NOW, page
from django.test import Client

from harness.cast import Cast
from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, Contract, NamedReader, Organization, RoleHolder
from upheld.policy import load, pack, packs
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Ticket

SUBJECT = "It does not start"


def done(browser: Client, place: str, **typed: object) -> str:
    """Send a form; what it leads to."""
    answer = browser.post(place, typed, follow=True)
    assert answer.status_code == 200, (place, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:2000])
    return answer.content.decode()


def asks(desk: Desk) -> Ticket | HeldRequest:
    """Noor of Abbey School writes to the desk's mailbox a week later."""
    at = NOW + timedelta(days=7)
    request = NewRequest(
        desk=desk,
        contact=find_or_add_contact("noor@abbey.example", "Noor Haddad", at),
        subject=SUBJECT,
        text="What now?",
        received_at=at,
        channel="email",
        mailbox=desk.mailboxes.get(is_default=True),
        confirmed=True,
    )
    return take_in(request, moment(desk.pk, at))


@pytest.mark.parametrize("name", sorted(packs()))
def test_by_following_the_chapter(cast: Cast, signed_in, name: str) -> None:
    ada, slug, policy = signed_in(cast.ada), f"{name}-two", load(pack(name))
    new = {"name": "The Other Desk", "slug": slug, "prefix": "TWO", "zone": policy.zone, "language": "en"}
    assert "The Other Desk is open." in done(
        ada, "/desk/new/", **new, address="help@two.example.com", policy=name
    )
    desk, here = Desk.objects.get(slug=slug), f"/desk/{slug}/"

    done(ada, f"{here}staff/add/", address="nora@two.example.com", name="Nora Lind", role="lead")
    nora = Agent.objects.get(user__email="nora@two.example.com")
    tiers = [each.id for each in policy.choices["tiers"]]
    done(ada, f"{here}teams/add/", name="First line", tier=next(iter(tiers), ""), members=[nora.pk])
    for role in policy.roles:
        done(ada, f"{here}roles/fill/", role=role, agent=nora.pk, rank="0")
    assert "Nobody fills" not in page(ada.get(f"{here}roles/"))
    assert RoleHolder.objects.filter(desk=desk).count() == len(policy.roles)
    done(ada, f"{here}readers/name/", agent=nora.pk)
    assert NamedReader.objects.get(desk=desk).agent == nora
    done(
        ada,
        f"/desk/portals/{slug}/new/",
        name="Questions",
        slug=f"{slug}-questions",
        is_listed="on",
        corners="soft",
        scale="usual",
    )
    assert "Questions" in page(Client().get(f"/help/{slug}-questions/"))

    lead = signed_in(nora)
    done(lead, "/customers/organizations/new/", desk=desk.pk, name="Abbey School")
    abbey = Organization.objects.get(desk=desk)
    done(lead, f"/customers/organizations/{abbey.pk}/domains/", domain="abbey.example")
    first = asks(desk)
    assert isinstance(first, HeldRequest) is (name == "maintenance-contract")

    plan = next((each.id for each in policy.choices["plans"]), "")
    done(
        lead,
        f"/customers/contracts/new/{abbey.pk}/",
        reference="C-1",
        product="",
        plan=plan,
        starts_on=NOW.date().isoformat(),
        ends_on=(NOW.date() + timedelta(days=300)).isoformat(),
        incidents="",
        remind_days="60",
        notes="",
        others="",
    )
    second = asks(desk)
    assert isinstance(second, Ticket)
    assert (second.organization, second.contract) == (abbey, Contract.objects.get())
    assert second.plan == plan
    assert second.number.startswith("TWO-")
    assert SUBJECT in page(lead.get(f"/tickets/{second.number}/"))
    if isinstance(first, HeldRequest):
        assert SUBJECT in page(lead.get("/held/"))
        done(lead, f"/held/{first.pk}/admit/contract/", contract="C-1")
        assert Ticket.objects.filter(desk=desk, subject=SUBJECT).count() == 2
