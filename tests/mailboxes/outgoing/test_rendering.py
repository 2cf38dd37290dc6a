"""What each mail says and carries."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.html import strip_tags
from harbour_office import NOW, html_of, read, text_of
from kinds import ALL_KINDS, DUE, INSTANTS, TO_CUSTOMER

from upheld.mailboxes.outgoing.facts import UndeliverableError
from upheld.mailboxes.outgoing.render import render
from upheld.people.models import User
from upheld.policy import load, pack
from upheld.rules.tokens import Purpose, read_message_id
from upheld.tickets.keys import participant_by
from upheld.tickets.models import Attachment


def plain(html: str) -> str:
    import html as entities

    return " ".join(entities.unescape(strip_tags(html)).split())


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_kind_is_a_whole_mail_of_text_and_html(office, kind):
    notice = office.notice(kind, ALL_KINDS[kind])
    raw = render(notice)
    mail = message_from_bytes(raw, policy=SMTP)
    assert raw.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert [part.defects for part in mail.walk()] == [[]] * len(list(mail.walk()))
    assert mail.get_content_type() == "multipart/alternative"
    assert str(mail["From"]) == "Harbour Support <support@harbour.example>"
    assert mail["Message-ID"] == notice.message_id
    assert mail["Date"].datetime == NOW
    assert mail["X-Upheld-Desk"] == "harbour"
    assert len(set(mail.keys())) == len(mail.keys())


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_row_renders_to_the_same_bytes_each_time(office, kind):
    notice = office.notice(kind, ALL_KINDS[kind])
    assert render(notice) == render(notice)


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_text_and_html_say_the_same(office, kind):
    mail = read(office.notice(kind, ALL_KINDS[kind]))
    said = plain(html_of(mail).partition("<body")[2].partition(">")[2])
    for line in text_of(mail).splitlines():
        words = line.removesuffix(":").partition(": ")[2] or line.removesuffix(":")
        if not words.startswith("http://127"):
            assert " ".join(words.split()) in said


@pytest.mark.parametrize("kind", [kind for kind in ALL_KINDS if DUE in ALL_KINDS[kind].values()])
def test_times_are_said_in_the_readers_zone_in_both_parts(office, kind):
    mail = read(office.notice(kind, ALL_KINDS[kind]))
    said = "Tuesday 31 March 2026, 13:20 (London time, GMT+1)"
    assert said in " ".join(text_of(mail).split())
    assert said in plain(html_of(mail))


def planted(value, hostile):
    """The same value with other words; what is a number stays one, wherever it stands."""
    match value:
        case dict():
            return {name: planted(each, hostile) for name, each in value.items()}
        case list():
            return [planted(each, hostile) for each in value]
        case int():
            return value
        case _:
            return hostile


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_html_fetches_nothing_and_runs_nothing(office, kind):
    hostile = '<img src=https://x.example/y><script>1</script>"><b onclick=x>'
    data = {name: planted(value, hostile) for name, value in ALL_KINDS[kind].items() if name not in INSTANTS}
    html = html_of(read(office.notice(kind, {**ALL_KINDS[kind], **data, "subject": hostile})))
    assert re.search(r"<(img|script|link|iframe|b)\b|url\(|@import|src=[^&]*x\.example/y>", html) is None


def test_the_acknowledgement_promises_a_person_by_an_instant(office):
    text = text_of(read(office.notice("acknowledgement", ALL_KINDS["acknowledgement"])))
    assert "Its number is SDS-1042." in text
    assert "You will hear from a person by Tuesday 31 March 2026, 13:20 (London time, GMT+1)." in text
    link = re.search(r"http://127\.0\.0\.1:8000/r/([^/]+)/\n", text)
    assert participant_by(Purpose.link, link[1]) == office.alice
    assert f"{link[0].strip()}#why" in text


def test_an_acknowledgement_without_a_due_time_says_so(office):
    data = {**ALL_KINDS["acknowledgement"], "first_response_due": None}
    text = text_of(read(office.notice("acknowledgement", data)))
    assert "sets no time for the first answer" in text
    assert "#why" not in text


@pytest.mark.parametrize("channel", ["portal", "email"])
def test_an_acknowledgement_to_an_unproven_address_holds_no_word_that_was_submitted(office, channel):
    office.wrote("<someone@forge.example>", text="Buy pills at pills.example")
    data = {**ALL_KINDS["acknowledgement"], "channel": channel, "subject": "Buy pills"}
    raw = render(office.notice("acknowledgement", data, to_name="Cheap Pills"))
    assert b"pills" not in raw.lower()
    assert message_from_bytes(raw, policy=SMTP)["Subject"] == "[SDS-1042] We received your request"


def test_the_acknowledgement_never_holds_the_body_of_a_mail(office):
    office.wrote("<a@mail.example>", text="Buy pills")
    raw = render(office.notice("acknowledgement", ALL_KINDS["acknowledgement"]))
    assert b"pills" not in raw.lower()
    assert text_of(message_from_bytes(raw, policy=SMTP)).count("Printer") == 0


@pytest.mark.parametrize(
    "subject",
    [
        "Printer on fire",
        "Re: Printer on fire",
        "RE: AW: Fwd: Printer on fire",
        "Re: [SDS-1042] Printer on fire",
        "[SDS-1042] Re: [SDS-1042] Printer on fire",
        "Re[2]: Printer \r\n on fire",
    ],
)
def test_all_mails_about_a_ticket_share_one_subject(office, subject):
    kinds = [kind for kind in TO_CUSTOMER if kind != "acknowledgement"]
    mails = [read(office.notice(kind, {**ALL_KINDS[kind], "subject": subject})) for kind in kinds]
    assert {str(mail["Subject"]) for mail in mails} == {"Re: [SDS-1042] Printer on fire"}
    assert {str(mail["Thread-Topic"]) for mail in mails} == {"[SDS-1042] Printer on fire"}


def test_a_mail_answers_the_newest_mail_of_the_thread(office):
    office.wrote("<first@mail.example>", at=NOW - timedelta(minutes=1))
    office.alice.sees_from = NOW - timedelta(days=1)
    office.alice.save()
    acknowledged = office.notice("acknowledgement", ALL_KINDS["acknowledgement"])
    office.wrote("<second@mail.example>", at=NOW + timedelta(minutes=5))
    mail = read(office.notice("reply", ALL_KINDS["reply"], created_at=NOW + timedelta(minutes=9)))
    thread = ["<first@mail.example>", acknowledged.message_id, "<second@mail.example>"]
    assert str(mail["References"]).split() == thread
    assert mail["In-Reply-To"] == "<second@mail.example>"
    assert read(acknowledged)["In-Reply-To"] == "<first@mail.example>"


def test_a_thread_names_only_what_its_reader_has(office):
    office.wrote("<before@mail.example>", at=NOW - timedelta(days=1))
    office.wrote("<note@desk.example>", kind="note")
    office.wrote("<held@mail.example>", released=False)
    office.notice("reply", ALL_KINDS["reply"], participant_id=office.alice.pk + 1)
    office.to_agent("assigned", ALL_KINDS["assigned"])
    assert read(office.notice("reply", ALL_KINDS["reply"]))["References"] is None


def test_mails_to_one_agent_about_one_ticket_hang_together(office):
    first = office.to_agent("assigned", ALL_KINDS["assigned"])
    second = office.to_agent("breach", ALL_KINDS["breach"])
    office.to_agent("breach", ALL_KINDS["breach"], to_address="omar@desk.example")
    assert str(read(second)["References"]) == first.message_id


def test_a_long_thread_keeps_its_first_and_newest_mails(office):
    for number in range(40):
        office.wrote(f"<m{number}@mail.example>", at=NOW + timedelta(minutes=number))
    office.wrote("not an id >\r\nBcc: x@y.example", at=NOW + timedelta(minutes=50))
    mail = read(office.notice("reply", ALL_KINDS["reply"], created_at=NOW + timedelta(hours=1)))
    ids = str(mail["References"]).split()
    assert len(ids) == 12
    assert ids[0] == "<m0@mail.example>"
    assert ids[-1] == mail["In-Reply-To"] == "<m39@mail.example>"


def test_answers_go_to_an_address_that_only_this_reader_got(office):
    mail = read(office.notice("reply", ALL_KINDS["reply"]))
    local, _, domain = mail["Reply-To"].addresses[0].addr_spec.partition("@")
    assert domain == "harbour.example"
    assert participant_by(Purpose.reply, local.removeprefix("support+")) == office.alice
    assert read_message_id(b"", str(mail["Message-ID"])) is None


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("reply", "no"),
        ("acknowledgement", "auto-replied"),
        ("status", "auto-generated"),
        ("reminder", "auto-generated"),
        ("breach", "auto-generated"),
        ("account", "auto-generated"),
    ],
)
def test_machines_are_told_what_is_automatic(office, kind, says):
    mail = read(office.notice(kind, ALL_KINDS[kind]))
    assert mail["Auto-Submitted"] == says
    assert mail["X-Auto-Response-Suppress"] == (None if kind == "reply" else "All")
    assert mail["Precedence"] == ("bulk" if kind in ("acknowledgement", "status", "reminder") else None)


HOSTILE = 'Eve\r\nBcc: all@victims.example\r\n\r\n<b>"x", '


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_hostile_names_and_subjects_make_no_header(office, kind):
    office.desk.name = HOSTILE
    office.desk.save()
    data = {**ALL_KINDS[kind], "subject": HOSTILE, "agent_name": HOSTILE}
    notice = office.notice(kind, data, to_name=HOSTILE)
    mail = read(notice)
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == [notice.to_address]
    assert [address.addr_spec for address in mail["From"].addresses] == ["support@harbour.example"]


def test_an_agents_text_is_sent_as_written_and_shown_as_markdown(office):
    text = (
        "Hello *Alice*,\nplease see <b>this</b>:\n\n- [ours](https://desk.example.com/a?b=1&c=2)\n"
        "- [bad](javascript:alert(1))\n- ![pixel](https://track.example/p.gif)\n\n> quoted"
    )
    mail = read(office.notice("reply", {**ALL_KINDS["reply"], "text": text}))
    assert text_of(mail).startswith(text)
    html = html_of(mail)
    assert "<em>Alice</em>,<br" in html
    assert "&lt;b&gt;this" in html
    assert (
        '<a href="https://desk.example.com/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">ours</a>' in html
    )
    assert 'href="javascript' not in html
    assert "<img" not in html
    assert "<blockquote style=" in html


def test_a_resolved_request_asks_whether_it_is_solved_in_the_step_that_the_policy_names(office):
    resolved = load(pack("school-devices")).status("resolved")
    step = next(each.name for each in resolved.after if each.remind == "customer")
    text = text_of(read(office.notice("reminder", {**ALL_KINDS["reminder"], "step": step})))
    assert "Is all well now?" in text
    assert re.findall(r"/r/[^/]+/([\w-]+)/\n", text) == ["works", "still-broken"]


def test_a_solution_asks_whether_it_works_and_says_by_when_somebody_writes_again(office):
    text = text_of(read(office.notice("reply", ALL_KINDS["reply"])))
    assert re.findall(r"/r/[^/]+/([\w-]+)/\n", text) == ["works", "still-broken"]
    assert "We write again by Tuesday 31 March 2026, 13:20 (London time, GMT+1)." in text
    plain = text_of(read(office.notice("reply", ALL_KINDS["reply"] | {"asks": False, "update_due": None})))
    assert "works/" not in plain
    assert "We write again" not in plain


def test_a_warning_says_how_long_was_left_when_it_came(office):
    text = text_of(read(office.to_agent("warning", ALL_KINDS["warning"])))
    assert "First response of SDS-1042 is due by Tuesday 31 March 2026, 13:20 (London time, GMT+1)." in text
    assert "75 % of its time was used" in text
    assert "45 minutes before it is due" in text
    assert "http://127.0.0.1:8000/tickets/SDS-1042/" in text


def test_a_step_of_the_policy_without_a_due_time_still_reads_well(office):
    data = {"metric": "", "step": "call the lead", "due_at": None, "priority_label": "High", "percent": None}
    assert "SDS-1042 needs attention: call the lead." in text_of(read(office.to_agent("warning", data)))


def test_a_sign_in_mail_needs_no_desk_and_no_ticket(office):
    nobodys = {"desk": None, "ticket_id": None, "ticket_number": "", "participant_id": None}
    mail = read(office.notice("account", ALL_KINDS["account"], **nobodys))
    assert (mail["From"], mail["Subject"]) == ("upheld@127.0.0.1", "Your code")
    assert "Your code is 123456." in text_of(mail)
    assert '<a href="https://desk.example.com/in/" rel="nofollow">' in html_of(mail)
    assert (mail["Reply-To"], mail["Thread-Topic"], mail["X-Upheld-Desk"]) == (None, None, None)


def test_mail_to_agents_names_no_reply_token(office):
    assert read(office.to_agent("assigned", ALL_KINDS["assigned"]))["Reply-To"] is None


def test_who_was_put_out_of_a_ticket_gets_nothing_more(office):
    notice = office.notice("reply", ALL_KINDS["reply"])
    office.alice.removed_at = NOW
    office.alice.save()
    with pytest.raises(UndeliverableError, match="no longer takes part"):
        render(notice)


def test_an_agent_whose_account_is_closed_gets_nothing_more(office):
    user = User.objects.get(email="priya@desk.example")
    notice = office.to_agent("breach", ALL_KINDS["breach"])
    render(notice)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(UndeliverableError, match="no longer works"):
        render(notice)


def test_what_is_no_address_is_never_tried(office):
    with pytest.raises(UndeliverableError, match="not a mail address"):
        render(office.notice("reply", ALL_KINDS["reply"], to_address="a@b.example\r\nBcc: c@d.example"))


def attach(message, name: str, content: bytes, content_type: str = "image/png") -> Attachment:
    stored = default_storage.save("test-file", ContentFile(content))
    return Attachment.objects.create(
        message=message, name=name, content_type=content_type, size=len(content), digest="", stored_as=stored
    )


def test_files_go_with_a_reply(office):
    message = office.wrote("", kind="reply")
    attach(message, "plän.png", b"\x89PNG\r\n\x00")
    attach(message, '../../e"vil\r\nX-Bad: 1.eml', b"Subject: x\n\nhello", "message/rfc822")
    mail = read(office.notice("reply", ALL_KINDS["reply"], message_ref=message.pk))
    parts = list(mail.iter_attachments())
    assert [part.get_filename() for part in parts] == ["plän.png", '.._.._e"vil X-Bad: 1.eml']
    assert [part.get_content_type() for part in parts] == ["image/png", "application/octet-stream"]
    assert [part.get_content() for part in parts] == [b"\x89PNG\r\n\x00", b"Subject: x\n\nhello"]
    assert mail["X-Bad"] is None
    assert text_of(mail).startswith("Try this.")
