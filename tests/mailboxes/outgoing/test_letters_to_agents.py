"""What agents read: the customer's words where they may stand in a mail, and the way to answer."""

import re
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.urls import resolve
from harbour_office import html_of, read, text_of
from kinds import ALL_KINDS
from test_rendering import attach

from upheld.mailboxes.outgoing.facts import TO_AGENTS, UndeliverableError
from upheld.mailboxes.outgoing.render import render
from upheld.mailboxes.outgoing.words import TEXT_BOUND
from upheld.notices.models import NoticeKind
from upheld.people.models import Agent, Membership
from upheld.rules.tokens import AgentToken
from upheld.tickets.keys import agent_answering

WORDS = "Smoke comes out of <b>drawer</b> two.\n\nIt is our *only* printer."


def wrote(office, text: str = WORDS, **changes):
    message = office.wrote("<w@mail.example>", text=text, **changes)
    return office.to_agent("customer_wrote", ALL_KINDS["customer_wrote"], message_ref=message.pk), message


def priya() -> Agent:
    return Agent.objects.get(user__email="priya@desk.example")


def trust(office) -> None:
    """Let our edge vouch for senders' domains on the mailbox."""
    office.mailbox.checked_by = "mx.harbour.example"
    office.mailbox.save()


def test_every_kind_goes_to_customers_to_agents_or_is_about_an_account_or_beside_a_ticket():
    customers = {
        NoticeKind.ACKNOWLEDGEMENT,
        NoticeKind.REPLY,
        NoticeKind.STATUS,
        NoticeKind.REMINDER,
        NoticeKind.INFORMATION,
        NoticeKind.HELD,
        NoticeKind.HELD_DECLINED,
        NoticeKind.MERGED,
    }
    others = {NoticeKind.ACCOUNT, NoticeKind.SIDE}
    assert set(NoticeKind) == TO_AGENTS | customers | others
    assert not customers & TO_AGENTS


def test_the_customers_words_are_quoted_as_theirs(office):
    notice, message = wrote(office)
    attach(message, "photo\r\nBcc: x.png", b"x")
    mail = read(notice)
    text = text_of(mail)
    assert "Alice Archer wrote on SDS-1042." in text
    assert "> Smoke comes out of <b>drawer</b> two.\n>\n> It is our *only* printer." in text
    assert "Files: photo Bcc: x.png" in text
    assert re.search(r"<blockquote[^>]*>Smoke comes out of &lt;b&gt;drawer&lt;/b&gt; two.<br>", html_of(mail))
    assert list(mail.iter_attachments()) == []


def test_long_words_are_cut_and_say_so(office):
    notice, _ = wrote(office, "x" * TEXT_BOUND + "the end")
    text = text_of(read(notice))
    assert "the end" not in text
    assert "goes on, on the ticket's page" in text


def test_a_held_message_is_not_repeated(office):
    notice, _ = wrote(office, released=False, held_because="The sender's domain failed its check.")
    text = text_of(read(notice))
    assert "Smoke" not in text
    assert "The message is held" in text


def test_a_message_of_another_ticket_is_never_repeated(office):
    message = office.wrote("<w@mail.example>", text=WORDS)
    data = ALL_KINDS["customer_wrote"]
    notice = office.to_agent("customer_wrote", data, message_ref=message.pk, ticket_id=message.ticket_id + 1)
    assert "Smoke" not in text_of(read(notice))


ABOUT_NO_TICKET = {NoticeKind.DIGEST, NoticeKind.CONTRACT_ENDING, NoticeKind.HELD_ALERT}


@pytest.mark.parametrize("kind", sorted(TO_AGENTS - ABOUT_NO_TICKET))
def test_of_a_restricted_ticket_a_mail_says_number_and_link_only(office, kind):
    message = office.wrote("<w@mail.example>", text=WORDS)
    attach(message, "secret-photo.png", b"x")
    office.restrict()
    raw = render(office.to_agent(kind, ALL_KINDS[kind], message_ref=message.pk))
    mail = message_from_bytes(raw, policy=SMTP)
    everything = f"{raw.decode()} {mail['Subject']} {text_of(mail)} {html_of(mail)}"
    for word in (
        "Smoke",
        "Printer",
        "fire",
        "secret-photo",
        "Alice",
        "alice@reader.example",
        "no such person",
    ):
        assert word not in everything
    assert str(mail["Subject"]) == "Re: [SDS-1042]"
    assert "/tickets/SDS-1042/" in text_of(mail)


def test_of_a_restricted_ticket_the_morning_mail_says_the_number_only(office):
    office.restrict()
    text = text_of(read(office.to_agent("digest")))
    assert "SDS-1042" in text
    assert "Printer" not in text


def test_a_customer_still_reads_their_restricted_ticket(office):
    office.restrict()
    mail = read(office.notice("reply", ALL_KINDS["reply"]))
    assert str(mail["Subject"]) == "Re: [SDS-1042] Printer on fire"


@pytest.mark.parametrize("kind", ["assigned", "customer_wrote"])
def test_where_our_edge_vouches_for_senders_an_agent_answers_by_mail(office, kind):
    trust(office)
    mail = read(office.to_agent(kind, ALL_KINDS[kind]))
    local, _, domain = mail["Reply-To"].addresses[0].addr_spec.partition("@")
    assert domain == "harbour.example"
    assert agent_answering(local.removeprefix("support+")) == AgentToken(priya().pk, office.ticket.pk)
    assert "Answer this mail to reply to the customer" in text_of(mail)


@pytest.mark.parametrize("kind", ["assigned", "customer_wrote"])
def test_where_it_does_not_no_answer_is_asked_for(office, kind):
    mail = read(office.to_agent(kind, ALL_KINDS[kind]))
    assert mail["Reply-To"] is None
    assert "Answer this mail" not in text_of(mail)


@pytest.mark.parametrize("kind", ["warning", "breach", "escalated", "bounced", "answer_kept", "digest"])
def test_what_is_no_conversation_asks_for_no_answer(office, kind):
    trust(office)
    assert read(office.to_agent(kind, ALL_KINDS[kind]))["Reply-To"] is None


def test_each_agent_gets_their_own_address(office):
    trust(office)
    data = ALL_KINDS["assigned"]
    answers = {read(office.to_agent("assigned", data, to_address=to))["Reply-To"] for to in OF_THE_DESK}
    assert len(answers) == 2


OF_THE_DESK = ("priya@desk.example", "omar@desk.example")


def test_a_bounce_says_whom_it_did_not_reach_and_what_to_do(office):
    text = text_of(read(office.to_agent("bounced", ALL_KINDS["bounced"])))
    assert "The answer on SDS-1042 did not reach alice@reader.example." in text
    assert "The other mail server says: 5.1.1: no such person" in text
    assert "Check the address on the ticket's page" in text
    data = {**ALL_KINDS["bounced"], "bounced_kind": "reminder", "reason": "", "status": "x" * 3000}
    text = text_of(read(office.to_agent("bounced", data)))
    assert "A mail about SDS-1042 did not reach" in text
    assert len(text) < 1500


def test_an_escalation_says_in_which_role_one_is_told_and_since_when_it_is_open(office):
    text = text_of(read(office.to_agent("escalated", ALL_KINDS["escalated"])))
    assert "SDS-1042 is escalated to you (Support manager)." in text
    assert "You are told as: Support manager" in text
    assert "Open since: Tuesday 31 March 2026, 10:20 (London time, GMT+1)" in text


def test_a_kept_answer_says_why_and_where_it_is(office):
    text = text_of(read(office.to_agent("answer_kept", ALL_KINDS["answer_kept"])))
    assert "was not sent to the customer" in text
    assert "Because: the sender's domain did not pass its check" in text
    assert "/mail/" not in text
    Membership.objects.update(role="lead")
    text = text_of(read(office.to_agent("answer_kept", ALL_KINDS["answer_kept"])))
    page = re.search(r"http://[^/]+(/mail/7/)", text)[1]
    assert resolve(page).url_name == "one_mail"


def test_a_kept_answer_about_no_ticket_still_reads_well(office):
    nothing = {"ticket_id": None, "ticket_number": ""}
    mail = read(office.to_agent("answer_kept", {"reason": "it named no ticket"}, **nothing))
    assert mail["Subject"] == "Your answer was not sent"
    assert "Your mail was not sent to a customer." in text_of(mail)


def test_links_of_letters_lead_to_pages_that_exist(office):
    trust(office)
    Membership.objects.update(role="lead")
    for kind in TO_AGENTS:
        for path in re.findall(
            r"http://127\.0\.0\.1:8000(/[^\s?#]*)", text_of(read(office.to_agent(kind, ALL_KINDS[kind])))
        ):
            assert resolve(path)


def test_the_morning_mail_can_be_taken_back(office, settings):
    mail = read(office.to_agent("digest"))
    assert (
        resolve(re.search(r"<http://[^/]+(/[^>]+)>", mail["List-Unsubscribe"])[1]).url_name == "unsubscribe"
    )
    assert mail["List-Unsubscribe-Post"] is None  # one click is for addresses behind TLS
    settings.UPHELD_URL = "https://desk.example.com"
    mail = read(office.to_agent("digest"))
    assert mail["List-Unsubscribe"].startswith("<https://desk.example.com/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert read(office.to_agent("breach", ALL_KINDS["breach"]))["List-Unsubscribe"] is None


def test_the_morning_mail_leaves_out_a_desk_that_the_agent_left(office):
    data = office.morning()
    other = {**data["desks"][0], "desk": office.desk.pk + 1, "name": "Another Desk"}
    notice = office.to_agent("digest", {"desks": [*data["desks"], other]})
    assert "Another Desk" not in text_of(read(notice))
    notice.data["desks"] = [other]
    with pytest.raises(UndeliverableError, match="no longer works"):
        render(notice)


def test_who_took_the_morning_mail_back_is_not_sent_the_one_under_way(office):
    notice = office.to_agent("digest")
    Agent.objects.update(wants_digest=False)
    with pytest.raises(UndeliverableError, match="no longer wants"):
        render(notice)
