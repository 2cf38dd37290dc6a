"""What somebody wrote, as the notice to an agent repeats it: bounded, and never of a ticket whose words stay on its
page."""

from dataclasses import dataclass

from upheld.mailboxes.outgoing.headers import one_line
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.models import Message

TEXT_BOUND = 4000
FILES_BOUND = 20
_NAME_LENGTH = 150
_OF_A_MESSAGE = (NoticeKind.CUSTOMER_WROTE, NoticeKind.MENTIONED, NoticeKind.SIDE_ANSWERED)


@dataclass(frozen=True, slots=True)
class Words:
    """`more` says that the text goes on, on the page. A message that is `held` is not repeated: nobody has shown who
    wrote it."""

    text: str = ""
    more: bool = False
    held: bool = False
    file_names: tuple[str, ...] = ()


def words_of(notice: Notice) -> Words | None:
    """Return what was written; None for a notice about nothing that was written."""
    if notice.kind not in _OF_A_MESSAGE or notice.message_ref is None:
        return None
    message = Message.objects.filter(pk=notice.message_ref, ticket_id=notice.ticket_id).first()
    if message is None:
        return None
    # No participant ever reads a side conversation; of an agent its words are kept where somebody may be forged.
    if not message.released and (message.side_id is None or message.held_because):
        return Words(held=True)
    text = message.text.strip("\n")
    names = message.attachments.order_by("id").values_list("name", flat=True)[:FILES_BOUND]
    return Words(
        text=text[:TEXT_BOUND],
        more=len(text) > TEXT_BOUND,
        file_names=tuple(one_line(name, _NAME_LENGTH) for name in names),
    )
