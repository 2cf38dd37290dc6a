"""Requests that are held at intake: what waits for a decision, and what was decided."""
