"""What a push says: short, and no word of anybody's where the ticket is restricted."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.mailboxes.outgoing.alert_letters import told
from upheld.mailboxes.outgoing.facts import restricted_among
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.languages import language_of_letters
from upheld.notices.models import Alert, NoticeKind
from upheld.tickets.models import Ticket

LENGTH = 500
_SUBJECT = 120


def trial_words(label: str) -> str:
    """What a test says."""
    return _("This is a test of “%(label)s”: alerts reach you here.") % {"label": label}


def push_words(alerts: Sequence[Alert]) -> str:
    """What alerts say that leave together, in the language of their desk."""
    restricted = restricted_among({each.ticket_id for each in alerts if each.ticket_id})
    with translation.override(language_of_letters(alerts[0].desk.language)):
        return _one(alerts[0], restricted) if len(alerts) == 1 else _several(alerts)


def _one(alert: Alert, restricted: Collection[int]) -> str:
    is_restricted = alert.ticket_id in restricted
    said = told(alert, zone=alert.data.get("zone") or alert.desk.zone, restricted=is_restricted)
    ticket = None if is_restricted else Ticket.objects.filter(pk=alert.ticket_id).first()
    subject = one_line(ticket.subject, _SUBJECT) if ticket else ""
    return "\n".join(filter(None, (said.sentence, subject, said.url)))[:LENGTH]


def _several(alerts: Sequence[Alert]) -> str:
    count = len(alerts)
    said = ngettext("%(count)d alert", "%(count)d alerts", count) % {"count": count}
    if overdue := sum(each.kind == NoticeKind.BREACH for each in alerts):
        said += ", " + ngettext("%(count)d overdue", "%(count)d overdue", overdue) % {"count": overdue}
    return f"{said}\n{settings.UPHELD_URL}/alerts/"
