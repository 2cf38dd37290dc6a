"""Spam: no verdict, no acknowledgement, a rule about its sender, and the way back."""
