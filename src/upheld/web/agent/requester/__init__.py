"""Changing who asked."""
