"""What is done about notices and alerts, and changes of a desk's people of which somebody is told by mail in the same
transaction; one file an intention."""

from upheld.notices.actions.invite_agent import invite_agent
from upheld.notices.actions.name_readers import name_reader, take_out_reader
from upheld.notices.actions.read_alerts import read_alert, read_alerts_about, read_all_alerts
from upheld.notices.actions.try_alert_address import try_alert_address

__all__ = [
    "invite_agent",
    "name_reader",
    "read_alert",
    "read_alerts_about",
    "read_all_alerts",
    "take_out_reader",
    "try_alert_address",
]
