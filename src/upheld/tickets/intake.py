"""The gate before the number: every request of a customer comes through here, whatever its channel."""

from upheld.tickets.actions import take_in

__all__ = ["take_in"]
