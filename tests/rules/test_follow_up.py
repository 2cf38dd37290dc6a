"""What a mail becomes: every combination of facts against a table that was written down by itself."""

from itertools import product

import pytest

from upheld.rules.domain_check import DomainCheck
from upheld.rules.follow_up import Becomes, Decision, Pointer, Relation, Trace, decide

# The first row that fits holds; * fits everything. `seen`: whether participants may read it on that ticket.
ORACLE = """
machine | certain | carries                       | sender      | domain         | restricted | becomes    | seen
bounce  | *       | *                             | *           | *              | *          | bounce     | no
yes     | *       | agent token our_id            | *           | *              | *          | machine    | no
yes     | *       | known_id number               | participant | *              | *          | machine    | no
yes     | *       | *                             | *           | *              | *          | ignored    | no
no      | no      | *                             | *           | *              | *          | new_ticket | no
no      | yes     | agent                         | agent       | passed         | *          | answer     | yes
no      | yes     | agent                         | agent       | *              | *          | kept       | no
no      | yes     | *                             | participant | passed unknown | *          | follow_up  | yes
no      | yes     | token                         | participant | failed         | *          | held       | no
no      | yes     | agent our_id known_id number  | participant | failed         | no         | held       | no
no      | yes     | agent our_id known_id number  | participant | failed         | yes        | kept       | no
no      | yes     | agent                         | *           | *              | *          | kept       | no
no      | yes     | token                         | *           | *              | no         | held       | no
no      | yes     | token                         | *           | *              | yes        | kept       | no
no      | yes     | our_id known_id number        | colleague   | passed unknown | no         | held       | no
no      | yes     | *                             | *           | *              | *          | new_ticket | no
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in ORACLE.strip().splitlines()[1:]]
TRACES = {"agent": Trace.agent_token, "token": Trace.token, "our_id": Trace.our_id}
TRACES |= {"known_id": Trace.known_id, "number": Trace.number}
SEEN = (Becomes.answer, Becomes.follow_up)


def told(machine: str, certain: str, strongest: str, sender: str, domain: str, restricted: str) -> list[str]:
    """What the table says."""
    facts = (machine, certain, strongest, sender, domain, restricted)
    for *wanted, becomes, seen in ROWS:
        if all(cell == "*" or fact in cell.split() for cell, fact in zip(wanted, facts, strict=True)):
            return [becomes, seen]
    raise AssertionError(facts)


def pointer(carries: str, sender: str, *, restricted: bool = False, ticket: int = 7) -> Pointer:
    """What is gathered: somebody is the token's agent only where there is an agent's token."""
    relation = Relation.nobody if sender == "agent" and carries != "agent" else Relation(sender)
    agent_id = 3 if carries == "agent" else None
    return Pointer(ticket, TRACES[carries], relation, restricted, agent_id)


def decided(pointers: list[Pointer], machine: str, certain: str, domain: str) -> Decision:
    return decide(
        pointers,
        sender_certain=certain == "yes",
        domain=DomainCheck(domain),
        machine=None if machine == "no" else "it says so",
        bounce_of=11 if machine == "bounce" else None,
    )


COMBINATIONS = list(
    product(
        ("no", "yes", "bounce"),
        ("no", "yes"),
        # a token, a Message-ID, and a number, each there or not
        product(("", "agent", "token"), ("", "our_id", "known_id"), ("", "number")),
        ("agent", "participant", "colleague", "nobody"),
        ("passed", "failed", "unknown"),
        ("no", "yes"),
    )
)


def test_every_combination_becomes_what_the_table_says() -> None:
    used = set()
    for machine, certain, carries, sender, domain, restricted in COMBINATIONS:
        signs = [sign for sign in carries if sign]
        if not signs and sender == "participant":
            continue  # of which ticket?
        pointers = [pointer(sign, sender, restricted=restricted == "yes") for sign in signs]
        decision = decided(pointers, machine, certain, domain)
        facts = (machine, certain, signs[0] if signs else "none", sender, domain, restricted)
        expected = told(*facts)
        used.add(ROWS.index(next(row for row in ROWS if row[6:] == expected)))
        assert [decision.becomes.value, "yes" if decision.becomes in SEEN else "no"] == expected, facts
        assert decision.because
    assert len(COMBINATIONS) == 2592
    # What is held at intake has no ticket to point at; it has a test of its own below.
    assert {ROWS[place][6] for place in used} == {each.value for each in Becomes} - {"joins"}


@pytest.mark.parametrize(
    ("pointers", "certain", "domain", "becomes"),
    [
        ([], "yes", "passed", "joins"),
        ([], "yes", "unknown", "joins"),
        ([], "yes", "failed", "new_ticket"),
        ([], "no", "passed", "new_ticket"),
        # A late reply that is held refers to its old ticket as well.
        ([pointer("known_id", "participant")], "yes", "passed", "joins"),
        ([pointer("number", "nobody")], "yes", "passed", "joins"),
        ([pointer("known_id", "participant")], "yes", "failed", "held"),
        # An agent's answer, and the sender's own token for a ticket, are stronger.
        ([pointer("agent", "agent")], "yes", "passed", "answer"),
        ([Pointer(7, Trace.token, Relation.participant, own_token=True)], "yes", "passed", "follow_up"),
    ],
)
def test_what_refers_to_a_held_request_of_its_sender_joins_it(
    pointers: list[Pointer], certain: str, domain: str, becomes: str
) -> None:
    decision = decide(pointers, sender_certain=certain == "yes", domain=DomainCheck(domain), held_request=5)
    assert decision.becomes == becomes
    assert decision.held_request_id == (5 if becomes == "joins" else None)


def test_a_machine_joins_nothing() -> None:
    decision = decide(
        [], sender_certain=True, domain=DomainCheck.passed, machine="it says so", held_request=5
    )
    assert decision.becomes is Becomes.ignored


def test_only_the_strongest_trace_to_a_ticket_matters() -> None:
    for machine, certain, carries, sender, domain, restricted in COMBINATIONS:
        signs = [sign for sign in carries if sign]
        if signs:
            every = [pointer(sign, sender, restricted=restricted == "yes") for sign in signs]
            facts = (machine, certain, domain)
            assert decided(every, *facts) == decided(every[:1], *facts) == decided(every[::-1], *facts)


def test_every_row_of_the_table_is_reached() -> None:
    reached = set()
    for machine, certain, carries, sender, domain, restricted in COMBINATIONS:
        strongest = next((sign for sign in carries if sign), "none")
        for place, (*wanted, _, _) in enumerate(ROWS):
            facts = (machine, certain, strongest, sender, domain, restricted)
            if all(cell == "*" or fact in cell.split() for cell, fact in zip(wanted, facts, strict=True)):
                reached.add(place)
                break
    assert reached == set(range(len(ROWS)))


@pytest.mark.parametrize(
    ("becomes", "ticket", "agent"),
    [("answer", 7, 3), ("kept", 7, 3)],
)
def test_an_answer_names_its_agent_and_its_ticket(becomes: str, ticket: int, agent: int) -> None:
    domain = "passed" if becomes == "answer" else "unknown"
    decision = decided([pointer("agent", "agent")], "no", "yes", domain)
    assert (decision.becomes, decision.ticket_id, decision.agent_id) == (becomes, ticket, agent)


def test_nobody_but_the_agent_is_told_that_their_answer_was_kept() -> None:
    assert decided([pointer("agent", "nobody")], "no", "yes", "passed").agent_id is None


def test_the_strongest_trace_to_a_ticket_of_the_sender_wins() -> None:
    pointers = [
        pointer("number", "participant", ticket=1),
        pointer("our_id", "participant", ticket=2),
        pointer("token", "nobody", ticket=3),
    ]
    decision = decided(pointers, "no", "yes", "unknown")
    assert (decision.becomes, decision.ticket_id) == (Becomes.follow_up, 2)


def test_a_ticket_of_a_colleague_is_preferred_to_a_new_one_but_not_to_a_token() -> None:
    colleagues, token = pointer("number", "colleague", ticket=1), pointer("token", "nobody", ticket=2)
    assert decided([colleagues, token], "no", "yes", "passed").ticket_id == 2
    hidden = pointer("our_id", "colleague", restricted=True, ticket=3)
    assert decided([hidden, colleagues], "no", "yes", "passed").ticket_id == 1
