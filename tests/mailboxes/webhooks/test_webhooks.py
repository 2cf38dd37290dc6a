"""A mail provider hands mail over by a web request."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.db import DatabaseError
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from harness.cast import LONG_AGO
from mailboxes.incoming.desk_mail import SameProcess
from upheld.config import mail_webhooks
from upheld.config.trouble import Trouble
from upheld.desks.actions import create_desk
from upheld.mailboxes import accept
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import parse
from upheld.tickets.models import Ticket

pytestmark = pytest.mark.django_db

SECRET = "provider:a-long-password-4711"
KEY = "signing-key-4711"
MAILS = sorted((Path(__file__).parents[2] / "mails").glob("*.eml"))
RAW = (
    b"From: Amina Yusuf <amina@school.example.org>\r\nTo: support@desk.example.com\r\n"
    b"Subject: Ger\xe4t\r\nMessage-ID: <one@school.example.org>\r\nContent-Type: text/plain; charset=latin-1\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nMein Ger\xe4t ist kaputt.\r\n"
)
POSTAL_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(autouse=True)
def configured(cast, settings):
    settings.MAIL_WEBHOOKS = list(mail_webhooks.SIGNING)
    public = POSTAL_KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
        "MAILERSEND_INBOUND_SECRET": KEY,
        "MANDRILL_WEBHOOK_KEY": KEY,
        "POSTAL_WEBHOOK_KEY": base64.b64encode(public).decode(),
    }


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def call(provider: str, data: object, content_type: str = "application/json", path: str = "", **headers: str):
    body = json.dumps(data).encode() if content_type == "application/json" else data
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    address = f"/mail/webhooks/{provider}/{path}"
    return client.generic("POST", address, body, content_type, headers=basic() | headers)


def mailgun(raw: bytes | None = None, recipient: str = "support@desk.example.com", **fields: object):
    """A call of Mailgun's, signed."""
    signed = {"token": "t" * 50, "timestamp": str(int(datetime.now(UTC).timestamp()))}
    signature = hmac.new(KEY.encode(), (signed["timestamp"] + signed["token"]).encode(), hashlib.sha256)
    form: dict[str, object] = signed | {
        "signature": signature.hexdigest(),
        "recipient": recipient,
        "sender": "amina@school.example.org",
    }
    body = encode_multipart(BOUNDARY, form | fields)
    if raw is not None:
        # As bytes, which Django's own client would not send.
        part = b'--%s\r\nContent-Disposition: form-data; name="body-mime"\r\n\r\n' % BOUNDARY.encode()
        body = part + raw + b"\r\n" + body
    return call("mailgun", body, MULTIPART_CONTENT, "mime/")


def postmark(raw: str, recipient: str = "support@desk.example.com", **more: object):
    return call("postmark", {"Headers": [], "RawEmail": raw, "OriginalRecipient": recipient} | more)


def test_a_mail_is_stored_with_its_bytes_before_200_and_becomes_a_ticket(cast):
    assert mailgun(RAW).status_code == 200
    row = RawMail.objects.get()
    assert bytes(row.raw) == RAW
    assert (row.way, row.state, row.peer) == ("webhook", "waiting", "Mailgun")
    assert (row.mailbox.address, row.envelope_to) == ("support@desk.example.com", "support@desk.example.com")
    assert row.envelope_from == "amina@school.example.org"
    claim_and_ingest(SameProcess(), datetime.now(UTC))
    assert Ticket.objects.get().subject == "Gerät"


def test_a_form_without_files_is_read_as_well(cast):
    signed = {"token": "t", "timestamp": "1"}
    signature = hmac.new(KEY.encode(), b"1t", hashlib.sha256).hexdigest()
    quoted = "".join(f"%{byte:02x}" for byte in RAW)
    body = "&".join(f"{name}={value}" for name, value in (signed | {"signature": signature}).items())
    answer = call(
        "mailgun", f"{body}&body-mime={quoted}".encode(), "application/x-www-form-urlencoded", "mime/"
    )
    assert answer.status_code == 200
    assert bytes(RawMail.objects.get().raw) == RAW


def test_a_mail_in_parts_is_put_together(cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    headers = [
        ["From", "Amina <amina@school.example.org>"],
        ["Subject", "Grüße, 日本"],
        ["Message-Id", "<two@school.example.org>"],
    ]
    answer = mailgun(
        **{
            "from": "Amina <amina@school.example.org>",
            "subject": "Grüße, 日本",
            "body-plain": "Hallo,\nes geht nicht. ä",
            "message-headers": json.dumps(headers),
            "attachment-count": "1",
            "attachment-1": SimpleUploadedFile(
                "Bericht ä.bin", bytes(range(256)) + b"\r\n--x", "application/octet-stream"
            ),
        }
    )
    assert answer.status_code == 200
    read = parse(bytes(RawMail.objects.get().raw))
    assert (read.from_address, read.subject, read.message_id) == (
        "amina@school.example.org",
        "Grüße, 日本",
        "<two@school.example.org>",
    )
    assert read.new_text.splitlines() == ["Hallo,", "es geht nicht. ä"]
    assert [file.content for file in read.attachments] == [bytes(range(256)) + b"\r\n--x"]


def test_every_provider_that_is_named(cast):
    text = RAW.decode("latin-1").replace("latin-1", "utf-8")
    encoded = base64.b64encode(RAW).decode()
    relay = {
        "relay_message": {
            "protocol": "smtp",
            "rcpt_to": "support@desk.example.com",
            "msg_from": "a@b.example",
        }
    }
    relay["relay_message"]["content"] = {"email_rfc822": encoded, "email_rfc822_is_base64": True}
    told = json.dumps(
        {"type": "inbound.message", "data": {"raw": text, "recipients": {"rcptTo": []}}}
    ).encode()
    signature = hmac.new(KEY.encode(), told, hashlib.sha256).hexdigest()
    mandrill = json.dumps(
        [{"event": "inbound", "msg": {"raw_msg": text, "email": "support@desk.example.com"}}]
    )
    url = f"http://{SECRET}@testserver/mail/webhooks/mandrill/"
    signed = base64.b64encode(
        hmac.new(KEY.encode(), (url + "mandrill_events" + mandrill).encode(), hashlib.sha1).digest()
    )
    postal = json.dumps(
        {"id": 1, "message": encoded, "base64": True, "rcpt_to": "support@desk.example.com"}
    ).encode()
    by_postal = base64.b64encode(POSTAL_KEY.sign(postal, padding.PKCS1v15(), hashes.SHA1())).decode()  # noqa: S303
    mailjet = {
        "Sender": "a@b.example",
        "Recipient": "support@desk.example.com",
        "Headers": {"Subject": "Gerät", "From": "Amina <amina@school.example.org>"},
        "Text-part": "Hallo",
        "Parts": [],
    }
    answers = {
        "sparkpost": call("sparkpost", [{"msys": relay}]),
        "mailersend": call("mailersend", told, "text/json", Signature=signature),
        "mandrill": call(
            "mandrill",
            encode_multipart(BOUNDARY, {"mandrill_events": mandrill}),
            MULTIPART_CONTENT,
            **{"X-Mandrill-Signature": signed.decode()},
        ),
        "postal": call("postal", postal, "text/json", **{"X-Postal-Signature": by_postal}),
        "postmark": postmark(text),
        "mailjet": call("mailjet", mailjet),
        "mailgun": mailgun(RAW),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        mail_webhooks.SIGNING, 200
    )
    rows = RawMail.objects.order_by("pk")
    assert set(rows.values_list("state", "mailbox__address")) == {("waiting", "support@desk.example.com")}
    assert {row.peer for row in rows if bytes(row.raw) == RAW} == {"SparkPost", "Postal", "Mailgun"}
    assert {parse(bytes(row.raw)).subject for row in rows} == {"Gerät"}


@pytest.mark.parametrize("path", MAILS, ids=[path.stem for path in MAILS])
def test_any_mail_arrives_as_it_is_or_means_the_same(path):
    raw = path.read_bytes()
    assert mailgun(raw).status_code == 200
    assert bytes(RawMail.objects.get().raw) == raw
    # A provider that passes it on as text.
    assert postmark(raw.decode("utf-8", "replace")).status_code == 200
    if path.stem == "nested-too-deep":
        # Nothing but our own reader takes it; it is kept as the provider said it.
        assert RawMail.objects.latest("pk").state == MailState.KEPT
        return
    before, after = (
        parse(raw.decode("utf-8", "replace").encode()),
        parse(bytes(RawMail.objects.latest("pk").raw)),
    )
    names = ("from_address", "sender_certain", "subject", "new_text", "message_id", "machine", "to", "cc")
    assert {name: getattr(after, name) for name in names} == {name: getattr(before, name) for name in names}
    files = [[file.content.strip() for file in each.attachments] for each in (before, after)]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    "secret", ["", "provider:", "provider:a-long-password-4710", "None", "x" * 5000, "ä:ö"]
)
def test_who_does_not_know_the_secret_is_refused_and_nothing_is_kept(secret):
    for provider in mail_webhooks.SIGNING:
        answer = Client().post(
            f"/mail/webhooks/{provider}/", b"{}", content_type="application/json", headers=basic(secret)
        )
        assert (provider, answer.status_code) == (provider, 403)
        assert (
            Client().post(f"/mail/webhooks/{provider}/", b"{}", content_type="application/json").status_code
            == 403
        )
    assert not RawMail.objects.exists()


def test_a_signature_that_is_not_theirs_is_refused():
    assert mailgun(RAW, token="another" + "t" * 43).status_code == 403
    assert call("mailersend", b"{}", "text/json", Signature="0" * 64).status_code == 403
    assert (
        call(
            "postal", b"{}", "text/json", **{"X-Postal-Signature": base64.b64encode(b"x" * 256).decode()}
        ).status_code
        == 403
    )
    assert not RawMail.objects.exists()


def test_a_provider_that_is_not_named_finds_nothing(settings):
    settings.MAIL_WEBHOOKS = ["postmark"]
    assert mailgun(RAW).status_code == 404
    assert call("elsewhere", {}).status_code == 404
    assert Client().get("/mail/webhooks/postmark/").status_code == 405


def test_what_cannot_be_stored_means_later_and_leaves_nothing(monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("upheld.mailboxes.webhooks.taking.store", away)
    assert mailgun(RAW).status_code == 503
    assert not RawMail.objects.exists()


def test_several_mails_in_one_request_are_stored_together_or_not_at_all(monkeypatch):
    relay = {
        "protocol": "smtp",
        "content": {"email_rfc822": RAW.decode("latin-1"), "email_rfc822_is_base64": False},
    }
    events = [{"msys": {"relay_message": relay | {"rcpt_to": "support@desk.example.com"}}}] * 2
    stored: list[bytes] = []

    def second_fails(raw: bytes, **values: object) -> RawMail:
        stored.append(raw)
        if len(stored) == 2:
            raise DatabaseError("the disk is full")
        return accept.store(raw, **values)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr("upheld.mailboxes.webhooks.taking.store", second_fails)
        assert call("sparkpost", events).status_code == 503
    assert not RawMail.objects.exists()
    assert call("sparkpost", events).status_code == 200
    assert RawMail.objects.count() == 2


def test_what_nobody_understands_is_kept_for_a_person():
    assert postmark("From: a@b.example\r\n\r\n\udcff lone").status_code == 200
    row = RawMail.objects.get()
    assert (row.state, row.mailbox) == (MailState.KEPT, None)
    assert "what postmark handed over could not be read" in row.reason
    assert b"lone" in bytes(row.raw)


def test_a_mail_for_nobody_known_goes_to_the_only_mailbox_else_it_is_kept(cast):
    assert (
        postmark("From: a@b.example\r\nTo: x@elsewhere.example\r\n\r\nHi", "x@elsewhere.example").status_code
        == 200
    )
    assert RawMail.objects.latest("pk").mailbox.address == "support@desk.example.com"
    create_desk(
        slug="other",
        name="Other",
        prefix="OTH",
        zone="UTC",
        address="help@other.example.com",
        by="tests",
        now=LONG_AGO,
    )
    type(cast.desk.mailboxes.get()).objects.update(is_default=False)
    assert (
        postmark("From: a@b.example\r\nTo: x@elsewhere.example\r\n\r\nHi", "x@elsewhere.example").status_code
        == 200
    )
    assert RawMail.objects.latest("pk").mailbox is None
    while claim_and_ingest(SameProcess(), datetime.now(UTC)):
        pass
    assert RawMail.objects.latest("pk").state == MailState.KEPT


def test_the_address_that_the_provider_names_decides_and_its_token_counts(cast):
    address = "support+1-1-aaaaaaaaaaaaaaaa@desk.example.com"
    mailgun(RAW, address)
    assert RawMail.objects.get().envelope_to == address


def test_large_mail_is_taken_and_larger_mail_is_not(settings):
    settings.MAIL_SIZE_LIMIT = 8 * 1024 * 1024
    large = RAW + b"x" * (7 * 1024 * 1024)
    assert mailgun(large).status_code == 200
    assert bytes(RawMail.objects.get().raw) == large
    assert postmark(large.decode("latin-1")).status_code == 200
    assert mailgun(RAW + b"x" * (9 * 1024 * 1024)).status_code == 413
    assert mailgun(RAW + b"x" * (20 * 1024 * 1024)).status_code == 413
    assert RawMail.objects.count() == 2


def test_a_form_of_very_many_parts_is_refused():
    part = b'--%s\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' % BOUNDARY.encode()
    assert call("mailgun", part * 1500, MULTIPART_CONTENT).status_code == 403


def test_only_this_door_is_open_without_a_token_against_forgery():
    assert Client(enforce_csrf_checks=True).post("/accounts/login/", {}, headers=basic()).status_code == 403


SOUND = {
    "UPHELD_MAIL_WEBHOOKS": "postmark Mailgun,mailjet",
    "UPHELD_MAIL_WEBHOOK_SECRET": SECRET,
    "UPHELD_ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
}


def test_the_settings_are_read():
    providers, anymail = mail_webhooks.read(SOUND)
    assert providers == ["postmark", "mailgun", "mailjet"]
    assert anymail == {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    assert mail_webhooks.read({}) == ([], {})
    assert mail_webhooks.read({"UPHELD_ANYMAIL_POSTMARK_SERVER_TOKEN": "x"}) == (
        [],
        {"POSTMARK_SERVER_TOKEN": "x"},
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"UPHELD_MAIL_WEBHOOKS": "pigeon"}, "pigeon"),
        ({"UPHELD_MAIL_WEBHOOK_SECRET": ""}, "UPHELD_MAIL_WEBHOOK_SECRET"),
        ({"UPHELD_MAIL_WEBHOOK_SECRET": "no-colon-in-this-geheim"}, "name:password"),
        ({"UPHELD_MAIL_WEBHOOK_SECRET": "a:geheim"}, "too weak"),
        ({"UPHELD_ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": ""}, "UPHELD_ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY"),
    ],
)
def test_settings_that_would_leave_the_door_open_stop_the_start(change, said):
    with pytest.raises(Trouble) as trouble:
        mail_webhooks.read(SOUND | change)
    assert said in str(trouble.value)
    assert "geheim" not in str(trouble.value)
