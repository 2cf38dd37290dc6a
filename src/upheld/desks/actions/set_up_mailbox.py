"""Add a mailbox to a desk, or change what is believed of its mail."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk, Mailbox, PolicyVersion
from upheld.desks.policies import compiled
from upheld.rules.one_line import one_line

_SERVER = re.compile(r"\A[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?\Z")


class MailboxRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """What was given makes no mailbox."""


@transaction.atomic
def add_mailbox(desk: Desk, address: str, *, name: str = "", by: str, now: datetime) -> Mailbox:
    """Add an address at which the desk receives mail. Raises MailboxRefused for one that is taken or is none."""
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise MailboxRefused(f"{address[:80]!r} is not an e-mail address.") from None
    refuse_unusable(address)
    if Mailbox.objects.filter(address=address).exists():
        raise MailboxRefused(f"{address} is a mailbox already.")
    mailbox = Mailbox.objects.create(desk=desk, address=address, name=one_line(name, 120) or desk.name)
    record(at=now, actor=by, action="mailbox added", subject=address, desk=desk, name=mailbox.name)
    return mailbox


@transaction.atomic
def change_mailbox(
    mailbox_id: int,
    *,
    name: str | None = None,
    checked_by: str | None = None,
    is_list: bool | None = None,
    is_default: bool | None = None,
    restricted: bool | None = None,
    product: str | None = None,
    by: str,
    now: datetime,
) -> Mailbox:
    """Set what is given and leave the rest; an empty `checked_by` believes nobody. A desk has one default mailbox, so
    a new one takes the place of the old. Raises MailboxRefused for a name that no mail server has, and for a product
    that the policy in force does not know."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).select_related("desk").get(pk=mailbox_id)
    wanted: dict[str, str | bool] = {}
    if name is not None:
        wanted["name"] = one_line(name, 120)
    if checked_by is not None:
        wanted["checked_by"] = _server(checked_by)
    if is_list is not None:
        wanted["is_list"] = is_list
    if is_default:
        wanted["is_default"] = True
    if restricted is not None:
        wanted["restricted"] = restricted
    if product is not None:
        wanted["product"] = _product(mailbox, product, now)
    changed = {key: value for key, value in wanted.items() if getattr(mailbox, key) != value}
    if not changed:
        return mailbox
    before = {key: getattr(mailbox, key) for key in changed}
    if changed.get("is_default"):
        Mailbox.objects.filter(desk=mailbox.desk, is_default=True).update(is_default=False)
    for key, value in changed.items():
        setattr(mailbox, key, value)
    mailbox.save(update_fields=list(changed))
    record(
        at=now,
        actor=by,
        action="mailbox changed",
        subject=mailbox.address,
        desk=mailbox.desk,
        before=before,
        after=changed,
    )
    return mailbox


def refuse_unusable(address: str) -> None:
    """Raise MailboxRefused for an address under which no mail of ours could be answered."""
    # A plus is where our reply tokens stand.
    if "+" in address:
        raise MailboxRefused(
            "A mailbox has no plus in its address: what stands behind it tells answers apart."
        )
    # Mail servers and Message-IDs know a domain in this form only.
    if not address.isascii():
        raise MailboxRefused(
            "The address of a mailbox is in ASCII. Write its domain as mail servers do, like xn--bcher-kva.example."
        )


def _product(mailbox: Mailbox, product: str, now: datetime) -> str:
    if product in ("", mailbox.product):
        return product
    in_force = PolicyVersion.objects.filter(desk_id=mailbox.desk_id).in_force(now).first()
    known = [each.id for each in compiled(in_force.pk).choices["products"]] if in_force else []
    if product not in known:
        raise MailboxRefused(f"The policy in force has no product {product[:80]!r}.")
    return product


def _server(text: str) -> str:
    server = text.strip().lower()
    if server and not _SERVER.match(server):
        raise MailboxRefused(
            f"{text[:80]!r} is no name of a mail server. Take the first word behind “Authentication-Results:” in a"
            " mail that came through it."
        )
    return server
