"""The search vectors of tickets without one, as `upheld.tickets.search_text` writes them one by one."""

from typing import NamedTuple

from django.db import connection

from upheld.desks.models import Desk
from upheld.tickets.models import Ticket
from upheld.tickets.search_text import TEXT_BOUND, desk_word

# The words of one message after the other, as `||` joins them: the first brings heading and requester along.
_JOIN = """
do $$ begin
    create aggregate pg_temp.join_words (tsvector) (sfunc = tsvector_concat, stype = tsvector, initcond = '');
exception when duplicate_function then null;
end $$
"""
_FILL = """
insert into tickets_tickettext (ticket_id, vector)
select said.ticket_id, pg_temp.join_words(
    array_to_tsvector(array[%(desk_word)s])
    || setweight(to_tsvector(%(config)s::regconfig, said.head), 'A')
    || to_tsvector(%(config)s::regconfig, said.body)
    order by said.place
)
from (
    select
        t.id as ticket_id,
        row_number() over one as place,
        case when row_number() over one = 1 then t.number || ' ' || t.subject else '' end as head,
        case when row_number() over one = 1
            then c.name || ' ' || c.address || ' ' || translate(c.address, '@.-', '   ')
                || ' ' || split_part(c.address, '@', 2) else '' end
            || ' ' || left(m.text, %(bound)s) as body
    from tickets_ticket t
    join people_contact c on c.id = t.requester_id
    join tickets_message m on m.ticket_id = t.id
    where t.desk_id = %(desk)s and t.id between %(first)s and %(last)s and m.ticket_id between %(first)s and %(last)s
        and not exists (select from tickets_tickettext x where x.ticket_id = t.id)
    window one as (partition by t.id order by m.at, m.id)
) said
group by said.ticket_id
"""
AT_ONCE = 5_000


class Stretch(NamedTuple):
    """The tickets of a desk with ids from `first` to `last`."""

    desk_id: int
    first: int
    last: int


def stretches(desk: Desk) -> list[Stretch]:
    """Return stretches that hold all tickets of a desk."""
    ids = Ticket.objects.filter(desk=desk).order_by("pk").values_list("pk", flat=True)
    first, last = ids.first(), ids.last()
    if first is None or last is None:
        return []
    return [Stretch(desk.pk, each, min(each + AT_ONCE - 1, last)) for each in range(first, last + 1, AT_ONCE)]


def add_words(stretch: Stretch) -> None:
    """Fill in what search sees of those tickets that have nothing there yet."""
    desk = Desk.objects.get(pk=stretch.desk_id)
    values = {
        "desk": desk.pk,
        "first": stretch.first,
        "last": stretch.last,
        "desk_word": desk_word(desk.pk),
        "config": desk.search_configuration,
        "bound": TEXT_BOUND,
    }
    with connection.cursor() as cursor:
        cursor.execute(_JOIN)
        cursor.execute(_FILL, values)
