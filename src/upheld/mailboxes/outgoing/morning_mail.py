"""An agent's morning mail: what is overdue, what is due today, who waits for an answer - desk by desk."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upheld.mailboxes.outgoing.blocks import Block, Heading, Item, Items, Lead, Link, Paragraph, Small
from upheld.mailboxes.outgoing.facts import Facts, UndeliverableError, ticket_page
from upheld.mailboxes.outgoing.times import read_instant, say_instant
from upheld.notices.models import Notice

# The lists of the morning mail in their order, by their names in the notice's data.
LISTS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Due today"),
    "answer": gettext_lazy("Waiting for your answer"),
}


def digest(notice: Notice, facts: Facts) -> list[Block]:
    """Raises UndeliverableError when the agent has left every desk of which it tells."""
    desks = [_shown(desk, facts) for desk in notice.data["desks"] if desk["desk"] in facts.desk_ids]
    if not desks:
        raise UndeliverableError("the agent no longer works on the desk")
    count = sum(len(items) for desk in desks for items in desk["lists"].values())
    count += sum(number for desk in desks for number in desk.get("more", {}).values())
    lead = ngettext(
        "%(count)d ticket of yours needs you today.", "%(count)d tickets of yours need you today.", count
    )
    blocks: list[Block] = [Lead(lead % {"count": count})]
    for desk in desks:
        blocks += _desk(desk, facts, named=len(desks) > 1)
    return [
        *blocks,
        Link(_("Open your tickets"), f"{settings.UPHELD_URL}/tickets/?list=mine"),
        Small(_("You get this mail on weekday mornings while something waits for you.")),
        Link(_("No more morning mail"), facts.unsubscribe),
    ]


def _shown(desk: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """Without the tickets that the agent may no longer see."""
    lists = {
        name: [each for each in items if each["ticket"] not in facts.hidden]
        for name, items in desk["lists"].items()
    }
    return desk | {"lists": lists}


def _desk(desk: dict[str, Any], facts: Facts, *, named: bool) -> list[Block]:
    blocks: list[Block] = []
    for name, title in LISTS.items():
        items = desk["lists"].get(name, [])
        if not items:
            continue
        blocks.append(Heading(f"{desk['name']}: {title}" if named else str(title)))
        blocks.append(Items(tuple(_item(item, name, facts) for item in items)))
        if more := desk.get("more", {}).get(name, 0):
            said = ngettext("and %(count)d more, in your queue", "and %(count)d more, in your queue", more)
            blocks.append(Paragraph(said % {"count": more}))
    return blocks


def _item(item: dict[str, Any], list_name: str, facts: Facts) -> Item:
    subject = "" if item["ticket"] in facts.restricted else item["subject"]
    return Item(item["number"], subject, _detail(item, list_name, facts), ticket_page(item["number"]))


def _detail(item: dict[str, Any], list_name: str, facts: Facts) -> str:
    due, since = read_instant(item.get("due")), read_instant(item.get("since"))
    if list_name == "answer" and since:
        return _("The customer wrote on %(time)s.") % {"time": say_instant(since, facts.zone)}
    if due is None:
        return ""
    if list_name == "overdue":
        return _("It was due by %(time)s.") % {"time": say_instant(due, facts.zone)}
    return _("Due by %(time)s.") % {"time": say_instant(due, facts.zone)}
