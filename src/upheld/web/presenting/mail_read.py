"""What the desk makes of one mail, as facts with a word on how far each is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.mailboxes.as_values import checked_domain
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.parsing.cleaning import clean
from upheld.mailboxes.parsing.mail import Bounce
from upheld.rules.domain_check import DomainCheck
from upheld.rules.follow_up import Relation, Trace
from upheld.web.presenting.mail import Fact
from upheld.web.presenting.times import Times, plain_length

HEAD_BYTES = 6000
_SHOWN = 20
_SAME_TIME = timedelta(minutes=10)

WAYS = {
    "smtp": gettext_lazy("SMTP, from a mail server"),
    "pipe": gettext_lazy("a mail server's pipe"),
    "imap": gettext_lazy("fetched by IMAP"),
    "pop": gettext_lazy("fetched by POP3"),
    "webhook": gettext_lazy("a mail provider's webhook"),
    "file": gettext_lazy("read from a file"),
}
TRACES = {
    Trace.agent_token: gettext_lazy("an agent's own address for answers"),
    Trace.token: gettext_lazy("a reply token"),
    Trace.our_id: gettext_lazy("a reference to a mail of ours"),
    Trace.known_id: gettext_lazy("a reference to a mail that we know"),
    Trace.number: gettext_lazy("the number in its subject"),
}
RELATIONS = {
    Relation.agent: (gettext_lazy("its sender is that agent"), "met", "circle-check"),
    Relation.participant: (gettext_lazy("its sender takes part there"), "met", "circle-check"),
    Relation.colleague: (gettext_lazy("its sender is a colleague of who asked there"), "due-soon", "users"),
    Relation.nobody: (gettext_lazy("its sender does not take part there"), "due-soon", "triangle-alert"),
}
DOMAIN = {
    DomainCheck.passed: (gettext_lazy("it came from its sender's domain"), "met", "shield-check"),
    DomainCheck.failed: (
        gettext_lazy("it did not come from its sender's domain"),
        "breached",
        "shield-alert",
    ),
    DomainCheck.unknown: (
        gettext_lazy("nothing is known of its sender's domain"),
        "none",
        "shield-question-mark",
    ),
}


@dataclass(frozen=True, slots=True)
class Pointed:
    """A ticket that a mail points at; without number and subject where its reader may not see it."""

    number: str
    subject: str
    trace: Trace
    sender: Relation


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that came with a mail, as its sender called it."""

    name: str
    size: str
    content_type: str


def file_lines(read: ParsedMail) -> list[FileLine]:
    return [FileLine(each.name, filesizeformat(each.size), each.content_type) for each in read.attachments]


def facts(mail: RawMail, read: ParsedMail, pointed: Sequence[Pointed], times: Times) -> list[Fact]:
    """What reading it found, in the order in which one doubts a mail."""
    return [
        _sender(read),
        *_addresses(read),
        Fact(_("Subject"), (read.subject or _("(none)"),)),
        _date(mail, read, times),
        *(_pointer(each) for each in pointed[:_SHOWN]),
        *_machine(read),
        *([_bounce(read.bounce)] if read.bounce else []),
        *_authentication(mail, read),
        *_ids(read),
        *(
            [
                Fact(
                    _("Odd about it"),
                    read.defects,
                    _("could not be read in full"),
                    "due-soon",
                    "triangle-alert",
                )
            ]
            if read.defects
            else []
        ),
    ]


def _sender(read: ParsedMail) -> Fact:
    said = f"{read.from_name} <{read.from_address}>" if read.from_name else read.from_address
    values = (said or _("(none)"),)
    if read.sender_certain:
        return Fact(_("From"), values, _("one sender, as it says itself"), "none", "info")
    return Fact(_("From"), values, read.sender_doubt or _("uncertain"), "breached", "triangle-alert")


def _addresses(read: ParsedMail) -> list[Fact]:
    named = ((_("To"), read.to), (_("In copy"), read.cc), (_("Delivered to"), read.delivered_to))
    return [Fact(name, _first(values)) for name, values in named if values]


def _date(mail: RawMail, read: ParsedMail, times: Times) -> Fact:
    if read.date is None:
        return Fact(_("Date"), (_("(none, or none that can be read)"),))
    difference = mail.received_at - read.date
    if abs(difference) <= _SAME_TIME:
        return Fact(_("Date"), (_shown(times, read.date),))
    span = plain_length(difference)
    words = (
        _("%(span)s before we received it")
        if difference > timedelta()
        else _("%(span)s after we received it")
    ) % {"span": span}
    return Fact(_("Date"), (_shown(times, read.date),), words, "due-soon", "clock")


def _shown(times: Times, instant: datetime) -> str:
    return times.when(instant).full


def _pointer(each: Pointed) -> Fact:
    words = _("by %(trace)s") % {"trace": TRACES[each.trace]}
    where = f"{each.number} {each.subject}" if each.number else _("a ticket that you may not see")
    mark, colour, icon = RELATIONS[each.sender]
    return Fact(_("Points at"), (f"{where}, {words}",), str(mark), colour, icon)


def _machine(read: ParsedMail) -> list[Fact]:
    found = []
    if read.machine:
        found.append(Fact(_("Automatic"), (read.machine,), _("counts as a machine's"), "none", "bot"))
    if read.from_list:
        found.append(Fact(_("Mailing list"), (read.from_list,)))
    if read.our_marks:
        found.append(Fact(_("Marks like ours"), _first(read.our_marks)))
    return found or [Fact(_("Automatic"), (_("no: nothing marks it as a machine's"),))]


def _bounce(bounce: Bounce) -> Fact:
    about = [
        _("to %(address)s") % {"address": bounce.recipient} if bounce.recipient else "",
        _("status %(status)s") % {"status": bounce.status} if bounce.status else "",
        _("about %(id)s") % {"id": bounce.original_message_id} if bounce.original_message_id else "",
    ]
    mark = _("nothing will be tried again") if bounce.final else _("it is still being tried")
    values = tuple(each for each in about if each) or (_("of a mail that it does not name"),)
    return Fact(_("Report of a mail that did not arrive"), values, mark, "due-soon", "mail-x")


def _authentication(mail: RawMail, read: ParsedMail) -> list[Fact]:
    """What our own edge concludes, then each result with the one who reported it."""
    edge = mail.mailbox.checked_by if mail.mailbox else ""
    mark, colour, icon = DOMAIN[checked_domain(mail, read)]
    who = edge or _("(no mail server is named whose checks are believed)")
    results = read.authentication[:_SHOWN]
    believed = next(
        (place for place, each in enumerate(results) if edge and _reported_by(each) == edge.lower()), -1
    )
    return [
        Fact(_("Our mail server"), (who,), str(mark), colour, icon),
        *(_result(each, is_believed=place == believed) for place, each in enumerate(results)),
    ]


def _result(result: str, *, is_believed: bool) -> Fact:
    if is_believed:
        return Fact(
            _("Checks of the domain"),
            (result,),
            _("believed: our own mail server wrote it"),
            "met",
            "shield-check",
        )
    return Fact(
        _("Checks of the domain"),
        (result,),
        _("a claim, which counts for nothing"),
        "none",
        "shield-question-mark",
    )


def _reported_by(result: str) -> str:
    """The name (authserv-id) under which a result was reported."""
    words = result.partition(";")[0].split()
    return words[0].lower() if words else ""


def _ids(read: ParsedMail) -> list[Fact]:
    named = (
        (_("Message-ID"), (read.message_id,) if read.message_id else ()),
        (_("Answers"), read.in_reply_to),
        (_("References"), read.references),
    )
    return [Fact(name, _first(values)) for name, values in named if values]


def _first(values: Sequence[str]) -> tuple[str, ...]:
    more = len(values) - _SHOWN
    return (*values[:_SHOWN], _("and %(count)s more") % {"count": more}) if more > 0 else tuple(values)


def way_of(mail: RawMail) -> str:
    """In a word how it came."""
    return str(WAYS.get(mail.way, mail.way))


def ways(mail: RawMail, times: Times) -> list[Fact]:
    """How it came to us, whatever it says itself."""
    nothing = _("(empty)")
    return [
        Fact(_("Received"), (_shown(times, mail.received_at),)),
        Fact(_("By way of"), (way_of(mail),)),
        Fact(_("Peer"), (mail.peer or _("(none)"),)),
        Fact(_("Envelope sender"), (mail.envelope_from or nothing,)),
        Fact(_("Envelope recipient"), (mail.envelope_to or nothing,)),
        Fact(_("Times tried"), (str(mail.attempts),)),
        Fact(_("Number"), (str(mail.pk),)),
        Fact(_("SHA-256"), (mail.digest,)),
    ]


def head_of(mail: RawMail) -> str:
    """The first lines of a mail that cannot be read, as they came, for the eye alone."""
    return clean(bytes(mail.raw[:HEAD_BYTES]).decode("utf-8", "replace"))
