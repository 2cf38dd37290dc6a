"""Signing in: by a code or a password. What allauth offers beyond that is not even an address here."""
