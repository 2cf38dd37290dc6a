"""Why something about a customer was not entered."""


class CustomerRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """The desk cannot enter this; the message says why and what can be done instead. `field` is what it is about."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DomainTaken(CustomerRefused):
    """The mail domain belongs to another organization of the desk."""

    def __init__(self, organization_id: int) -> None:
        super().__init__("domain", "This domain belongs to another organization. Remove it there first.")
        self.organization_id = organization_id


class AddressTaken(CustomerRefused):
    """The address is another contact's, or one of our own. Which, only those learn who may know the contact."""

    def __init__(self, contact_id: int | None = None) -> None:
        super().__init__(
            "address", "This address is in use already and cannot be entered here. Choose another one."
        )
        self.contact_id = contact_id
