"""Sign-in mail leaves from a stored row, and nobody opens an account by themselves."""

from django.core import mail
from django.test import Client

from harness.cast import Cast
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import User


def test_a_sign_in_code_is_stored_as_a_notice(cast: Cast, client: Client) -> None:
    answer = client.post("/accounts/login/code/", {"email": cast.bob.address})
    assert answer.status_code == 302
    notice = Notice.objects.get(kind=NoticeKind.ACCOUNT)
    assert notice.to_address == cast.bob.address
    assert notice.data["subject"]
    assert notice.data["text"]
    assert notice.message_id.startswith("<account.")
    assert mail.outbox == []


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    before = User.objects.count()
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": "a long password"})
    assert User.objects.count() == before
