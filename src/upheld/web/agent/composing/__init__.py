"""Writing on a ticket: what is being written is kept, shown, and may be taken back."""
