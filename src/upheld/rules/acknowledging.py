"""How often is anybody answered by a machine of ours? Marks are not enough: two desks that say nothing of themselves
would answer each other for ever, and a stranger would let us write to whomever they name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How many acknowledgements there may be. `network` is where a request came from, as far as we know."""

    an_address_an_hour: int = 5
    an_address_a_day: int = 20
    a_network_an_hour: int = 120
    a_desk_an_hour: int = 2000


@dataclass(frozen=True, slots=True)
class Sent:
    """How many there were, in the time up to now."""

    to_the_address_in_an_hour: int
    to_the_address_in_a_day: int
    for_the_network_in_an_hour: int
    by_the_desk_in_an_hour: int


def objection(sent: Sent, limits: Limits) -> str | None:
    """Return why one more acknowledgement may not be sent, or None where it may."""
    if sent.to_the_address_in_an_hour >= limits.an_address_an_hour:
        return f"its sender had {limits.an_address_an_hour} acknowledgements within an hour"
    if sent.to_the_address_in_a_day >= limits.an_address_a_day:
        return f"its sender had {limits.an_address_a_day} acknowledgements within a day"
    if sent.for_the_network_in_an_hour >= limits.a_network_an_hour:
        return (
            f"{limits.a_network_an_hour} acknowledgements within an hour were asked for from the same place"
        )
    if sent.by_the_desk_in_an_hour >= limits.a_desk_an_hour:
        return f"the desk sent {limits.a_desk_an_hour} acknowledgements within an hour"
    return None
