"""What a macro may do on a desk, and how it says what it cannot."""

import pytest

from upheld.rules.macro_steps import ORDER, Fault, Known, faults, in_order

DESK = Known(
    statuses={"open": "Open", "waiting": "Waiting for you"},
    priorities={"high": "High"},
    agents=(7,),
    teams=(3,),
    fields=("serial",),
)


@pytest.mark.parametrize(
    "step",
    [
        {"do": "status", "to": "waiting"},
        {"do": "priority", "to": "high"},
        {"do": "assign", "to": None},
        {"do": "assign", "to": "me"},
        {"do": "assign", "to": 7},
        {"do": "team", "to": 3, "reason": "a battery"},
        {"do": "tag", "to": ["battery"]},
        {"do": "untag", "to": ["battery"]},
        {"do": "field", "key": "serial", "to": "A12"},
        {"do": "note", "to": "Rang them."},
        {"do": "reply", "to": "Dear {{customer.first_name}}, it is {{ticket.number}}."},
    ],
)
def test_what_the_desk_has_can_be_done(step: dict[str, object]) -> None:
    assert faults([step], DESK) == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"do": "status", "to": "solved"}, "It has: Open, Waiting for you."),
        ({"do": "priority", "to": "low"}, "It has: High."),
        ({"do": "assign", "to": 8}, "not on the desk any more"),
        ({"do": "team", "to": 4, "reason": "x"}, "no such team"),
        ({"do": "team", "to": 3}, "Say why"),
        ({"do": "tag", "to": []}, "Name the tags"),
        ({"do": "untag", "to": "battery"}, "Name the tags"),
        ({"do": "field", "key": "room", "to": "1"}, "no field “room”"),
        ({"do": "note", "to": "  "}, "Write the text"),
        ({"do": "reply", "to": "x" * 20_001}, "too long"),
        ({"do": "reply", "to": "Dear {{customer.nick}}"}, "{{customer.nick}}"),
        ({"do": "launch", "to": 1}, "No macro can do “launch”"),
    ],
)
def test_what_it_has_not_is_refused_with_what_is_possible(step: dict[str, object], said: str) -> None:
    [found] = faults([step], DESK)
    assert found.kind == step["do"]
    assert said in found.words


def test_a_macro_does_something_and_nothing_twice() -> None:
    assert faults([], DESK) == [Fault("", faults([], DESK)[0].words)]
    twice = [{"do": "note", "to": "One"}, {"do": "note", "to": "Two"}]
    assert [each.kind for each in faults(twice, DESK)] == ["note"]
    fields = [{"do": "field", "key": "serial", "to": "1"}, {"do": "field", "key": "serial", "to": "2"}]
    assert faults(fields, DESK) == []


def test_what_is_only_for_the_desk_comes_before_what_the_customer_reads() -> None:
    steps = [{"do": kind} for kind in reversed(ORDER)]
    assert [each["do"] for each in in_order(steps)] == list(ORDER)
