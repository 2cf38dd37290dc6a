"""How a mail of an account is named in its `Fetched` row."""

UID_DIGITS = 10  # both halves are numbers of 32 bits

# A POP3 server's own names hold no space.
POP_START = "from here on"


def imap_key(validity: int, uid: int) -> str:
    """The key of a mail: of one length, so that keys are in the order of the mails."""
    return f"{validity:0{UID_DIGITS}d}:{uid:0{UID_DIGITS}d}"


def uid_of(key: str) -> int:
    """The UID in a key."""
    return int(key.partition(":")[2])


def bounds(validity: int) -> tuple[str, str]:
    """The first and the last key that a folder can have under one UIDVALIDITY."""
    return imap_key(validity, 0), imap_key(validity, 10**UID_DIGITS - 1)
