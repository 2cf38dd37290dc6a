"""The search vectors of all tickets without one, as `upheld.tickets.search_text` writes them one by one."""

from django.db import connection

from upheld.desks.models import Desk
from upheld.tickets.search_text import TEXT_BOUND, desk_word

# The words of one message after the other, as `||` joins them: the first brings heading and requester along.
_JOIN = """
create aggregate pg_temp.join_words (tsvector) (sfunc = tsvector_concat, stype = tsvector, initcond = '')
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
    where t.desk_id = %(desk)s and not exists (select from tickets_tickettext x where x.ticket_id = t.id)
    window one as (partition by t.id order by m.at, m.id)
) said
group by said.ticket_id
"""
_INDEX = "ticket_text_words"


def bulk_words(desk: Desk) -> None:
    """Fill in what search sees; the index is made afterwards, which is many times faster."""
    values = {
        "desk": desk.pk,
        "desk_word": desk_word(desk.pk),
        "config": desk.search_configuration,
        "bound": TEXT_BOUND,
    }
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_indexdef(%s::regclass)", [_INDEX])
        definition = cursor.fetchone()[0]
        cursor.execute(f"drop index {_INDEX}")
        cursor.execute("drop aggregate if exists pg_temp.join_words (tsvector)")
        cursor.execute(_JOIN)
        cursor.execute(_FILL, values)
        cursor.execute(definition)
