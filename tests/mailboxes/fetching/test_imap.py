"""What lies in an IMAP folder becomes raw mail, once, and the folder stays as its owner wants it."""

import pytest

from mailboxes.fetching.accounts import days_ago, failing, fetch, mail, stored, subject_of, subjects
from upheld.mailboxes.fetching import progress
from upheld.mailboxes.fetching.visiting import Visit, pay
from upheld.mailboxes.models import Fetched, MailState, RawMail

pytestmark = pytest.mark.django_db


def test_only_what_comes_from_now_on_is_fetched(post, account):
    account.gets(mail("Old and unread"), mail("Old and read"))
    source = post.source(account)
    assert fetch(source) == 0
    account.gets(mail("New"), mail("Newer"))
    assert fetch(source) == 2
    assert fetch(source) == 0
    assert subjects(source) == ["New", "Newer"]
    assert account.flags() == {uid: set() for uid in (1, 2, 3, 4)}


def test_the_bytes_and_the_receipt_are_as_for_every_mail(post, account):
    source = post.begun(account)
    raw = mail("Bytes", "Umlauts as they came: \xe4\xf6\n.\n..dots\n" + "x" * 5000)
    account.gets(raw)
    assert fetch(source, lambda: days_ago(0).replace(microsecond=4711)) == 1
    row = stored(source).get()
    assert bytes(row.raw) == raw
    assert (row.way, row.state, row.mailbox, row.peer) == ("imap", "waiting", source.mailbox, "localhost")
    assert row.received_at.microsecond == 4711
    assert (days_ago(0) - row.received_at).total_seconds() < 60


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"unread": True}, ["Unread in spring", "Unread today"]),
        ({"since": days_ago(3).date()}, ["Read yesterday", "Unread today"]),
        ({"unread": True, "since": days_ago(3).date()}, ["Unread today"]),
        ({"everything": True}, ["Unread in spring", "Read yesterday", "Unread today"]),
    ],
)
def test_what_was_there_before_is_fetched_when_asked_for(post, account, wanted, found):
    account.gets(mail("Unread in spring"), on=days_ago(90))
    account.gets(mail("Read yesterday"), seen=True, on=days_ago(1))
    account.gets(mail("Unread today"))
    source = post.begun(account)
    assert fetch(source, **wanted) == len(found)
    assert fetch(source, **wanted) == 0
    assert subjects(source) == found


def test_mail_that_is_left_is_left_as_it_is(post, account):
    source = post.begun(account)
    account.gets(mail("Left"))
    fetch(source)
    assert account.flags() == {1: set()}
    assert Fetched.objects.filter(source=source, finished=False).count() == 0


def test_mail_is_marked_as_read_and_nothing_else_happens_to_anything(post, account):
    account.gets(mail("Somebody is about to delete this"), mail("Unread before us"))
    account.marks(1, r"\Deleted")
    source = post.begun(account, afterwards="seen")
    account.gets(mail("New"))
    assert fetch(source) == 1
    assert account.flags() == {1: {r"\Deleted"}, 2: set(), 3: {r"\Seen"}}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2"])
def test_mail_is_moved_and_nothing_else_happens_to_anything(post, account, dovecot, host):
    account.gets(mail("Somebody is about to delete this"))
    account.marks(1, r"\Deleted")
    account.makes("Done")
    details = {} if host == "localhost" else {"host": host, "security": "none", "port": dovecot.imap}
    source = post.begun(account, afterwards="move", move_to="Done", **details)
    account.gets(mail("First"), mail("Second"))
    assert fetch(source) == 2
    assert account.subjects("Done") == ["First", "Second"]
    if host == "localhost":
        assert account.flags() == {1: {r"\Deleted"}}
    else:
        # A server that cannot expunge single mails: ours are marked, and theirs is not expunged with them.
        assert account.flags() == {uid: {r"\Deleted"} for uid in (1, 2, 3)}
    assert fetch(source) == 0
    assert account.subjects("Done") == ["First", "Second"]


def test_mail_is_deleted_only_where_that_is_wanted_and_only_that(post, account):
    account.gets(mail("Somebody is about to delete this"), mail("Before us"))
    account.marks(1, r"\Deleted")
    source = post.begun(account, afterwards="delete")
    account.gets(mail("New"))
    assert fetch(source) == 1
    assert account.subjects() == ["Somebody is about to delete this", "Before us"]
    assert bytes(stored(source).get().raw) == mail("New")


def test_a_folder_whose_name_is_not_ascii(post, account):
    # As the server writes it: in the UTF-7 of IMAP.
    there = '"Anfragen.Ger&AOQ-tepool &- mehr"'
    account.makes(there)
    source = post.begun(account, folder="Anfragen.Gerätepool & mehr")
    account.gets(mail("There"), folder=there)
    account.gets(mail("Elsewhere"))
    assert fetch(source) == 1
    assert subjects(source) == ["There"]


def test_a_folder_that_is_not_there_is_named_with_those_that_are(post, account):
    account.makes("Help")
    why = failing(post.source(account, folder="Halp"))
    assert "“Halp”" in why
    assert "Help, INBOX" in why


def test_a_folder_to_move_to_that_is_missing_loses_nothing(post, account):
    source = post.begun(account, afterwards="move", move_to="Done")
    account.gets(mail("New"))
    assert "says: " in failing(source)
    assert (source.failures, subjects(source), account.subjects()) == (1, ["New"], ["New"])
    account.makes("Done")
    assert fetch(source) == 0
    assert (account.subjects(), account.subjects("Done"), subjects(source)) == ([], ["New"], ["New"])


def test_a_mail_that_is_too_large_is_kept_with_its_head(post, account, settings):
    settings.MAIL_SIZE_LIMIT = 20_000
    source = post.begun(account, afterwards="delete")
    large = mail("Large", "x" * 30_000)
    account.gets(large, mail("Small"))
    assert fetch(source) == 2
    row = stored(source).first()
    assert row.state == MailState.KEPT
    assert (row.from_address, row.subject) == ("amina@school.example.org", "Large")
    assert f"it has {len(large)} bytes" in row.reason
    assert bytes(row.raw) == large.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    # The rest of it is nowhere else: it is not deleted.
    assert account.subjects() == ["Large"]
    assert fetch(source) == 0


def test_an_empty_mail_is_a_mail(post, account):
    source = post.begun(account)
    account.gets(b"\r\n", mail("After it"))
    assert fetch(source) == 2


def test_a_folder_that_is_numbered_anew_brings_nothing_twice_and_loses_nothing(post, account):
    account.gets(mail("Long ago"), on=days_ago(90))
    source = post.begun(account)
    account.gets(mail("Known"), mail("Known too"))
    assert fetch(source) == 2
    account.gets(mail("Came while numbers were lost"))
    before = set(Fetched.objects.filter(source=source).values_list("key", flat=True))
    account.is_numbered_anew()
    fetch(source)
    assert {key[:10] for key in Fetched.objects.values_list("key", flat=True)} > {key[:10] for key in before}
    assert subjects(source) == ["Known", "Known too", "Came while numbers were lost"]
    account.gets(mail("After"))
    assert fetch(source) == 1


def test_what_was_stored_but_not_moved_is_moved_under_its_new_number(post, account):
    account.makes("Done")
    source = post.begun(account, afterwards="move", move_to="Done")
    account.gets(mail("Stored"))
    taken = Visit(source, ended=lambda: RawMail.objects.filter(way="imap").exists())
    assert pay(taken)
    assert account.subjects() == subjects(source) == ["Stored"]
    account.is_numbered_anew()
    assert fetch(source) == 0
    assert (account.subjects(), account.subjects("Done")) == ([], ["Stored"])
    assert subjects(source) == ["Stored"]


def test_a_mail_that_went_away_before_it_was_fetched_delays_nothing(post, account):
    source = post.begun(account)
    account.gets(mail("Going"), mail("Staying"))
    progress.plan(source, [Fetched.objects.get().key[:11] + f"{uid:010d}" for uid in (1, 2)])
    account.marks(1, r"\Deleted")
    with account.program() as program:
        program.expunge()
    assert fetch(source) == 1
    assert subjects(source) == ["Staying"]
    assert progress.to_fetch(source) == []


def test_mails_are_stored_in_the_order_in_which_they_came(post, account):
    source = post.begun(account)
    account.gets(*(mail(f"Number {number}") for number in range(120)))
    assert fetch(source) == 120
    assert subjects(source) == [f"Number {number}" for number in range(120)]
    assert subject_of(bytes(stored(source).last().raw)) == "Number 119"
