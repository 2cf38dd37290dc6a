"""What a customer reads of a problem that others have, too."""

from harness.cast import LONG_AGO, at
from upheld.desks.actions import publish_policy
from upheld.policy import pack
from upheld.tickets.actions import leave_problem, open_problem

EVERY_HOUR = "  - {id: told, metric: update, label: Update, every: 1 elapsed hour, assumed: true}\n"


def test_a_customer_reads_that_several_have_it_and_nothing_else(signed_in, cast, noon):
    text = pack("school-devices").replace("\ntargets:\n", f"\ntargets:\n{EVERY_HOUR}", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests")
    ticket = cast.writes("2026-03-16 09:00")
    address = f"/requests/{ticket.number}/"
    assert "Several people" not in signed_in.get(address).content.decode()
    problem = open_problem(
        cast.desk, cast.lena, "The sign-in server is down", "", at("2026-03-16 10:00"), tickets=[ticket.pk]
    )
    shown = signed_in.get(address).content.decode()
    assert "Several people have this problem. We tell you of every step." in shown
    assert "told together with others who have the same problem" in shown
    for hidden in (problem.number, problem.subject, "Lena"):
        assert hidden not in shown
    assert signed_in.get(f"/requests/{problem.number}/").status_code == 404
    leave_problem(problem.pk, ticket.pk, cast.lena, at("2026-03-16 11:00"))
    assert "Several people" not in signed_in.get(address).content.decode()
