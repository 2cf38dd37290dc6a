"""The form asks what the policy asks: by product and kind, once or of each problem; and what a site knows it knows."""

from collections.abc import Callable

import pytest
from django.test import Client
from portal_cast import hidden_fields, link

from harness.asking import mails
from harness.cast import LONG_AGO, Cast
from upheld.desks.actions import publish_policy
from upheld.desks.models import Portal
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Affiliation, Contract, Organization, Site
from upheld.policy import pack
from upheld.tickets.models import HeldRequest, InformationAsked, Ticket, TicketLink

NEW = "/help/school-devices/requests/new/"
Fill = Callable[..., dict[str, object]]


@pytest.fixture(autouse=True)
def desk(asking: Cast, noon: object) -> Cast:
    return asking


@pytest.fixture
def asked() -> Fill:
    """A request about a laptop that is broken, as somebody fills it in."""

    def fill(client: Client, **changes: object) -> dict[str, object]:
        page = client.get(f"{NEW}?product=laptop&kind=fault").content.decode()
        typed = {
            "product": "laptop",
            "kind": "fault",
            "name": "Noor Haddad",
            "email": "noor@school.example.org",
            "subject": "No sound",
            "text": "There is no sound.",
            "priority": "medium",
            "item-school": "Hilltop, 2.14",
            "item-serial": "A-1",
            "item-steps": "Play a film.",
        }
        return hidden_fields(page) | typed | changes

    return fill


def words(response: object) -> str:
    return response.content.decode()


def test_what_it_is_about_is_asked_first_and_what_is_not_done_stands_beside(stranger: Client) -> None:
    page = words(stranger.get(NEW))
    assert 'value="laptop"' in page and 'value="upgrade"' in page and 'name="subject"' not in page
    assert "Ask your insurer" in page


def test_the_form_has_the_fields_of_the_product_and_the_kind(stranger: Client) -> None:
    laptop = words(stranger.get(f"{NEW}?product=laptop&kind=fault"))
    printer = words(stranger.get(f"{NEW}?product=printer&kind="))
    assert all(f'name="item-{each}"' in laptop for each in ("school", "serial", "steps", "insurer"))
    assert 'name="item-serial"' not in printer and 'name="item-steps"' not in printer
    assert 'name="item-case_number"' not in laptop and 'name="item-summary"' not in laptop


def test_what_was_filled_in_stands_with_the_ticket_and_nobody_is_asked_again(
    stranger: Client, asked: Fill
) -> None:
    stranger.post(NEW, asked(stranger))
    ticket = Ticket.objects.get()
    assert ticket.information == {"school": "Hilltop, 2.14", "serial": "A-1", "steps": "Play a film."}
    assert (ticket.product, ticket.request_type) == ("laptop", "fault")
    assert not InformationAsked.objects.exists()


@pytest.mark.parametrize("field", ["item-school", "item-serial", "item-steps"])
def test_what_is_required_is_required_and_the_rest_stays(stranger: Client, asked: Fill, field: str) -> None:
    response = stranger.post(NEW, asked(stranger, **{field: " "}))
    assert response.status_code == 422
    assert "We need this to begin" in words(response) and "There is no sound." in words(response)
    assert not Ticket.objects.exists()


def test_another_product_changes_the_fields_and_loses_no_word(stranger: Client, asked: Fill) -> None:
    page = words(stranger.post(NEW, asked(stranger, product="printer", kind="", do="change")))
    assert 'name="item-serial"' not in page
    assert "There is no sound." in page and "Hilltop, 2.14" in page and "not sent yet" not in page


def test_without_a_product_nothing_is_sent(stranger: Client, asked: Fill) -> None:
    response = stranger.post(NEW, asked(stranger, product="rocket"))
    assert response.status_code == 422 and "There is no sound." in words(response)
    assert not Ticket.objects.exists()


def test_a_portal_for_one_product_asks_for_none_and_offers_its_kinds_only(stranger: Client) -> None:
    portal = Portal.objects.get(slug="school-devices")
    portal.products, portal.request_types = ["printer"], ["fault"]
    portal.save()
    page = words(stranger.get(NEW))
    assert 'name="item-steps"' in page and 'name="item-serial"' not in page and 'value="laptop"' not in page


def test_several_problems_become_several_tickets_that_belong_together(stranger: Client, asked: Fill) -> None:
    more = words(stranger.post(NEW, asked(stranger, do="add")))
    assert 'name="2-subject"' in more and "There is no sound." in more
    typed = asked(stranger, problems="2", **second())
    page = words(stranger.post(NEW, typed, follow=True))
    first, other = Ticket.objects.order_by("pk")
    assert (other.subject, other.priority, other.information["steps"]) == ("Jam", "high", "Print.")
    assert other.information["school"] == "Hilltop, 2.14"
    assert TicketLink.objects.get().kind == TicketLink.Kind.TOGETHER
    assert first.number in page and other.number in page
    assert Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT).count() == 2
    assert other.number in words(stranger.get(link(first)))


def second(**changes: str) -> dict[str, str]:
    typed = {"2-subject": "Jam", "2-text": "It jams.", "2-priority": "high", "2-item-steps": "Print."}
    return typed | changes


def test_a_problem_without_words_sends_none(stranger: Client, asked: Fill) -> None:
    response = stranger.post(NEW, asked(stranger, problems="2", **second(**{"2-text": ""})))
    assert response.status_code == 422 and "Jam" in words(response)
    assert not Ticket.objects.exists()


def test_a_problem_is_taken_out_again(stranger: Client, asked: Fill) -> None:
    page = words(stranger.post(NEW, asked(stranger, problems="2", do="remove-1", **second())))
    assert "It jams." in page and "There is no sound." not in page and 'name="2-subject"' not in page


def test_several_problems_sent_twice_are_opened_once(stranger: Client, asked: Fill) -> None:
    typed = asked(stranger, problems="2", **second())
    assert stranger.post(NEW, typed)["Location"] == stranger.post(NEW, typed)["Location"]
    assert Ticket.objects.count() == 2


def test_how_a_level_is_best_reported_stands_before_the_button(stranger: Client, asking: Cast) -> None:
    publish_policy(asking.desk, pack("maintenance-contract"), now=LONG_AGO, by="tests")
    page = words(stranger.get(f"{NEW}?product=call_tracking&kind="))
    assert "Best reported by a call" in page and "+1 866 555 0142" in page
    # It is Monday, 05:00 in Los Angeles.
    assert "closed now" in page and "06:30" in page
    assert page.index("Best reported by a call") < page.index("Submit the request</button><a")


def test_a_signed_in_contact_chooses_a_site_and_types_nothing_that_it_knows(
    signed_in: Client, asked: Fill, school: Organization, site: Site
) -> None:
    page = words(signed_in.get(f"{NEW}?product=laptop&kind="))
    assert "Hilltop, 2.14" in page and f'value="{site.pk}" selected' in page
    typed = asked(signed_in, kind="", site=site.pk, **{"item-school": "", "item-steps": ""})
    signed_in.post(NEW, typed)
    ticket = Ticket.objects.get()
    assert (ticket.site, ticket.organization) == (site, school)
    assert ticket.information == {"serial": "A-1"}


def test_of_several_organizations_one_is_chosen_and_a_site_fits_it(
    signed_in: Client, asked: Fill, asking: Cast, school: Organization, site: Site
) -> None:
    other = Organization.objects.create(desk=asking.desk, name="Valley School")
    Affiliation.objects.create(contact=asking.amina, organization=other)
    refused = signed_in.post(NEW, asked(signed_in, organization=other.pk, site=site.pk))
    assert refused.status_code == 422 and "This site is one of Hilltop School" in words(refused)
    signed_in.post(NEW, asked(signed_in, organization=other.pk, site=""))
    assert Ticket.objects.get().organization == other


def test_nobody_names_an_organization_or_a_site_that_is_not_theirs(
    signed_in: Client, stranger: Client, asked: Fill, asking: Cast, site: Site
) -> None:
    other = Organization.objects.create(desk=asking.desk, name="Valley School")
    foreign = Site.objects.create(organization=other, name="Valley", fields={"school": "secret"})
    response = signed_in.post(NEW, asked(signed_in, site=foreign.pk))
    assert response.status_code == 422 and "secret" not in words(response)
    stranger.post(NEW, asked(stranger, site=site.pk, organization=other.pk))
    ticket = Ticket.objects.get()
    assert (ticket.site, ticket.organization) == (None, None)


@pytest.fixture
def contract(asking: Cast, school: Organization) -> Contract:
    contract = Contract.objects.create(
        desk=asking.desk,
        organization=school,
        reference="C-1",
        starts_on="2026-01-01",
        ends_on="2026-12-31",
    )
    contract.technical_contacts.add(asking.amina)
    return contract


def test_an_upgrade_goes_to_the_named_contact_who_is_signed_in(
    signed_in: Client, asked: Fill, contract: Contract
) -> None:
    signed_in.post(NEW, asked(signed_in, kind="upgrade"))
    assert Ticket.objects.get().contract == contract


def test_an_upgrade_for_a_typed_address_is_held_whoever_it_may_be(
    stranger: Client, asked: Fill, asking: Cast, contract: Contract
) -> None:
    answers = [
        stranger.post(NEW, asked(stranger, kind="upgrade", email=email))
        for email in (asking.amina.address, "somebody@else.example.net")
    ]
    assert not Ticket.objects.exists()
    assert HeldRequest.objects.count() == 2
    assert [each.status_code for each in answers] == [302, 302]


def test_by_mail_an_upgrade_needs_a_sender_who_is_believed(asking: Cast, contract: Contract) -> None:
    asks = {"request_type": "upgrade", "product": "laptop"}
    assert isinstance(mails(asking, "2026-03-16 09:00", **asks), HeldRequest)
    assert isinstance(mails(asking, "2026-03-16 09:10", confirmed=True, **asks), Ticket)


def test_the_link_opens_a_page_where_what_lacks_is_filled_in(stranger: Client, asking: Cast) -> None:
    ticket = mails(asking, "2026-03-16 09:00", product="laptop")
    address = f"{link(ticket)}information/"
    assert address in words(stranger.get(link(ticket)))
    page = words(stranger.get(address))
    assert "School and room" in page and "Serial number" in page
    typed = hidden_fields(page) | {"school": "Hilltop, 2.14", "serial": ""}
    assert stranger.post(address, typed)["Location"].startswith(f"{link(ticket)}#message-")
    ticket.refresh_from_db()
    assert ticket.information == {"school": "Hilltop, 2.14"}
    again = words(stranger.get(address))
    assert "Hilltop, 2.14" not in again and "School and room" in again
    assert stranger.post(address, hidden_fields(again) | {"serial": " "}).status_code == 422


def test_no_other_link_opens_it(stranger: Client, asking: Cast) -> None:
    ticket = mails(asking, "2026-03-16 09:00", product="laptop")
    assert stranger.get(f"{link(ticket)[:-2]}x/information/").status_code == 404
    assert stranger.get(f"/requests/{ticket.number}/information/").status_code == 302


def test_whoever_is_signed_in_fills_it_in_on_their_own_page(signed_in: Client, asking: Cast) -> None:
    ticket = mails(asking, "2026-03-16 09:00", product="laptop")
    address = f"/requests/{ticket.number}/information/"
    page = words(signed_in.get(address))
    signed_in.post(address, hidden_fields(page) | {"school": "x", "serial": "y"})
    assert "Nothing is missing" in words(signed_in.get(address))
    assert InformationAsked.objects.get().ended_because == "given"
