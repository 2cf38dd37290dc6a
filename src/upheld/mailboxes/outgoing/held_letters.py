"""What is written about a request that is held at intake: to who sent it, and to those who decide about it."""

from django.utils import translation
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.mailboxes.outgoing.blocks import (
    Block,
    Lead,
    Link,
    Paragraph,
    Plain,
    Rows,
    Signature,
    Small,
    Written,
)
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.languages import language_of_letters
from upheld.mailboxes.outgoing.times import read_instant, say_instant
from upheld.notices.models import Notice

_LONGEST = 200


def held(notice: Notice, facts: Facts) -> list[Block]:
    """What to do, in the policy's own words; the same ones whatever the reason, and none of the sender's."""
    told = str(notice.data.get("told", "")).strip()
    if told:
        return [Plain(told), Small(_("To add something, just answer this mail."))]
    return [
        Lead(_("We have your request and keep it, but we cannot give it a number yet.")),
        Paragraph(
            _(
                "We found no contract that covers it. If you have one, answer this mail with its number, or with the"
                " name in which it runs. You need not send your request again."
            )
        ),
    ]


def declined(notice: Notice, facts: Facts) -> list[Block]:
    """An agent declines, in words of their own."""
    data = notice.data
    signature = data.get("signature") or data.get("agent_name") or facts.sender_name
    return [Written(str(data.get("text", ""))), Signature(str(signature))]


def usual_decline(desk: Desk) -> str:
    """Words with which an agent may begin to decline, in the language of the desk's letters."""
    with translation.override(language_of_letters(desk.language)):
        return _(
            "Thank you for your request. We looked at it, and found no contract under which we can help you with it, so"
            " it gets no number.\n\nIf you have a contract, answer this mail with its number, and we look again. We"
            " keep what you wrote."
        )


def alert(notice: Notice, facts: Facts) -> list[Block]:
    """A request waits that nobody has decided about."""
    data = notice.data
    blocks: list[Block] = [Lead(_lead(notice))]
    rows = [(_("From"), data.get("sender")), (_("Subject"), data.get("subject"))]
    rows.append((_("Priority named"), data.get("level_label")))
    listed = [(name, one_line(str(value), _LONGEST)) for name, value in rows if value]
    for name, key in ((_("Received"), "received_at"), (_("To be decided by"), "due_at")):
        if (at := read_instant(data.get(key))) is not None:
            listed.append((name, say_instant(at, facts.zone)))
    blocks.append(Rows(tuple(listed)))
    if data.get("nobody_reads"):
        blocks.append(
            Paragraph(
                _(
                    "It is for named people only, and nobody is named on this desk. Name somebody who may read it."
                )
            )
        )
    return [*blocks, Link(_("Decide about it"), facts.link)] if facts.link else blocks


def _lead(notice: Notice) -> str:
    if notice.data.get("cause") == "named":
        return _(
            "A request that names an urgent level has no number yet: nobody found what entitles its sender."
        )
    return _("A request without a number was to be decided about by now.")
