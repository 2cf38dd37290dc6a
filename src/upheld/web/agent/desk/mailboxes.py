"""The addresses at which a desk receives mail, what is believed of it, and from where it is fetched."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.desks.actions import MailboxRefused, add_mailbox, change_mailbox
from upheld.desks.models import Desk, Mailbox
from upheld.mailboxes.models import Afterwards, Source
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.readers import nobody_reads
from upheld.web.agent.desk.sections import Section
from upheld.web.agent.desk.vocabulary import PolicyWords
from upheld.web.agent.policy.guard import acting
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    words = PolicyWords(desk, request.now)
    times = Times(workplace.zone, request.now)
    sources = Source.objects.filter(mailbox__desk=desk).select_related("mailbox").order_by("name")
    return {
        "mailboxes": [
            _row(each, words, unsent) for each in desk.mailboxes.order_by("-is_default", "address")
        ],
        "products": words.choices("products"),
        "sources": [_source(each, times) for each in sources],
        "nobody_reads": nobody_reads(desk),
    }


def _row(mailbox: Mailbox, words: PolicyWords, unsent: Unsent) -> dict[str, Any]:
    row = {
        "id": mailbox.pk,
        "address": mailbox.address,
        "name": mailbox.name,
        "is_default": mailbox.is_default,
        "checked_by": mailbox.checked_by,
        "is_list": mailbox.is_list,
        "restricted": mailbox.restricted,
        "product": mailbox.product,
        "product_label": words.label("products", mailbox.product),
        "is_refused": unsent.form == f"change-{mailbox.pk}",
    }
    if row["is_refused"]:
        row["typed"] = {each: unsent.typed.get(each, "") for each in ("name", "checked_by", "product")}
        row["typed"] |= {each: each in unsent.typed for each in ("is_list", "restricted")}
    else:
        row["typed"] = {
            each: row[each] for each in ("name", "checked_by", "product", "is_list", "restricted")
        }
    return row


def _source(source: Source, times: Times) -> dict[str, Any]:
    if not source.is_on:
        colour, icon, state = "none", "circle-off", _("off")
    elif source.last_error:
        colour, icon, state = "breached", "triangle-alert", source.last_error
    else:
        colour, icon, state = "met", "circle-check", _("on")
    return {
        "name": source.name,
        "mailbox": source.mailbox.address,
        "account": f"{source.username} · {source.host}:{source.port} · {source.protocol.upper()}",
        "afterwards": Afterwards(source.afterwards).label,
        "fetched": times.optional(source.fetched_at),
        "colour": colour,
        "icon": icon,
        "state": state,
        "next_try": times.optional(source.next_try_at if source.is_on and source.last_error else None),
    }


section = Section("desk_mailboxes", "web/agent/desk/mailboxes.html", _context)


@section.deed("add")
def add(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    mailbox = add_mailbox(
        desk, typed(request, "address"), name=typed(request, "name"), by=acting(workplace), now=request.now
    )
    return _("%(address)s is a mailbox of the desk now. Let your mail server hand its mail over, too.") % {
        "address": mailbox.address
    }


@section.deed("change")
def change(request: HttpRequest, workplace: Workplace, desk: Desk, *, mailbox_id: int) -> str:
    mailbox = change_mailbox(
        _own(desk, mailbox_id).pk,
        name=typed(request, "name"),
        checked_by=typed(request, "checked_by"),
        is_list="is_list" in request.POST,
        restricted="restricted" in request.POST,
        product=typed(request, "product"),
        by=acting(workplace),
        now=request.now,
    )
    return _("%(address)s is as you set it.") % {"address": mailbox.address}


@section.deed("default")
def default(request: HttpRequest, workplace: Workplace, desk: Desk, *, mailbox_id: int) -> str:
    mailbox = change_mailbox(
        _own(desk, mailbox_id).pk, is_default=True, by=acting(workplace), now=request.now
    )
    return _("The desk's mail leaves from %(address)s now.") % {"address": mailbox.address}


def _own(desk: Desk, mailbox_id: int) -> Mailbox:
    found = desk.mailboxes.filter(pk=mailbox_id).first()
    if found is None:
        raise MailboxRefused(_("This mailbox does not exist any more."))
    return found
