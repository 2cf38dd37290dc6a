"""`upheld doctor` names the roles that nobody fills, until somebody does."""

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import publish_policy
from upheld.people.actions import fill_role
from upheld.policy import pack
from upheld.worker.health import checks


def said() -> list[str]:
    return [each.detail for each in checks(utc("2026-03-16 10:00")) if each.name == "roles"]


def test_a_role_is_named_until_somebody_fills_it(cast: Cast) -> None:
    assert said() == []
    publish_policy(cast.desk, pack("always-on"), now=LONG_AGO, by="tests")
    (detail,) = said()
    assert "nobody on School Device Support fills On-call engineer: the administrators are told" in detail
    fill_role(cast.desk, "on_call", cast.bob, by="tests", now=LONG_AGO)
    assert said() == []
