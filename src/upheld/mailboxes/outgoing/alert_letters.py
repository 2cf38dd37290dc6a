"""Several alerts in one letter; and what one alert says, in the one sentence for which its letter is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.mailboxes.outgoing.blocks import Block, Button, Item, Items, Lead, Link, Paragraph
from upheld.mailboxes.outgoing.facts import Facts, link_of
from upheld.mailboxes.outgoing.letters import blocks_of
from upheld.notices.models import Alert, Notice, NoticeKind

LISTED = 50


def alerts(notices: Sequence[Notice], facts: Facts) -> list[Block]:
    """Several alerts, those that are overdue first, then the next due; the first ones, and how many more there are."""
    count = len(notices)
    lead = ngettext("%(count)d alert about due times.", "%(count)d alerts about due times.", count)
    ordered = sorted(
        notices, key=lambda each: (each.kind != NoticeKind.BREACH, each.data.get("due_at") or "", each.pk)
    )
    blocks: list[Block] = [Lead(lead % {"count": count})]
    blocks.append(Items(tuple(_item(each, facts) for each in ordered[:LISTED])))
    if (more := count - LISTED) > 0:
        said = ngettext(
            "and %(count)d more, on the page Alerts", "and %(count)d more, on the page Alerts", more
        )
        blocks.append(Paragraph(said % {"count": more}))
    return [*blocks, Link(_("Open your alerts"), f"{settings.UPHELD_URL}/alerts/")]


@dataclass(frozen=True, slots=True)
class Told:
    """One alert in one sentence, and the address that it opens; empty where it leads nowhere."""

    sentence: str
    url: str


def told(alert: Alert, *, zone: str, restricted: bool) -> Told:
    """Return what an alert says, in the language that is active. Of a restricted ticket it holds nobody's words."""
    facts = Facts(
        sender_name="",
        sender_address="",
        reply_to=None,
        desk_slug="",
        zone=zone,
        link=link_of(alert),
        references=(),
        restricted=frozenset({alert.ticket_id}) if restricted and alert.ticket_id else frozenset(),
    )
    return _said(alert, facts)


def _said(about: Notice | Alert, facts: Facts) -> Told:
    blocks = blocks_of(about, facts)  # type: ignore[arg-type]
    said = next((each.text for each in blocks if isinstance(each, Lead)), "")
    return Told(said, next((each.url for each in blocks if isinstance(each, Button | Link)), facts.link))


def _item(notice: Notice, facts: Facts) -> Item:
    said = _said(notice, replace(facts, link=link_of(notice), words=None, footer=""))
    subject = "" if notice.ticket_id in facts.restricted else str(notice.data.get("subject", ""))
    return Item(notice.ticket_number, subject, said.sentence, said.url)
