"""Who can read a ticket, and why; and, of a restricted one, who has read it."""
