"""What full-text search sees of a ticket: one vector a ticket, with its desk as a word, growing with its messages."""

from django.db import connection

from upheld.people.models import Contact
from upheld.tickets.models import Ticket

TEXT_BOUND = 50_000
VECTOR_BOUND = 600_000

_APPEND = """
insert into tickets_tickettext (ticket_id, vector)
values (
    %(ticket)s,
    array_to_tsvector(array[%(desk)s])
    || setweight(to_tsvector(%(config)s::regconfig, %(head)s), 'A')
    || to_tsvector(%(config)s::regconfig, %(body)s)
)
on conflict (ticket_id) do update set vector = case
    when pg_column_size(tickets_tickettext.vector) < %(bound)s then tickets_tickettext.vector || excluded.vector
    else tickets_tickettext.vector
end
"""


def desk_word(desk_id: int) -> str:
    """The lexeme that stands for a desk, so that a small desk's search does not walk everybody's tickets."""
    return f"§desk{desk_id}"


def add_words(ticket: Ticket, text: str, *, head: str = "", people: tuple[Contact, ...] = ()) -> None:
    """Add text, a heading and people to what search finds on the ticket. Beyond the bound nothing is added."""
    names = " ".join(f"{each.name} {each.address} {_apart(each.address)}" for each in people)
    values = {
        "ticket": ticket.pk,
        "desk": desk_word(ticket.desk_id),
        "config": ticket.desk.search_configuration,
        "head": head[:1000],
        "body": f"{names} {text[:TEXT_BOUND]}",
        "bound": VECTOR_BOUND,
    }
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, values)


def _apart(address: str) -> str:
    """An address is one word to PostgreSQL; people search for its domain and for the names in it."""
    local, _, domain = address.partition("@")
    return f"{local} {domain}".replace(".", " ").replace("-", " ") + f" {domain}"
