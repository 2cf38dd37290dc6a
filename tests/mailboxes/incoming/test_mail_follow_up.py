"""The truth table: what a mail carries, who sent it, and what becomes of it."""

import pytest

from upheld.rules.follow_up import Becomes, Pointer, Trace, decide

TOKEN, REFERENCE, NUMBER = Trace.token, Trace.reference, Trace.number


@pytest.mark.parametrize(
    ("trace", "participates", "becomes"),
    [
        (TOKEN, True, Becomes.follow_up),
        (TOKEN, False, Becomes.third_party),
        (REFERENCE, True, Becomes.follow_up),
        (REFERENCE, False, Becomes.new_ticket),
        (NUMBER, True, Becomes.follow_up),
        (NUMBER, False, Becomes.new_ticket),
    ],
)
def test_a_certain_sender(trace, participates, becomes):
    assert decide([Pointer(7, trace, participates)], sender_certain=True, machine=None).becomes is becomes


@pytest.mark.parametrize("trace", list(Trace))
@pytest.mark.parametrize("participates", [True, False])
def test_an_ambiguous_sender_follows_up_on_nothing(trace, participates):
    decision = decide([Pointer(7, trace, participates)], sender_certain=False, machine=None)
    assert (decision.becomes, decision.ticket_id) == (Becomes.new_ticket, None)


@pytest.mark.parametrize(
    ("pointers", "becomes"),
    [
        ([Pointer(7, TOKEN, False)], Becomes.machine),
        ([Pointer(7, NUMBER, True)], Becomes.machine),
        ([Pointer(7, REFERENCE, False)], Becomes.ignored),
        ([], Becomes.ignored),
    ],
)
@pytest.mark.parametrize("certain", [True, False])
def test_a_machine_starts_nothing(pointers, becomes, certain):
    assert decide(pointers, sender_certain=certain, machine="it says so").becomes is becomes


def test_the_strongest_trace_to_a_ticket_of_the_sender_wins():
    pointers = [Pointer(1, NUMBER, True), Pointer(2, REFERENCE, True), Pointer(3, TOKEN, False)]
    assert decide(pointers, sender_certain=True, machine=None).ticket_id == 2
