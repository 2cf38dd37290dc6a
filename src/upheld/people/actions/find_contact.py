"""Find the contact of an address, or make one."""

from datetime import datetime

from upheld.people.models import Contact
from upheld.rules.one_line import one_line

# One statement, since this is asked for every mail. Whoever loses a race gets no row, and finds the winner's by
# asking again.
_FIND_OR_ADD = """
with found as (select * from people_contact where address = %(address)s),
added as (
    insert into people_contact (address, name, zone, phone, phone_digits, region, language, notes, created_at)
    select %(address)s, %(name)s, '', '', '', '', '', '', %(now)s where not exists (select from found)
    on conflict (address) do nothing
    returning *
)
select * from found union all select * from added
"""


def find_or_add_contact(address: str, name: str, now: datetime) -> Contact:
    """Return the contact of `address`, or the one that it was merged into; an unknown sender becomes one. Safe when two
    mails arrive at once."""
    address, name = address.strip().lower(), one_line(name, 160)
    wanted = {"address": address, "name": name, "now": now}
    rows = list(Contact.objects.raw(_FIND_OR_ADD, wanted))
    contact = rows[0] if rows else Contact.objects.get(address=address)
    if contact.merged_into is not None:
        return contact.merged_into
    if not contact.name and name:
        contact.name = name
        contact.save(update_fields=["name"])
    return contact
