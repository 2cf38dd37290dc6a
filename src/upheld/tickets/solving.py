"""When a customer is asked whether they are helped."""

from upheld.policy import Policy, Status


def asks_whether_it_works(policy: Policy, status: Status) -> bool:
    """Whether customers are asked in this status if it works: it is resolved, and something is left that closes it."""
    closing = policy.closing_status
    return status.category == "resolved" and closing is not None and closing.id != status.id
