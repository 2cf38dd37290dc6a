"""What an address may hold where a value of ours stands."""


class TicketNumber:
    """A desk's prefix and a counter; anything else is no ticket's address."""

    regex = "[A-Za-z0-9]{1,8}-[0-9]{1,18}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
