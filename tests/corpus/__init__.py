"""The mails of tests/mails: what is expected of each, the desks to which they are sent, and how they ended."""
