"""An agent's day: what Callum has in front of him from twenty to eleven on, on the desk of the demo."""

from datetime import UTC, datetime, timedelta

from tour.camera import Camera
from tour.house import House

BEGINS = datetime(2026, 3, 19, 10, 40, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """An hour of Thursday 19 March 2026: finding, reading, writing, and what goes on beside it."""
    from upheld.lab.demo import load

    load(lambda *_: None, house.now)
    day = Day(house, camera)
    day.finds()
    day.writes()
    day.writes_to_somebody_else()
    day.does_many_at_once()
    day.is_on_the_way()
    number = day.number("Staff laptops drop off the Wi-Fi in the hall, 30+ affected")
    print(f"\n$ upheld verify --ticket {number}\n{house.verify(number)}\n", flush=True)


class Day:
    """Callum at work: what he does in the pages, and the supplier whose answer comes by mail."""

    def __init__(self, house: House, camera: Camera) -> None:
        from upheld.people.models import User

        self._house, self._camera = house, camera
        self._callum = User.objects.get(email="callum@devices.example.com")
        self._wifi = f"/tickets/{self.number('Staff laptops drop off the Wi-Fi in the hall, 30+ affected')}/"

    def number(self, subject: str) -> str:
        """Return the number of one of the demo's tickets."""
        from upheld.tickets.models import Ticket

        return Ticket.objects.get(desk__slug="school-devices", subject=subject).number

    def finds(self) -> None:
        """A query in chips, the command bar, and a ticket that says why it is due."""
        self._sees("1-queue", f"/tickets/?{_MINE}", height=800)
        self._sees("2-why", f"{self._wifi}?in=q%3Ddue%253A%253C1d", before=_why, height=1160)
        self._sees("3-command", self._wifi, before=_command("pri"), height=640)

    def writes(self) -> None:
        """A reply with Markdown and its preview; sent, and still to be taken back on the next ticket."""
        self._sees("4-writing", self._wifi, before=_write, part="#composer")
        self._sees("5-undo", f"{self._wifi}?in=q%3Ddue%253A%253C1d", before=_send, height=700)
        self._later(5)

    def writes_to_somebody_else(self) -> None:
        """A supplier is asked and answers; the customer learns of neither."""
        self._sees("6-aside", f"{self._wifi}side/new/", before=_ask_supplier, part=".side-page")
        self._supplier_answers()
        self._sees("7-not-seen", self._wifi, part='.message[data-kind="side"]', height=520)

    def does_many_at_once(self) -> None:
        """Several tickets chosen, and a macro that is looked at first."""
        self._sees("8-many", f"/tickets/?{_NOBODYS}", before=_choose, height=800)
        hinge = self.number("Broken hinge on loan laptop, who is the insurer?")
        self._sees("9-macro", f"/tickets/{hinge}/", before=_macro, part=".macro-sheet")

    def is_on_the_way(self) -> None:
        """The same on a phone, and in the dark."""
        self._sees("10-phone-search", "/tickets/", before=_type, phone=True)
        self._sees("10-phone-ticket", self._wifi, phone=True, dark=True)
        self._sees("10-phone-snooze", self._wifi, before=_snooze, phone=True, dark=True)

    def _sees(self, name: str, path: str, **how) -> None:
        self._camera.take(f"agents-day-{name}", path, user=self._callum, **how)

    def _later(self, minutes: int) -> None:
        self._house.move_to(self._house.now + timedelta(minutes=minutes))

    def _supplier_answers(self) -> None:
        """What was written on that page goes its way; the answer comes twenty minutes later."""
        from upheld.people.actions import find_or_add_contact
        from upheld.tickets.actions import open_aside, receive_aside
        from upheld.tickets.actions.write_aside import Aside
        from upheld.tickets.incoming import Incoming
        from upheld.tickets.models import Message, Ticket
        from upheld.tickets.moment import Moment

        ticket = Ticket.objects.get(number=self._wifi.split("/")[2])
        to = Aside(_SUPPLIER, _SUBJECT, "Brightwater Networks")
        side = open_aside(ticket.pk, self._callum.agent, to, _ASKS, Moment.exactly(self._house.now))
        self._later(20)
        answer = Incoming(
            kind=Message.Kind.THIRD_PARTY,
            contact=find_or_add_contact(_SUPPLIER, "Petra Lindholm", self._house.now),
            text=_ANSWER,
            received_at=self._house.now,
            channel="email",
        )
        receive_aside(side.pk, answer, Moment.exactly(self._house.now))
        self._later(3)


_MINE = "q=due:<1d+assignee:me,none+-is:restricted"
_NOBODYS = "q=assignee:none+-is:restricted"
_REPLY = (
    "Hi Ruth,\n\nthe last ten have **behaved all morning**, so the driver goes to everybody at noon. "
    "Before parents' evening, please:\n\n- restart every laptop once, after lunch\n"
    "- connect to `hall-staff`, not to `hall-guest`\n\nI am in the hall from three."
)
_ASKS = (
    "Hello,\n\ncould you lend us two access points until Monday, for a hall with 300 seats? I would fetch "
    "them today.\n\nCallum Reid, School Device Support"
)
_ANSWER = (
    "Hello Callum,\n\ntwo are on the shelf with your name on them, until Monday. Ask for Petra at the gate; we are "
    "here until five.\n\nPetra Lindholm"
)
_SUPPLIER, _SUBJECT = "loans@brightwater.example.net", "Two access points for a hall, on loan"


def _why(page) -> None:
    page.keyboard.press("w")
    page.locator("details.ledger[open]").first.wait_for()
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")


def _command(text: str):
    def write(page) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.type(text)
        page.locator("#command-list [role=group]").nth(1).wait_for()

    return write


def _write(page) -> None:
    page.keyboard.press("r")
    page.locator("#reply-text").fill(_REPLY)
    page.locator("form[data-kind=reply] [data-discard]").wait_for()
    page.locator("form[data-kind=reply] .previewing summary").click()
    page.locator("#reply-preview .preview li").first.wait_for()


def _send(page) -> None:
    page.locator("form[data-kind=reply] [data-send]").first.click()
    page.locator("#leaving [data-press]").wait_for()


def _ask_supplier(page) -> None:
    page.locator("#side-address").fill(_SUPPLIER)
    page.locator("#side-name").fill("Brightwater Networks")
    page.locator("#side-subject").fill(_SUBJECT)
    page.locator("#side-text").fill(_ASKS)


def _choose(page) -> None:
    for place in (1, 3, 4):
        page.locator("#many tbody input[name=ticket]").nth(place).check()
    page.locator(".many-menu summary").first.click()
    page.evaluate("() => scrollTo(0, 0)")


def _macro(page) -> None:
    page.locator("#macro").select_option(label="Ask which device it is")
    page.locator(".macros button").click()
    page.locator(".macro-steps").wait_for()


def _type(page) -> None:
    page.locator("#q").click()
    page.keyboard.type("due:")
    page.locator("#suggestions [role=option]").nth(2).wait_for()


def _snooze(page) -> None:
    page.keyboard.press("z")
    page.locator(".snooze-sheet").wait_for()
