"""The pictures of the README: the demo as it stands on a Thursday morning."""

from datetime import UTC, datetime

from tour.camera import Camera
from tour.house import House

BEGINS = datetime(2026, 3, 19, 10, 40, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """The queue, a ticket in the light, one in the dark, and a request on its customer's phone."""
    from upheld.lab.demo import load
    from upheld.people.models import User
    from upheld.tickets.models import Ticket

    load(lambda *_: None, house.now)
    amira = User.objects.get(email="amira@devices.example.com")
    hannah = User.objects.get(email="h.okafor@ashdown.example.org")

    def number(subject: str) -> str:
        return Ticket.objects.get(desk__slug="school-devices", subject=subject).number

    camera.take("queue", "/tickets/", user=amira, height=800)
    camera.take("ticket", f"/tickets/{number('Internet down in the whole school')}/", user=amira, height=940)
    overdue = number("Exam laptops lose the local user after every restart")
    camera.take("ticket-dark", f"/tickets/{overdue}/", user=amira, dark=True, height=800)
    warranty = number("Which laptops are out of warranty next summer?")
    camera.take("portal-phone", f"/requests/{warranty}/", user=hannah, phone=True, height=800)
