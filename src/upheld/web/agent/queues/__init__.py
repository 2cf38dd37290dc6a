"""Saved queues and the typed query."""
