"""One acknowledgement more, or not."""

import pytest

from upheld.rules.acknowledging import Limits, Sent, objection

LIMITS = Limits(an_address_an_hour=5, an_address_a_day=20, a_network_an_hour=120, a_desk_an_hour=2000)


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        (Sent(0, 0, 0, 0), None),
        (Sent(4, 19, 119, 1999), None),
        (Sent(5, 5, 5, 5), "hour"),
        (Sent(0, 20, 20, 20), "day"),
        (Sent(0, 0, 120, 120), "place"),
        (Sent(0, 0, 0, 2000), "desk"),
    ],
)
def test_each_limit_holds_by_itself(sent: Sent, word: str | None) -> None:
    why = objection(sent, LIMITS)
    assert why is None if word is None else word in why


def test_the_usual_limits() -> None:
    assert Limits() == LIMITS
