"""What customers are told. Each letter says its one thing first, and by when the next thing happens."""

from collections.abc import Mapping, Sequence

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.blocks import Block, Button, Lead, Link, Paragraph, Signature, Small, Written
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.files import FileLink
from upheld.mailboxes.outgoing.times import read_instant, say_instant
from upheld.notices.models import Notice

# The step of a policy that asks whether a resolved request is solved.
CONFIRMATION = "confirmation"


def acknowledgement(notice: Notice, facts: Facts) -> list[Block]:
    """The number and the promise; not one word of the request, whose author nobody has confirmed yet."""
    data = notice.data
    due = read_instant(data.get("first_response_due"))
    lead = _("We received your request. Its number is %(number)s.") % {"number": notice.ticket_number}
    blocks: list[Block] = [Lead(lead)]
    if due:
        text = _("You will hear from a person by %(time)s.") % {"time": say_instant(due, facts.zone)}
    else:
        text = _(
            "Our support policy sets no time for the first answer to this request, so we promise none here."
        )
    blocks.append(Paragraph(text))
    if data.get("clock_note"):
        blocks.append(Paragraph(str(data["clock_note"])))
    blocks += _next_update(notice, facts)
    blocks += _links(notice, facts, why=bool(due and data.get("link_why")))
    blocks += _everything_is_down(notice, facts)
    blocks += _answer_here(facts, _("To add something, just answer this mail."))
    return blocks


def information(notice: Notice, facts: Facts) -> list[Block]:
    """What the request lacks, in the policy's words, and where to fill it in; not one word of the request."""
    lead = _("To work on your request %(number)s we need to know more.") % {"number": notice.ticket_number}
    blocks: list[Block] = [Lead(lead)]
    blocks += [Paragraph(_asked_for(item)) for item in notice.data.get("items", ())]
    if facts.link:
        blocks.append(Button(_("Fill it in"), f"{facts.link}information/"))
    if notice.data.get("waits"):
        text = _("Our first answer does not wait for this. The time for the solution does, until you write.")
    else:
        text = _("Nothing waits for this: your request has arrived, and its times run.")
    return [*blocks, Paragraph(text), *_answer_here(facts, _("You can also just answer this mail."))]


def _asked_for(item: Mapping[str, str]) -> str:
    label, meaning = str(item.get("label", "")), str(item.get("meaning", ""))
    return f"- {label}: {meaning}" if meaning else f"- {label}"


def reply(notice: Notice, facts: Facts, linked: Sequence[FileLink] = ()) -> list[Block]:
    """An agent's answer, as they wrote it."""
    data = notice.data
    blocks: list[Block] = [Written(str(data.get("text", "")))]
    blocks.append(Signature(data.get("signature") or data.get("agent_name") or facts.sender_name))
    blocks += _large_files(facts, linked)
    if data.get("status_label"):
        blocks.append(Paragraph(_("Status of your request: %(status)s.") % {"status": data["status_label"]}))
    blocks += _next_update(notice, facts)
    blocks += _does_it_work(notice, facts)
    blocks += _links(notice, facts, why=False)
    return blocks


def status(notice: Notice, facts: Facts) -> list[Block]:
    """The status changed: what that means, and whether the clock runs."""
    data = notice.data
    lead = _("Your request %(number)s is now “%(new)s”; it was “%(old)s”.") % {
        "number": notice.ticket_number,
        "new": data["to_label"],
        "old": data["from_label"],
    }
    blocks: list[Block] = [Lead(lead)]
    if data.get("meaning"):
        blocks.append(Paragraph(str(data["meaning"])))
    blocks.append(Paragraph(_clock(notice, facts)))
    blocks += _third_party(notice, facts)
    blocks += _next_update(notice, facts)
    blocks += _closing(notice, facts)
    blocks += _does_it_work(notice, facts)
    blocks += _reopening(notice, facts)
    blocks += _links(notice, facts, why=True)
    blocks += _answer_here(facts, _("You can just answer this mail."))
    return blocks


def reminder(notice: Notice, facts: Facts) -> list[Block]:
    """The request waits for its customer."""
    data = notice.data
    if data.get("step") == CONFIRMATION:
        return _confirmation(notice, facts)
    lead = _("A reminder: your request %(number)s is in status “%(status)s”.") % {
        "number": notice.ticket_number,
        "status": data["status_label"],
    }
    blocks: list[Block] = [Lead(lead)]
    if data.get("meaning"):
        blocks.append(Paragraph(str(data["meaning"])))
    blocks += _closing(notice, facts)
    blocks += _does_it_work(notice, facts)
    blocks += _links(notice, facts, why=False)
    blocks += _answer_here(facts, _("You can just answer this mail."))
    return blocks


def merged(notice: Notice, facts: Facts) -> list[Block]:
    """The request goes on in another, or by itself again."""
    said = {"number": notice.ticket_number, "was": str(notice.data.get("was", ""))}
    if said["was"]:
        lead = _("Your request %(was)s goes on as %(number)s: both are about the same.")
        text = _("Nothing is lost. Mail and links with the old number arrive there, too.")
    else:
        lead = _("Your request %(number)s goes on by itself again.")
        text = _("We had put it together with another one, and took that back.")
    return [
        Lead(lead % said),
        Paragraph(text),
        *_links(notice, facts, why=False),
        *_answer_here(facts, _("To add something, just answer this mail.")),
    ]


def _confirmation(notice: Notice, facts: Facts) -> list[Block]:
    """We think that it is solved: is it?"""
    lead = _("Is all well now? We believe that your request %(number)s is solved.")
    blocks: list[Block] = [
        Lead(lead % {"number": notice.ticket_number}),
        Paragraph(
            _("If it is, there is nothing for you to do. If it is not, tell us, and we go on with it.")
        ),
    ]
    blocks += _closing(notice, facts)
    blocks += _two_ways(facts)
    return [*blocks, *_answer_here(facts, _("You can just answer this mail."))]


def _clock(notice: Notice, facts: Facts) -> str:
    if not notice.data.get("timer_on"):
        return _("Our clock is stopped while the request has this status.")
    due = read_instant(notice.data.get("resolution_due"))
    if due is None:
        return _("Our clock is running.")
    said = {"time": say_instant(due, facts.zone)}
    return _("Our clock is running: we aim to have this solved by %(time)s.") % said


def _third_party(notice: Notice, facts: Facts) -> list[Block]:
    """For whom the desk waits, as far as the customer may read it."""
    wait = notice.data.get("third_party")
    since = read_instant(wait.get("since")) if wait else None
    if not wait or since is None:
        return []
    said = {"name": str(wait.get("name", "")), "time": say_instant(since, facts.zone)}
    if said["name"]:
        words = [_("We have been waiting for %(name)s since %(time)s.") % said]
    else:
        words = [
            _("Somebody else has to do their part first; we have been waiting for it since %(time)s.") % said
        ]
    if wait.get("reported"):
        words.append(_("We reported it to them for you."))
    if promised := read_instant(wait.get("promised_at")):
        words.append(_("They promised it by %(time)s.") % {"time": say_instant(promised, facts.zone)})
    return [Paragraph(" ".join(words))]


def _closing(notice: Notice, facts: Facts) -> list[Block]:
    closes_at = read_instant(notice.data.get("closes_at"))
    if closes_at is None:
        return []
    said = {"time": say_instant(closes_at, facts.zone)}
    return [Paragraph(_("If we hear nothing from you, it closes by itself on %(time)s.") % said)]


def _does_it_work(notice: Notice, facts: Facts) -> list[Block]:
    return _two_ways(facts) if notice.data.get("asks") else []


def _two_ways(facts: Facts) -> list[Block]:
    """The two ways to say whether it works; each leads to a page with a button, so that looking changes nothing."""
    if not facts.link:
        return []
    return [
        Button(_("It works"), f"{facts.link}works/"),
        Button(_("It is still broken"), f"{facts.link}still-broken/"),
    ]


def _reopening(notice: Notice, facts: Facts) -> list[Block]:
    """Until when a closed request can be opened again, and the way there."""
    until = read_instant(notice.data.get("reopens_until"))
    if until is None:
        return []
    said = {"time": say_instant(until, facts.zone)}
    blocks: list[Block] = [
        Paragraph(_("If it is not solved, tell us by %(time)s, and we open it again.") % said)
    ]
    return [*blocks, Button(_("It is still broken"), f"{facts.link}still-broken/")] if facts.link else blocks


def _next_update(notice: Notice, facts: Facts) -> list[Block]:
    """By when somebody writes again, where the policy or an agent promised that."""
    due = read_instant(notice.data.get("update_due"))
    if due is None:
        return []
    return [Paragraph(_("We write again by %(time)s.") % {"time": say_instant(due, facts.zone)})]


def _large_files(facts: Facts, linked: Sequence[FileLink]) -> list[Block]:
    if not linked:
        return []
    links = [
        Link(
            _("Download %(name)s (%(size)s)") % {"name": file.name, "size": filesizeformat(file.size)},
            file.url,
        )
        for file in linked
    ]
    said = {"time": say_instant(min(file.ends_at for file in linked), facts.zone)}
    ends = _(
        "Too large for mail. The link opens until %(time)s; after that, the page of your request has the file."
    )
    return [*links, Paragraph(ends % said)]


def _links(notice: Notice, facts: Facts, *, why: bool) -> list[Block]:
    if not facts.link:
        return []
    blocks: list[Block] = [
        Link(_("See request %(number)s") % {"number": notice.ticket_number}, facts.link),
    ]
    if why:
        blocks.append(Link(_("Why this time? Every minute, explained"), f"{facts.link}#why"))
    return blocks


def _everything_is_down(notice: Notice, facts: Facts) -> list[Block]:
    """The way to the page that raises the request: it has a button, so that looking changes nothing."""
    level = notice.data.get("highest_label")
    if not facts.link or not level:
        return []
    return [
        Link(_("Is everything down? Tell us, and it is %(level)s") % {"level": level}, f"{facts.link}urgent/")
    ]


def _answer_here(facts: Facts, text: str) -> list[Block]:
    return [Small(text)] if facts.reply_to else []
