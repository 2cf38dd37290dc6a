"""Changes of a desk's people of which somebody is told by mail in the same transaction, one file an intention."""

from upheld.notices.actions.invite_agent import invite_agent
from upheld.notices.actions.name_readers import name_reader, take_out_reader

__all__ = ["invite_agent", "name_reader", "take_out_reader"]
