"""Story, readings, audit and published policies: rows are added and read, and nothing else."""

import pytest
from django.db import DatabaseError, connection, transaction

from harness.cast import Cast
from upheld.tickets.models import Reading

TABLES = ("tickets_storyevent", "tickets_reading", "desks_auditentry", "desks_policyversion")
ORDERS = ("delete from {}", "update {} set id = id", "truncate {} cascade")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("order", ORDERS)
def test_no_order_takes_a_row_away(cast: Cast, table: str, order: str) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    Reading.objects.create(ticket=ticket, agent=cast.bob, at=ticket.received_at, what="page")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set local upheld.tests_may_truncate = off")
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            cursor.execute(order.format(table))
