"""Mail from a merged duplicate's address counts as the kept contact's, and proves nothing about theirs."""

from harness.cast import LONG_AGO
from mailboxes.incoming import edge
from mailboxes.incoming.mails import written
from upheld.mailboxes.models import MailState
from upheld.people.actions import add_contact
from upheld.people.models import Contact
from upheld.people.particulars import ContactParticulars
from upheld.tickets.actions import merge_contacts
from upheld.tickets.keys import reply_token
from upheld.tickets.models import Participant
from upheld.tickets.moment import Moment

OTHER = "A. Yusuf <amina.y@mail.example>"


def duplicate(cast) -> Contact:
    other, _new = add_contact(
        cast.desk, "amina.y@mail.example", ContactParticulars(), by="tests", now=LONG_AGO
    )
    add_contact(cast.desk, cast.amina.address, ContactParticulars(), by="tests", now=LONG_AGO)
    return other


def merge(cast, other: Contact, post) -> None:
    moments = {cast.desk.pk: Moment.exactly(post.at)}
    merge_contacts(cast.amina.pk, other.pk, cast.lena, moments, now=post.at, confirmed=True)


def test_an_answer_from_the_duplicates_address_follows_up(cast, post) -> None:
    ticket = cast.writes("2026-03-19 08:00")
    other = duplicate(cast)
    merge(cast, other, post)
    mail = post.gets(written("More of it.", From=OTHER, Subject=f"Re: [{ticket.number}] x"))
    assert (mail.state, mail.ticket) == (MailState.TICKETED, ticket)
    assert (mail.message.contact, mail.message.released) == (cast.amina, True)


def test_an_answer_to_a_part_that_ended_still_finds_its_request(cast, post) -> None:
    other = duplicate(cast)
    ticket = cast.writes("2026-03-19 08:00")
    theirs = Participant.objects.create(
        ticket=ticket, contact=other, joined_by="copy", sees_from=ticket.received_at
    )
    dead = f"support+{reply_token(theirs)}@desk.example.com"
    merge(cast, other, post)
    subject = f"Re: [{ticket.number}] x"
    mail = post.gets(written("I read along.", From=OTHER, Subject=subject), to=dead)
    assert (mail.ticket, mail.message.contact, mail.message.released) == (ticket, cast.amina, True)


def test_it_confirms_nothing_about_the_kept_address(cast, post) -> None:
    edge.is_believed()
    Contact.objects.filter(pk=cast.amina.pk).update(confirmed_at=None)
    merge(cast, duplicate(cast), post)
    raw = written("A new thing.", From=OTHER, Subject="Printer", Authentication_Results=edge.PASSED)
    mail = post.gets(raw)
    assert mail.message.contact == cast.amina
    assert Contact.objects.get(pk=cast.amina.pk).confirmed_at is None
