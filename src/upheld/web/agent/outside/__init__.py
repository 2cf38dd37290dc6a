"""Whom a ticket waits for outside the desk, and work in other programs."""
