"""The desk of the tests under a maintenance contract: without one in force at receipt a request gets no number."""

from dataclasses import dataclass
from datetime import date

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.people.models import Affiliation, Contract, Organization
from upheld.policy import pack
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Ticket


@dataclass
class Maintenance:
    """Amina's firm, and what it has signed."""

    cast: Cast
    firm: Organization

    @classmethod
    def of(cls, cast: Cast) -> "Maintenance":
        """Put the desk under the contract policy. Amina belongs to no organization yet."""
        publish_policy(cast.desk, pack("maintenance-contract"), now=LONG_AGO, by="tests")
        return cls(cast, Organization.objects.create(name="Harbour Lights", desk=cast.desk))

    def asks(
        self, when: str, subject: str = "Calls are not logged", **details: object
    ) -> Ticket | HeldRequest:
        """Amina asks for help."""
        values: dict[str, object] = {
            "contact": self.cast.amina,
            "text": "Since this morning.",
            "channel": "email",
        }
        request = NewRequest(
            desk=self.cast.desk,
            subject=subject,
            received_at=utc(when),
            **(values | details),  # type: ignore[arg-type]
        )
        return take_in(request, at(when))

    def held(self, when: str, subject: str = "Calls are not logged", **details: object) -> HeldRequest:
        """The same, without a contract."""
        held = self.asks(when, subject, **details)
        assert isinstance(held, HeldRequest)
        return held

    def belongs(self) -> None:
        """Amina belongs to the firm."""
        Affiliation.objects.create(contact=self.cast.amina, organization=self.firm, is_main=True)

    def signs(self, starts: str = "2026-01-01", ends: str = "2026-12-31", **details: object) -> Contract:
        """The firm signs a contract."""
        values: dict[str, object] = {
            "reference": f"MC-{Contract.objects.count() + 1}",
            "desk": self.cast.desk,
            "organization": self.firm,
            "starts_on": date.fromisoformat(starts),
            "ends_on": date.fromisoformat(ends),
        }
        return Contract.objects.create(**(values | details))
