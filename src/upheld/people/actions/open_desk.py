"""Open a further desk, with its first administrator."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.desks.actions import begin_draft, create_desk, publish_policy
from upheld.desks.models import SEARCH_CONFIGURATIONS, Desk, Mailbox, Portal
from upheld.people.actions.add_agent import add_agent
from upheld.people.models import Agent
from upheld.people.staff import StaffRefused
from upheld.policy import pack, packs
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act, Role, allowed

_SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
# Addresses below /desk/ and /help/ that are pages of their own.
_RESERVED = frozenset({"new", "portals", "policy", "zone"})


@transaction.atomic
def open_desk(
    *,
    slug: str,
    name: str,
    prefix: str,
    zone: str,
    language: str,
    address: str,
    policy: str = "",
    by: Agent,
    now: datetime,
) -> Desk:
    """Open a desk that `by` administers, under a shipped policy, or with an empty draft of one. Whoever administers
    any desk may. Raises StaffRefused for others, and for what is missing or taken; PrefixRefused and MailboxRefused as
    `create_desk` does."""
    if not any(allowed(Role(each.role), Act.administer) for each in by.memberships.all()):
        raise StaffRefused(_("Only an administrator opens a desk."))
    if policy and policy not in packs():
        raise StaffRefused(_("Choose one of the policies, or an empty one."))
    name, address, prefix = one_line(name, 120), address.strip().lower(), prefix.strip().upper()
    _refuse(slug, name, zone, language)
    _refuse_taken(slug, prefix, address)
    acting = f"{by.name} <{by.address}>"
    desk = create_desk(
        slug=slug,
        name=name,
        prefix=prefix,
        zone=zone,
        language=language,
        address=address,
        by=acting,
        now=now,
    )
    add_agent(desk, address=by.address, name=by.name, role=Role.administrator, by=acting, now=now)
    if policy:
        publish_policy(desk, pack(policy), now=now, by=acting)
    else:
        begin_draft(desk, None, "", by=acting, now=now)
    return desk


def _refuse(slug: str, name: str, zone: str, language: str) -> None:
    if not name:
        raise StaffRefused(_("Give the desk a name."))
    if not _SHORT_NAME.match(slug) or slug in _RESERVED:
        raise StaffRefused(
            _("“%(slug)s” cannot be a short name. Use small letters, digits and hyphens, like city-works.")
            % {"slug": slug[:40]}
        )
    if zone not in zone_names():
        raise StaffRefused(_("Choose a time zone from the list, like Europe/London."))
    if language not in SEARCH_CONFIGURATIONS:
        raise StaffRefused(_("Choose one of the languages."))


def _refuse_taken(slug: str, prefix: str, address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise StaffRefused(_("Write the mailbox like support@help.example.com.")) from None
    if Desk.objects.filter(slug=slug).exists() or Portal.objects.filter(slug=slug).exists():
        raise StaffRefused(_("The short name %(slug)s is taken. Choose another.") % {"slug": slug})
    if Desk.objects.filter(number_prefix=prefix).exists():
        raise StaffRefused(
            _("Another desk numbers its tickets %(prefix)s-... Choose another prefix.") % {"prefix": prefix}
        )
    if Mailbox.objects.filter(address=address).exists():
        raise StaffRefused(_("%(address)s is a mailbox of a desk already.") % {"address": address})
