"""One life of a ticket: who is there, what they do at which instant, and what is to be looked at."""

from datetime import datetime
from typing import Any

from tour.camera import Camera
from tour.house import House, local


class Life:
    """A desk of one of the shipped policies with the demo's people, and the tickets that are named in its life.

    What is done is done by the actions of the program; this only keeps the time, and finds people by their names.
    """

    def __init__(self, house: House, camera: Camera, slug: str) -> None:
        from upheld.desks.models import Desk

        self._house, self._camera, self._slug = house, camera, slug
        self.cast = _open(slug, house.now)
        self.desk = Desk.objects.get(slug=slug)
        self.zone = self.desk.zone

    def at(self, text: str) -> Any:
        """Let time go on to a local time of the desk, and return it as a moment."""
        from upheld.tickets.moment import Moment

        self._house.move_to(self.time(text))
        return Moment.exactly(self._house.now)

    def done(self) -> None:
        """Let the worker do what follows from a deed, at the instant of it."""
        self._house.move_to(self._house.now)

    def time(self, text: str) -> datetime:
        """Return the instant of a local time of the desk."""
        return local(text, self.zone)

    def agent(self, key: str) -> Any:
        return self.cast.agents[key]

    def asks(self, who: str, when: str, subject: str, text: str, **further: Any) -> Any:
        """A customer makes a request; return the ticket, or what is held."""
        from upheld.tickets.incoming import NewRequest
        from upheld.tickets.intake import take_in

        moment = self.at(when)
        request = NewRequest(
            desk=self.desk,
            contact=self.cast.contacts[who],
            subject=subject,
            text=text,
            received_at=moment.at,
            channel=further.pop("channel", "email"),
            mailbox=self.desk.mailboxes.get(is_default=True),
            portal=self.desk.portals.filter(is_default=True).first(),
            confirmed=True,
            **further,
        )
        made = take_in(request, moment)
        self.done()
        return made

    def writes(self, who: str, when: str, ticket: Any, text: str) -> None:
        """A customer writes again."""
        from upheld.tickets.actions import receive_message
        from upheld.tickets.incoming import Incoming
        from upheld.tickets.models import Message

        moment = self.at(when)
        incoming = Incoming(
            kind=Message.Kind.CUSTOMER,
            contact=self.cast.contacts[who],
            text=text,
            received_at=moment.at,
            channel="email",
        )
        receive_message(ticket.pk, incoming, moment)
        self.done()

    def takes(self, who: str, when: str, ticket: Any) -> None:
        """An agent makes the ticket theirs."""
        from upheld.tickets.actions import assign

        assign(ticket.pk, self.agent(who), self.agent(who), self.at(when))
        self.done()

    def answers(self, who: str, when: str, ticket: Any, text: str, status: str | None = None) -> None:
        """An agent answers."""
        from upheld.tickets.actions import reply

        reply(ticket.pk, self.agent(who), text, self.at(when), status=status)
        self.done()

    def seen_by_agent(self, name: str, who: str, path: str, **how: Any) -> None:
        """Take a picture as one of the desk's people."""
        self._camera.take(f"{self._slug}-{name}", path, user=self.agent(who).user, zone=self.zone, **how)

    def seen_by_customer(self, name: str, who: str, ticket: Any, further: str = "", **how: Any) -> None:
        """Take a picture of the request's page as its customer opens it from a mail, on a phone."""
        from upheld.tickets.keys import link_token

        participant = ticket.participants.get(contact=self.cast.contacts[who], removed_at=None)
        path = f"/r/{link_token(participant)}/{further}"
        self._camera.take(f"{self._slug}-{name}", path, zone=self.zone, **({"phone": True} | how))

    def mail_seen(self, name: str, address: str, kind: str, **how: Any) -> None:
        """Take a picture of the latest mail of a kind that somebody got."""
        from upheld.notices.models import Notice

        mail = Notice.objects.filter(to_address=address, kind=kind).latest("pk")
        self._camera.take(f"{self._slug}-{name}", f"/outbox/{mail.pk}/html", **({"phone": True} | how))

    def proven(self, ticket: Any) -> None:
        """Print what `upheld verify` says of the ticket."""
        print(
            f"\n$ upheld verify --ticket {ticket.number}\n{self._house.verify(ticket.number)}\n", flush=True
        )


def open_ledger(metric: str) -> Any:
    """Return what opens the ledger of a clock on the ticket's page."""
    return lambda page: page.evaluate(
        "name => [...document.querySelectorAll('section.clock')].filter(each => each.querySelector('h3')"
        ".textContent.trim().startsWith(name)).forEach(each => { "
        "each.querySelector('details.ledger').open = true;"
        " each.querySelector('.scroll').style.maxHeight = 'none'; })",
        metric,
    )


def _open(slug: str, now: datetime) -> Any:
    """The demo's desk of this policy, without the demo's stories."""
    from datetime import timedelta

    from upheld.lab.founding import SLUGS, found

    then = now - timedelta(days=365)
    if slug in SLUGS:
        return found(slug, then, now).cast
    from upheld.desks.actions import create_desk, publish_policy
    from upheld.lab.cast import hire
    from upheld.lab.demo import SUPPORT_ADDRESS
    from upheld.policy import pack

    desk = create_desk(
        slug=slug,
        name="School Device Support",
        prefix="SDS",
        zone="Europe/London",
        address=SUPPORT_ADDRESS,
        by="demo",
        now=then,
    )
    publish_policy(desk, pack(slug), now=then, by="demo", effective_from=then)
    return hire(desk, then)
