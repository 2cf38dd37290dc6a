"""What an agent reads when what they had put off is back. No mail of it leaves; alerts speak as letters do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.mailboxes.outgoing.blocks import Block, Lead, Link
from upheld.mailboxes.outgoing.facts import Facts
from upheld.notices.models import Notice

_BECAUSE = {
    "time": gettext_lazy("%(number)s is back in your lists, as you asked."),
    "customer": gettext_lazy("%(number)s is back in your lists: its customer wrote."),
    "clock": gettext_lazy("%(number)s is back in your lists: one of its due times is near, or over."),
}


def back(notice: Notice, facts: Facts) -> list[Block]:
    """A ticket is back in an agent's lists, and why."""
    said = _BECAUSE.get(str(notice.data.get("because", "")), _BECAUSE["time"])
    return [Lead(str(said) % {"number": notice.ticket_number}), Link(_("Open the ticket"), facts.link)]
