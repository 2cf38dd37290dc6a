"""Who may do what: the one table that every door asks - pages, API, mail, jobs."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a desk. `participant` is a contact on one ticket, `visitor` is everybody else.

    Three are what a contact is to a ticket on which they do not take part: one who follows all requests of their own
    organization, somebody of a partner that follows those of a customer, and of one that may act for it as well.
    """

    administrator = "administrator"
    lead = "lead"
    agent = "agent"
    participant = "participant"
    organization_member = "organization member"
    partner = "partner"
    acting_partner = "acting partner"
    visitor = "visitor"

    @property
    def label(self) -> str:
        return {"lead": "team lead"}.get(self.value, self.value)

    @classmethod
    def staff(cls) -> tuple["Role", ...]:
        return (cls.administrator, cls.lead, cls.agent)


class Act(StrEnum):
    """Something a person may ask the desk to do."""

    submit_request = "submit a request"
    read_public_thread = "read the public messages of a ticket"
    write_as_customer = "write to a ticket as its customer"
    read_ticket = "read a whole ticket, notes included"
    reply = "reply to the customer"
    write_note = "write an internal note"
    set_status = "set the status"
    set_priority = "set the priority"
    assign = "assign"
    take_complaint = "take a complaint to the next level"
    release_message = "release a third party's message to the requester"
    remove_participant = "put somebody out of a ticket"
    start_ticket = "start a ticket"
    log_call = "log a call"
    set_field = "say what a ticket is about"
    split_ticket = "split or link tickets"
    waive_information = "waive missing information"
    read_held_requests = "read requests that are held at intake"
    admit_request = "admit a held request"
    decline_request = "decline a held request"
    name_readers = "name who may read a restricted ticket"
    restrict = "restrict a ticket"
    promise_update = "promise an update"
    watch_third_party = "note whom a ticket waits for"
    change_outside_work = "link work in other programs"
    hand_over = "hand a ticket over"
    join_ticket = "take part in a ticket, or ask a colleague to"
    merge_tickets = "merge tickets"
    merge_across = "merge tickets of different organizations"
    read_problems = "read problems"
    change_problem = "open a problem, and say which tickets it affects"
    broadcast = "tell all customers of a problem"
    acknowledge_page = "acknowledge a page"
    write_aside = "write to somebody else about a ticket"
    change_requester = "change who asked"
    mark_spam = "mark a ticket as spam"
    change_tags = "change tags and the desk's own fields"
    share_workspace = "share queues, saved replies and macros with the desk"
    change_fields = "change which tags and fields a desk has"
    read_rotas = "see who is on call"
    read_tier_times = "see how long tiers hold tickets"
    read_compliance = "see how promises were kept"
    read_customers = "look up customers"
    change_customers = "change contacts, organizations and sites"
    merge_contacts = "merge duplicate contacts"
    change_contracts = "change contracts"
    import_customers = "import customers"
    read_kept_mail = "read mail that was kept"
    retry_mail = "feed kept mail again"
    release_mail = "release mail that was kept"
    discard_mail = "put mail aside"
    administer = "administer the desk"
    publish_policy = "publish a policy"


_CUSTOMER = frozenset({Act.submit_request, Act.read_public_thread, Act.write_as_customer, Act.take_complaint})
_FOLLOWER = frozenset({Act.submit_request, Act.read_public_thread})
_AGENT = frozenset(
    {
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
)
# What reaches over several organizations, looks at how colleagues work, or changes how they do.
_LEADING = frozenset({Act.merge_across, Act.read_tier_times, Act.share_workspace, Act.change_fields})
# What shows or changes many customers at once, or what they are entitled to.
_CUSTOMERS = frozenset({Act.change_customers, Act.merge_contacts, Act.change_contracts, Act.import_customers})
_KEPT_MAIL = frozenset({Act.read_kept_mail, Act.retry_mail, Act.release_mail, Act.discard_mail})
_GRANTED: dict[Role, frozenset[Act]] = {
    Role.visitor: frozenset({Act.submit_request}),
    Role.participant: _CUSTOMER,
    Role.organization_member: _FOLLOWER,
    Role.partner: _FOLLOWER,
    Role.acting_partner: _CUSTOMER,
    Role.agent: _AGENT,
    Role.lead: _AGENT | _CUSTOMERS | _KEPT_MAIL | _LEADING,
    Role.administrator: _AGENT | _CUSTOMERS | _KEPT_MAIL | _LEADING | {Act.administer, Act.publish_policy},
}


def allowed(role: Role, act: Act) -> bool:
    """Whether somebody in `role` may do `act` on what they can see. What is not granted is refused."""
    return act in _GRANTED[role]


# What may still be done on a ticket that is part of another; everything else belongs on that one.
ON_MERGED = frozenset(
    {
        Act.read_ticket,
        Act.read_public_thread,
        Act.merge_tickets,
        Act.merge_across,
        Act.release_message,
        Act.remove_participant,
        Act.acknowledge_page,
        Act.change_tags,
    }
)


# What makes no sense on a problem: it has no customer of its own, and everybody on the desk reads it.
WITH_A_CUSTOMER = frozenset(
    {
        Act.reply,
        Act.log_call,
        Act.take_complaint,
        Act.release_message,
        Act.remove_participant,
        Act.waive_information,
        Act.restrict,
        Act.name_readers,
        Act.merge_tickets,
        Act.merge_across,
        Act.change_requester,
        Act.mark_spam,
    }
)


# What is not done on spam: nobody is answered, and nothing is promised or owed.
NOT_ON_SPAM = frozenset(
    {
        Act.reply,
        Act.log_call,
        Act.set_status,
        Act.set_priority,
        Act.take_complaint,
        Act.release_message,
        Act.split_ticket,
        Act.waive_information,
        Act.promise_update,
        Act.watch_third_party,
        Act.hand_over,
        Act.merge_tickets,
        Act.merge_across,
        Act.change_problem,
        Act.write_aside,
        Act.change_requester,
    }
)


class NotAllowed(Exception):  # noqa: N818 - it reads as the sentence it is
    """Your role on this desk does not allow this."""
