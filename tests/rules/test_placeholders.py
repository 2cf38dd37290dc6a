"""Saved texts: a fixed list of names in double braces, replaced as plain text, once."""

import pytest

from upheld.rules.placeholders import PLACEHOLDERS, fill, left_in, unknown_in

VALUES = {
    "customer.first_name": "Amina",
    "ticket.number": "SDS-1",
    "ticket.subject": "{{agent.name}}",
    "agent.name": "Bob",
}


def test_values_stand_in_their_places_however_they_are_spaced() -> None:
    assert fill("Dear {{customer.first_name}}, {{ ticket.number }}.", VALUES) == "Dear Amina, SDS-1."


def test_a_value_is_never_read_again() -> None:
    assert fill("{{ticket.subject}} {{agent.name}}", VALUES) == "{{agent.name}} Bob"


def test_what_has_no_value_stays_and_is_found() -> None:
    text = fill("By {{due.update}}, {{due.update}} or {{ticket.number}}", VALUES)
    assert text == "By {{due.update}}, {{due.update}} or SDS-1"
    assert left_in(text) == ["{{due.update}}"]


@pytest.mark.parametrize(
    "wrong",
    ["{{}}", "{{customer}}", "{{customer.password}}", "{{agent.name|upper}}", "{{ settings.SECRET_KEY }}"],
)
def test_anything_else_in_double_braces_is_unknown(wrong: str) -> None:
    assert unknown_in(f"Dear {wrong}, {{{{agent.name}}}}") == [wrong]
    assert fill(wrong, VALUES) == wrong
    assert left_in(wrong) == []


@pytest.mark.parametrize(
    "plain", ["{agent.name}", "{{agent.name", "{% now %}", "{{agent\n.name}}", "{ {agent.name} }"]
)
def test_other_braces_are_text(plain: str) -> None:
    assert unknown_in(plain) == []
    assert fill(plain, VALUES) == plain


def test_all_that_is_offered_can_be_filled_in() -> None:
    text = " ".join("{{" + name + "}}" for name in PLACEHOLDERS)
    assert unknown_in(text) == []
    assert left_in(text) == text.split()
    assert fill(text, dict.fromkeys(PLACEHOLDERS, "x")) == " ".join("x" for _ in PLACEHOLDERS)
