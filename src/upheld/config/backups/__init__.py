"""Backing a desk up into one file, and restoring it from there. See docs/decisions/0012-one-file-that-holds-all.md."""
