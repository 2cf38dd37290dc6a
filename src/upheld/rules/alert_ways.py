"""How an agent is told of something besides the pages of the desk: by mail, by a push to addresses of their own."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Way(StrEnum):
    """One way on which an alert leaves."""

    mail = "mail"
    push = "push"


BOTH = frozenset(Way)
# What is about the desk itself, or about something of the agent's own that went nowhere: always by mail.
ALWAYS_MAILED = frozenset({"answer_kept", "restricted", "bounced", "not_done"})
# What somebody arranged for themselves waits where they look for it.
IN_PAGES_ONLY = frozenset({"snooze_over"})


def ways(
    kind: str, chosen: Mapping[str, Iterable[str]], *, has_push: bool, is_page: bool = False
) -> frozenset[Way]:
    """Return the ways of one alert. A kind that the agent did not speak of goes by both; without an address that is
    turned on there is no push, and then a page goes by mail whatever was chosen: a page must reach somebody."""
    if kind in IN_PAGES_ONLY:
        return frozenset()
    wanted = BOTH if kind not in chosen else frozenset(each for each in Way if each.value in chosen[kind])
    if kind in ALWAYS_MAILED:
        wanted |= {Way.mail}
    if not has_push:
        wanted -= {Way.push}
    return wanted or frozenset({Way.mail} if is_page else ())
