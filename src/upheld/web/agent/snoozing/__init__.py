"""Putting tickets off."""
