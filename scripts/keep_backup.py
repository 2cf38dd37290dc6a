"""Keeps a backup of the desks of the demo, made by this very version, for the tests of later ones: each restores what
every version before it wrote. Run once at a release, after the last migration:

    python scripts/keep_backup.py        writes tests/upgrades/<version>.zip
"""

import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 1_000_000

# What the demo's agents have not done: rows of further kinds, through the actions of the program.
FURTHER = """
from datetime import timedelta
from upheld.desks import present, secrets
from upheld.desks.models import Desk
from upheld.people.actions import enter_absence
from upheld.people.models import Agent
from upheld.rules.permissions import Role
from upheld.tickets.actions import (
    Aside, add_outside_work, keep_draft, link_tickets, merge_tickets, open_aside, snooze,
)
from upheld.tickets.drafts import NOTE
from upheld.tickets.files import keep_draft_file
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Draft, Ticket
from upheld.tickets.moment import Moment

now = present.now()
moment = Moment.exactly(now)
desk = Desk.objects.get(slug="school-devices")
lead = Agent.objects.filter(memberships__desk=desk, memberships__role=Role.lead).order_by("pk").first()
open_ones = Ticket.objects.filter(desk=desk, restricted=False, status_category="open", requester__isnull=False)
first, second, third, *others = open_ones.order_by("pk")
keep_draft(lead, first.pk, NOTE, "Ask the manufacturer about the hinge.", now)
keep_draft_file(Draft.objects.get(agent=lead, ticket=first), NewFile("hinge.txt", "text/plain", b"See page 12."), now)
snooze(first.pk, lead, now + timedelta(days=2), now)
add_outside_work(first.pk, lead, moment, title="Hinges of the 2025 series", reference="ENG-118")
link_tickets(first.pk, second.number, lead, moment)
open_aside(second.pk, lead, Aside("repairs@workshop.example.net", "The hinge"), "Is it ready?", moment)
for each in (third, *others):
    if each.requester_id == second.requester_id:
        merge_tickets(each.pk, second.number, lead, moment)
        break
enter_absence(lead, starts_at=now + timedelta(days=7), ends_at=now + timedelta(days=9), by=lead, now=now)
secrets.seal("source:made-up", "a made-up password", now)
"""


def main() -> None:
    """Start a demo of its own, let it do some more, and back it up."""
    sys.path.insert(0, str(ROOT))
    from drill.desk import RunningDesk

    target = ROOT / "tests" / "upgrades" / f"{metadata.version('upheld')}.zip"
    desk = RunningDesk("demo")
    try:
        desk.start()
        for command in (("manage", "shell", "-c", FURTHER), ("verify",), ("backup", str(target))):
            done = desk.run(*command)
            if done.returncode != 0:
                sys.exit(f"{command[0]} failed:\n{done.stdout.decode()}\n{done.stderr.decode()}")
    finally:
        desk.remove()
    target.chmod(0o644)
    size = target.stat().st_size
    if size > LARGEST:
        sys.exit(f"{target} is {size:,} bytes: too large to keep in the sources.")
    print(f"{target} ({size:,} bytes)")


if __name__ == "__main__":
    main()
