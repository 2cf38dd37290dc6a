"""Every role against every act: what is not written here is refused."""

import pytest

from upheld.rules.permissions import Act, Role, allowed

CUSTOMER = {Act.submit_request, Act.read_public_thread, Act.write_as_customer, Act.take_complaint}
AGENT = {
    Act.submit_request,
    Act.read_public_thread,
    Act.read_ticket,
    Act.reply,
    Act.write_note,
    Act.set_status,
    Act.set_priority,
    Act.assign,
    Act.take_complaint,
    Act.release_message,
    Act.remove_participant,
    Act.start_ticket,
    Act.log_call,
    Act.set_field,
    Act.split_ticket,
    Act.waive_information,
    Act.read_held_requests,
    Act.admit_request,
    Act.decline_request,
    Act.name_readers,
    Act.restrict,
    Act.read_customers,
    Act.promise_update,
    Act.watch_third_party,
    Act.change_outside_work,
    Act.hand_over,
    Act.join_ticket,
    Act.merge_tickets,
    Act.read_problems,
    Act.change_problem,
    Act.broadcast,
    Act.acknowledge_page,
    Act.read_rotas,
    Act.read_compliance,
    Act.write_aside,
    Act.change_requester,
    Act.mark_spam,
    Act.change_tags,
}
LEADING = {Act.merge_across, Act.read_tier_times, Act.share_workspace, Act.change_fields}
CUSTOMERS = {Act.change_customers, Act.merge_contacts, Act.change_contracts, Act.import_customers}
KEPT_MAIL = {Act.read_kept_mail, Act.retry_mail, Act.release_mail, Act.discard_mail}
GRANTED = {
    Role.visitor: {Act.submit_request},
    Role.participant: CUSTOMER,
    Role.organization_member: {Act.submit_request, Act.read_public_thread},
    Role.partner: {Act.submit_request, Act.read_public_thread},
    Role.acting_partner: CUSTOMER,
    Role.agent: AGENT,
    Role.lead: AGENT | CUSTOMERS | KEPT_MAIL | LEADING,
    Role.administrator: AGENT | CUSTOMERS | KEPT_MAIL | LEADING | {Act.administer, Act.publish_policy},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", Act)
def test_a_role_may_do_what_it_was_granted_and_nothing_else(role: Role, act: Act) -> None:
    assert allowed(role, act) is (act in GRANTED[role])


def test_nobody_outside_the_desk_ever_reads_notes() -> None:
    assert not any(allowed(role, Act.read_ticket) for role in Role if role not in Role.staff())
