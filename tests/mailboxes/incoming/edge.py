"""The mail server in front of the desk of the tests, and what it says about a sender's domain."""

from upheld.desks.models import Mailbox

NAME = "mx.desk.example.com"
PASSED = f"{NAME}; dmarc=pass"
FAILED = f"{NAME}; dmarc=fail"
SAYS = {"passed": PASSED, "failed": FAILED, "unknown": ""}


def is_believed() -> None:
    """From here on the mailboxes believe what their mail server says."""
    Mailbox.objects.update(checked_by=NAME)
