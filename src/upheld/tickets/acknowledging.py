"""Counting acknowledgements, so that nobody is answered for ever and nobody is flooded through the desk."""

from dataclasses import fields
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection

from upheld.rules import acknowledging

_MOST = """
select
    (select count(*) from (select 1 from notices_notice where asked_from <> '' and to_address = %(address)s
        and created_at > %(hour)s limit %(an_address_an_hour)s) counted),
    (select count(*) from (select 1 from notices_notice where asked_from <> '' and to_address = %(address)s
        and created_at > %(day)s limit %(an_address_a_day)s) counted),
    (select count(*) from (select 1 from notices_notice where asked_from <> '' and asked_from = %(place)s
        and created_at > %(hour)s limit %(a_network_an_hour)s) counted),
    (select count(*) from (select 1 from notices_notice where asked_from <> '' and desk_id = %(desk)s
        and created_at > %(hour)s limit %(a_desk_an_hour)s) counted)
"""


def objection(address: str, asked_from: str, desk_id: int, now: datetime, *, unsaid: int = 0) -> str | None:
    """Return why no acknowledgement may go to `address` now, or None where one may. Only those count that came from
    outside: a mail or a form. `unsaid` are those that the caller is about to send.

    Until the caller's transaction ends nobody else counts for the same address, or two at once would both find room.
    """
    limits = _limits()
    values = {each.name: getattr(limits, each.name) for each in fields(limits)} | {
        "address": address,
        "place": asked_from,
        "desk": desk_id,
        "hour": now - timedelta(hours=1),
        "day": now - timedelta(days=1),
    }
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"acknowledged {address}"])
        cursor.execute(_MOST, values)
        counted = [each + unsaid for each in cursor.fetchone()]
        return acknowledging.objection(acknowledging.Sent(*counted), limits)


def network_of(address: str) -> str:
    """Return the network that one customer of a provider has; empty for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


def public_network_of(address: str) -> str:
    """Return the network of an address of the internet; empty for one of our own machines or networks."""
    try:
        return network_of(address) if ip_address(address).is_global else ""
    except ValueError:
        return ""


def _limits() -> acknowledging.Limits:
    return acknowledging.Limits(
        an_address_an_hour=settings.ACKNOWLEDGEMENTS_AN_ADDRESS,
        an_address_a_day=settings.ACKNOWLEDGEMENTS_AN_ADDRESS_A_DAY,
        a_network_an_hour=settings.ACKNOWLEDGEMENTS_A_NETWORK,
        a_desk_an_hour=settings.ACKNOWLEDGEMENTS_A_DESK,
    )
