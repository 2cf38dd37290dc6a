"""The whole history of a ticket, on a page of its own."""
