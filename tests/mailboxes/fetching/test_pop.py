"""A POP3 account: mails have names of the server's, and are deleted at the end of a conversation or not at all."""

import pytest

from mailboxes.fetching.accounts import failing, fetch, mail, stored, subjects
from upheld.mailboxes.fetching import pop, visiting
from upheld.mailboxes.fetching.pop import Maildrop
from upheld.mailboxes.fetching.visiting import Visit, pay
from upheld.mailboxes.models import Fetched, MailState

pytestmark = pytest.mark.django_db


def test_only_what_comes_from_now_on_is_fetched_and_stays_there(post, account):
    account.gets(mail("Old"))
    source = post.source(account, protocol="pop")
    assert fetch(source) == 0
    account.gets(mail("New"), mail("Newer"))
    assert fetch(source) == 2
    assert fetch(source) == 0
    assert subjects(source) == ["New", "Newer"]
    assert account.subjects() == ["Old", "New", "Newer"]


def test_an_account_that_is_empty_at_first_has_begun(post, account):
    source = post.begun(account, protocol="pop")
    account.gets(mail("First"))
    assert fetch(source) == 1


def test_everything_that_was_there_is_fetched_when_asked_for(post, account):
    account.gets(mail("Old"))
    source = post.source(account, protocol="pop")
    assert fetch(source, everything=True) == 1
    account.gets(mail("New"))
    other = post.begun(account, protocol="pop")
    assert fetch(other, everything=True) == 2


def test_long_lines_dots_and_bytes_arrive_as_they_are(post, account):
    source = post.begun(account, protocol="pop")
    raw = mail("Bytes", "." + "\n..\n.\nx" * 3 + "y" * 100_000 + "\näöü")
    account.gets(raw)
    assert fetch(source) == 1
    assert bytes(stored(source).get().raw) == raw


def test_mail_is_deleted_only_where_that_is_wanted_and_only_that(post, account):
    account.gets(mail("Before us"))
    source = post.begun(account, protocol="pop", afterwards="delete")
    account.gets(mail("New"))
    assert fetch(source) == 1
    assert account.subjects() == ["Before us"]
    assert Fetched.objects.filter(source=source, finished=False).count() == 0


def test_nothing_is_deleted_when_the_conversation_breaks_off_and_it_is_deleted_later(
    post, account, monkeypatch
):
    source = post.begun(account, protocol="pop", afterwards="delete")
    account.gets(mail("New"))

    def break_off(self: Maildrop) -> None:
        self._client.close()
        raise ConnectionResetError(104, "Connection reset by peer")

    with monkeypatch.context() as broken:
        broken.setattr(Maildrop, "leave", break_off)
        assert "Connection reset" in failing(source)
    assert (account.subjects(), subjects(source)) == (["New"], ["New"])
    assert fetch(source) == 0
    assert (account.subjects(), subjects(source)) == ([], ["New"])


def test_a_mail_that_is_too_large_is_kept_with_its_head(post, account, settings):
    settings.MAIL_SIZE_LIMIT = 20_000
    source = post.begun(account, protocol="pop", afterwards="delete")
    large = mail("Large", "x" * 30_000)
    account.gets(large, mail("Small"))
    assert fetch(source) == 2
    row = stored(source).first()
    assert (row.state, row.subject) == (MailState.KEPT, "Large")
    assert bytes(row.raw) == large.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert account.subjects() == ["Large"]


def test_a_long_list_is_fetched_in_several_conversations(post, account, monkeypatch):
    monkeypatch.setattr(visiting, "MAILS_A_CONVERSATION", 3)
    source = post.begun(account, protocol="pop", afterwards="delete")
    account.gets(*(mail(f"Number {number}") for number in range(8)))
    for left in (5, 2, 0):
        visit = Visit(source)
        assert pay(visit)
        assert (len(account.subjects()), visit.more) == (left, left > 0)
        source.refresh_from_db()
        assert (source.next_try_at == source.fetched_at) is visit.more
    assert subjects(source) == [f"Number {number}" for number in range(8)]


def test_names_that_are_no_names_do_no_harm():
    assert pop._key(b"a\x00\xff") == "a\\xff"
    assert len(pop._key(b"x" * 1000)) == 64
