"""Whether a mail of the corpus was read, and ended, as expected. Each check returns what is wrong, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from corpus.expected import CorpusMail, Expected
from corpus.world import BOB, Story
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail, parse
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.tickets.models import Message, Ticket

ANYTHING = "?"


def reading(expected: Expected, mail: ParsedMail, values: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with how a mail was read that was filled with `values`."""
    for name, wanted, found in (
        ("sender", expected.sender, mail.from_address),
        ("name", expected.name, mail.from_name),
        ("subject", expected.subject, mail.subject),
        ("text", expected.text, mail.new_text.strip()),
        ("date", expected.date, mail.date.isoformat() if mail.date else "none"),
    ):
        if wanted is not None and wanted != found:
            yield f"{name} is {found!r}, not {wanted!r}"
    yield from _doubts(expected, mail, values)
    yield from _words(expected, mail)
    files = [f"{file.name} | {file.content_type} | {file.size}" for file in mail.attachments]
    if files != expected.files != [ANYTHING]:
        yield f"files are {files}, not {expected.files}"
    yield from _clean(mail)


def _doubts(expected: Expected, mail: ParsedMail, values: Mapping[str, str]) -> Iterator[str]:
    if mail.sender_certain is bool(expected.doubt) or expected.doubt not in mail.sender_doubt:
        yield f"the sender's doubt is {mail.sender_doubt!r}, not {expected.doubt!r}"
    for name, wanted, said in (
        ("machine", expected.machine, mail.machine),
        ("from_list", expected.from_list, mail.from_list),
    ):
        if wanted == ANYTHING:
            continue
        if bool(said) is not bool(wanted) or wanted.lower() not in (said or "").lower():
            yield f"{name} is {said!r}, not {wanted!r}"
    if expected.defect and not any(expected.defect in defect for defect in mail.defects):
        yield f"defects are {mail.defects}, none with {expected.defect!r}"
    yield from _bounced(expected, mail, values)


def _bounced(expected: Expected, mail: ParsedMail, values: Mapping[str, str]) -> Iterator[str]:
    if expected.bounce == ANYTHING:
        return
    if mail.bounce is None or not isinstance(expected.bounce, dict):
        if mail.bounce is not expected.bounce:
            yield f"bounce is {mail.bounce}, not {expected.bounce}"
        return
    for name, wanted in expected.bounce.items():
        found = getattr(mail.bounce, name)
        if isinstance(wanted, str):
            found, wanted = found.strip("<>"), wanted.format_map(values).strip("<>")
        if found != wanted:
            yield f"the bounce's {name} is {found!r}, not {wanted!r}"


def _words(expected: Expected, mail: ParsedMail) -> Iterator[str]:
    for words in expected.says:
        if words not in mail.new_text:
            yield f"{words!r} is not in the new text {mail.new_text[:500]!r}"
    for words in expected.omits:
        if words in mail.new_text:
            yield f"{words!r} is in the new text {mail.new_text[:500]!r}"
    for words in expected.html_says:
        if words not in mail.body_html:
            yield f"{words!r} is not in the HTML"


def _clean(mail: ParsedMail) -> Iterator[str]:
    """What no text may hold, whatever came."""
    texts = [mail.subject, mail.from_name, mail.body_text, mail.new_text, mail.quoted_text, mail.body_html]
    names = [text for file in mail.attachments for text in (file.name, file.content_type, file.content_id)]
    for text in (*texts, *names):
        if not text.isprintable() and set(text) & _FORBIDDEN:
            yield f"characters that no page can hold are in {text[:80]!r}"
    if any("\n" in line for line in (mail.subject, mail.from_name, *names)):
        yield "a line of its own holds a line end"


_FORBIDDEN = {chr(code) for code in (*range(9), *range(11, 32), 127, *range(0xD800, 0xE000))}


def ending(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    """What is wrong with what a mail became. `raws` are its copies, oldest first: a sender who did not hear that it
    was taken sends it again.
    """
    if not raws:
        yield "it was lost"
        return
    for raw in raws:
        if raw.state in (MailState.WAITING, MailState.PARKED):
            yield f"it is {raw.state}: {raw.reason}"
            return
    expected, (first, *_) = mail.expected, raws
    wanted = _STATES[expected.becomes]
    for raw in raws:
        # Of a mail that waits for a person, the further copies do not.
        known = (
            raw is not first and first.state == MailState.KEPT and raw.reason.startswith("duplicate of mail")
        )
        if raw.state not in wanted and not known:
            yield f"it is {raw.state} ({raw.reason}), not {' or '.join(wanted)}"
            return
        if raw.mailbox is None:
            yield "it belongs to no mailbox"
    if len({raw.message_id for raw in raws}) > 1:
        yield f"its copies became {len({raw.message_id for raw in raws})} messages"
    if expected.because and expected.becomes != "held" and expected.because not in first.reason:
        yield f"the reason is {first.reason!r}, without {expected.because!r}"
    if expected.becomes in ("ignored", "kept", "bounce") and not first.reason:
        yield f"it is {first.state} without a reason"
    yield from _ENDINGS[expected.becomes](mail, story, raws)
    if story is not None:
        yield from _untouched(expected, story)


def _message(raws: Sequence[RawMail]) -> Message:
    message = raws[0].message
    assert message is not None
    return message


def _ticket(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    message, expected = _message(raws), mail.expected
    ticket = message.ticket
    if story is not None and ticket.pk == story.ticket_id:
        yield f"it is on the ticket of which it speaks: {raws[0].reason}"
        return
    if ticket.messages.order_by("at", "id").first() != message:
        yield f"it is a further message on {ticket}: {raws[0].reason}"
    if ticket.received_at != min(raw.received_at for raw in raws):
        yield "the ticket does not count from the receipt of its mail"
    if message.kind != Message.Kind.CUSTOMER or not message.released:
        yield f"its message is of kind {message.kind}, released: {message.released}"
    if expected.sender and ticket.requester.address != expected.sender:
        yield f"the requester is {ticket.requester.address}"
    yield from _of_new_ticket(expected, ticket)
    yield from _content(raws[0], message)


def _of_new_ticket(expected: Expected, ticket: Ticket) -> Iterator[str]:
    title = expected.title or (expected.subject or "")[:250].strip()
    if title and ticket.subject != title:
        yield f"the ticket is called {ticket.subject!r}, not {title!r}"
    if expected.priority and ticket.priority != expected.priority:
        yield f"its priority is {ticket.priority}, not {expected.priority}"
    if expected.people is not None:
        people = sorted(each.contact.address for each in ticket.participants.filter(is_requester=False))
        if people != sorted(expected.people):
            yield f"in copy are {people}, not {expected.people}"


def acknowledged(raw: RawMail) -> bool:
    """Whether a mail opened a ticket and its sender was told so, once."""
    if raw.message is None or raw.message.raw_mail_id != raw.pk:
        return False
    told = Notice.objects.filter(ticket_id=raw.ticket_id, kind=NoticeKind.ACKNOWLEDGEMENT)
    opened = raw.message.ticket.messages.order_by("at", "id").first() == raw.message
    return opened and [each.to_address for each in told] == [raw.message.ticket.requester.address]


def _content(raw: RawMail, message: Message) -> Iterator[str]:
    """A message holds what its mail says, and all of its files."""
    read = parse(bytes(raw.raw))
    if message.text != read.new_text:
        yield f"the message says {message.text[:200]!r}, the mail {read.new_text[:200]!r}"
    files = sorted(hashlib.sha256(file.content).hexdigest() for file in read.attachments)
    if sorted(message.attachments.values_list("digest", flat=True)) != files:
        yield "the message has other files than the mail"


def _follow_up(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    yield from _on_story(story, raws)
    message = _message(raws)
    if (message.kind, message.released) != (Message.Kind.CUSTOMER, True):
        yield f"its message is of kind {message.kind}, released: {message.released} ({message.held_because})"
    yield from _content(raws[0], message)


def _held(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    yield from _on_story(story, raws)
    message = _message(raws)
    if message.is_public:
        yield f"participants can see it: {message.kind}, {raws[0].reason}"
    if not message.held_because:
        yield "it is held without a reason"
    if mail.expected.because not in message.held_because:
        yield f"it is held because {message.held_because!r}, not {mail.expected.because!r}"
    yield from _content(raws[0], message)


def _answer(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    yield from _on_story(story, raws)
    message = _message(raws)
    if message.kind != Message.Kind.REPLY or message.agent is None or message.agent.address != BOB:
        yield f"it is no reply of Bob's: {message.kind} of {message.author}"
    sent = Notice.objects.filter(kind=NoticeKind.REPLY, message_ref=message.pk)
    addresses = sorted(sent.values_list("to_address", flat=True))
    if addresses != ["amina@school.example.org", "head@school.example.org"]:
        yield f"the reply goes to {addresses}"


def _on_story(story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    assert story is not None
    message = _message(raws)
    if message.ticket_id != story.ticket_id:
        yield f"it is on another ticket: {raws[0].reason}"


def _bounce(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    assert story is not None
    notice = Notice.objects.get(pk=story.reply_notice_id)
    if notice.state != NoticeState.BOUNCED or notice.bounced_at is None:
        yield f"the notice is not marked: {notice.state}; the mail is {raws[0].state}, {raws[0].reason}"
    told = Notice.objects.filter(kind=NoticeKind.BOUNCED, ticket_id=story.ticket_id)
    if [each.to_address for each in told] != [BOB]:
        yield f"told of it are {[each.to_address for each in told]}, not Bob once"


def _nothing(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    if raws[0].message_id is not None:
        yield "it became a message all the same"
    if mail.expected.told and story is not None:
        told = Notice.objects.filter(kind=NoticeKind.ANSWER_KEPT, ticket_id=story.ticket_id)
        if [each.to_address for each in told] != [mail.expected.told]:
            yield f"told why are {[each.to_address for each in told]}, not {mail.expected.told} once"


def _copy(mail: CorpusMail, story: Story | None, raws: Sequence[RawMail]) -> Iterator[str]:
    # Copies of the same bytes cannot be told apart: the last one came last.
    if "duplicate" not in raws[-1].reason:
        yield f"it is not known as a copy: {raws[-1].reason}"


def _untouched(expected: Expected, story: Story) -> Iterator[str]:
    """The ticket of which a mail speaks has one message more, or none."""
    more = expected.becomes in ("follow-up", "held", "answer")
    count = Message.objects.filter(ticket_id=story.ticket_id).count() - story.messages
    if count != more and not (expected.becomes == "bounce" and count == 1):
        yield f"its ticket has {count} messages more, not {int(more)}"
    if expected.becomes != "bounce":
        notices = Notice.objects.filter(ticket_id=story.ticket_id)
        if notices.filter(bounced_at__isnull=False).exists():
            yield "a notice is marked as not delivered"
        if notices.filter(kind=NoticeKind.BOUNCED).exists():
            yield "an agent was told of a mail that did not arrive"


_STATES = {
    "ticket": [MailState.TICKETED],
    "follow-up": [MailState.TICKETED],
    "held": [MailState.TICKETED],
    "answer": [MailState.TICKETED],
    "copy": [MailState.TICKETED],
    "bounce": [MailState.TICKETED, MailState.IGNORED],
    "ignored": [MailState.IGNORED],
    "kept": [MailState.KEPT],
}
_ENDINGS = {
    "ticket": _ticket,
    "follow-up": _follow_up,
    "held": _held,
    "answer": _answer,
    "copy": _copy,
    "bounce": _bounce,
    "ignored": _nothing,
    "kept": _nothing,
}
