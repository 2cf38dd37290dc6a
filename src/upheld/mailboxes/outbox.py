"""The demo's mail: nothing is delivered; what would have left is read from the notices themselves."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Takes every mail and delivers none. Outside the demo it counts as "sending is not set up"."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)
