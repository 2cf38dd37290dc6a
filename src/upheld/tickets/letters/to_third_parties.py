"""What third parties are written in side conversations."""

from upheld.notices.models import NoticeKind
from upheld.tickets.letters.posting import row_of
from upheld.tickets.models import Message, SideConversation
from upheld.tickets.pen import Pen


def send_aside(pen: Pen, side: SideConversation, message: Message) -> None:
    """Send what an agent wrote to a third party: their words alone, and nothing of the ticket."""
    agent = message.agent
    assert agent is not None  # noqa: S101 - an agent wrote it
    data = {
        "side": side.pk,
        "text": message.text,
        "agent_name": agent.name,
        "signature": agent.signature,
        "zone": pen.ticket.desk.zone,
    }
    notice = row_of(pen, NoticeKind.SIDE, f"side:{message.pk}", side.address, side.name[:160], data)
    notice.data["subject"] = side.subject
    notice.message_ref = message.pk
    pen.notices.append(notice)
