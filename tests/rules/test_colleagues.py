"""Who may be heard on a request of somebody else."""

import pytest

from upheld.rules.colleagues import Person, are_colleagues


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Person("a@school.example.org"), Person("b@school.example.org"), True),
        (Person("a@School.Example.org"), Person("b@school.example.org"), True),
        (Person("a@gmail.com"), Person("b@gmail.com"), False),
        (Person("a@web.de"), Person("b@web.de"), False),
        (Person("a@school.example.org"), Person("b@example.org"), False),
        (Person("a@one.example", frozenset({1})), Person("b@two.example", frozenset({1, 2})), True),
        (Person("a@one.example", frozenset({1})), Person("b@two.example", frozenset({2})), False),
        (Person("a@one.example"), Person("b@two.example"), False),
        (Person("a@gmail.com", frozenset({1})), Person("b@gmail.com", frozenset({1})), True),
        (Person(""), Person(""), False),
        (Person("nobody"), Person("nobody"), True),
    ],
)
def test_one_organization_or_a_mail_domain_of_their_own(one: Person, other: Person, expected: bool) -> None:
    assert are_colleagues(one, other) is expected
    assert are_colleagues(other, one) is expected
