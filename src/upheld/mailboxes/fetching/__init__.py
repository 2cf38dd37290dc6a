"""Fetching mail from accounts on other mail servers: IMAP and POP3.

Each mail of an account has a `Fetched` row, which says how far we are with it:

- neither stored nor finished: it is to be fetched;
- stored, not finished: the server has still to be told (mark, move or delete), as the source wants it;
- finished: nothing is left to do. Finished without a stored mail means passed over.

The row is settled in the transaction that stores the mail. So whatever is killed, and whenever, each mail is stored
once; and what the server was to be told is told again.
"""
