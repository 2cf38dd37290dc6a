"""The agents' pages: the queue, a ticket, and what one does there."""
