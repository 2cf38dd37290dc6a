"""Macros: several changes and a reply in one step."""
