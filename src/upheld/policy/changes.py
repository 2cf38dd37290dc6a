"""What changes the targets of a clock while it runs."""

from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from upheld.policy.parts import Status
    from upheld.policy.policy import Policy

Case = tuple[str, ...]


class Kind(Enum):
    """Why the targets may be others from here on."""

    priority = auto()
    field = auto()
    acknowledged = auto()
    promised = auto()
    counted = auto()
    absorbed = auto()
    parted = auto()
    published = auto()


class Change(NamedTuple):
    """A change at an instant; `policy` and `case` hold from there on.

    `detail` is one of the values below, of a field its name.
    """

    at: int
    kind: Kind
    policy: "Policy"
    case: Case
    detail: Any = None


class Naming(NamedTuple):
    """A priority was set: whether it is a raise, and when it was first named."""

    raised: bool
    named_at: int


class Promise(NamedTuple):
    """An agent promised a time."""

    metric: str
    at: int
    due: int


class Counted(NamedTuple):
    """Time in which clocks stood still counts after all, as if spent in `status`, or where it was spent."""

    since: int
    cause: str
    status: "Status | None" = None


class Taken(NamedTuple):
    """One clock taken over from a merged ticket, as it stood there."""

    metric: str
    target: str
    label: str
    calendar: str | None
    started_at: int
    budget: int
    used: int
    due: int | None


class Absorbed(NamedTuple):
    """The open clocks of a ticket that was merged into this one."""

    source: str
    clocks: tuple[Taken, ...]


class Mode(Enum):
    """What publishing a new version does to the clocks without a verdict; `pin` leaves them as they are."""

    pin = "pin"
    carry = "carry"
    recompute = "recompute"
