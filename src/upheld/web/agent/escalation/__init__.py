"""Handing a ticket over, working on it together, and the customer's path."""
