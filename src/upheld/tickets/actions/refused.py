"""Why an action did not happen."""


class Refused(Exception):  # noqa: N818 - it reads as the sentence it is
    """The desk cannot do this; the message says why and what can be done instead."""
