"""What an administrator sets of a mailbox, and that the audit keeps it."""

import pytest

from harness.cast import LONG_AGO, Cast
from upheld.desks.actions import MailboxRefused, add_mailbox, change_mailbox, create_desk
from upheld.desks.models import AuditEntry, Desk, Mailbox


def test_a_desk_has_one_first_mailbox(cast: Cast) -> None:
    second = add_mailbox(cast.desk, "Orders@Desk.example.com", by="ada", now=LONG_AGO)
    assert (second.address, second.name, second.is_default) == (
        "orders@desk.example.com",
        cast.desk.name,
        False,
    )
    change_mailbox(second.pk, is_default=True, by="ada", now=LONG_AGO)
    assert [each.address for each in Mailbox.objects.filter(is_default=True)] == ["orders@desk.example.com"]


def test_every_change_is_audited_with_what_was_before(cast: Cast) -> None:
    mailbox = Mailbox.objects.get()
    change_mailbox(mailbox.pk, checked_by="mx.example.com", is_list=True, by="ada", now=LONG_AGO)
    change_mailbox(mailbox.pk, checked_by="mx.example.com", by="ada", now=LONG_AGO)
    change_mailbox(mailbox.pk, checked_by="", by="bob", now=LONG_AGO)
    entries = AuditEntry.objects.filter(action="mailbox changed").order_by("pk")
    assert [(entry.actor, entry.data["before"], entry.data["after"]) for entry in entries] == [
        ("ada", {"checked_by": "", "is_list": False}, {"checked_by": "mx.example.com", "is_list": True}),
        ("bob", {"checked_by": "mx.example.com"}, {"checked_by": ""}),
    ]


@pytest.mark.parametrize("address", ["hilfe@bücher.example", "support+more@other.example.com"])
def test_an_address_under_which_nothing_could_be_answered_is_no_mailbox(cast: Cast, address: str) -> None:
    """Under the one no Message-ID can be written, and under the other no token be read."""
    with pytest.raises(MailboxRefused):
        add_mailbox(cast.desk, address, by="ada", now=LONG_AGO)
    with pytest.raises(MailboxRefused):
        create_desk(
            slug="b", name="B", prefix="B", zone="Europe/Berlin", address=address, by="ada", now=LONG_AGO
        )
    assert (Mailbox.objects.count(), Desk.objects.count()) == (1, 1)


@pytest.mark.parametrize("server", ["a b", "mx.example.com; dmarc=pass", "mx\n.example.com", "x" * 300, "é"])
def test_what_is_no_server_is_believed_by_nobody(cast: Cast, server: str) -> None:
    with pytest.raises(MailboxRefused):
        change_mailbox(Mailbox.objects.get().pk, checked_by=server, by="ada", now=LONG_AGO)
    assert Mailbox.objects.get().checked_by == ""
