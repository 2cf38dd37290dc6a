"""Calls, and tickets that begin with the desk."""
