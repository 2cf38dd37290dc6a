"""Run beside a desk, with its environment: evaluates every ticket anew, and prints what differs from what is stored.

python standings_again.py
"""

import json
import sys

import django


def differences() -> list[str]:
    """Each ticket whose stored standing, or whose recorded consequences, are not what its story gives."""
    from upheld.desks.policies import compiled
    from upheld.policy import Standing, evaluate
    from upheld.tickets.models import StoryEvent, Ticket
    from upheld.tickets.pen import fact_of, summary

    found: list[str] = []
    for ticket in Ticket.objects.order_by("pk"):
        story = StoryEvent.objects.filter(ticket=ticket).order_by("at", "seq")
        facts = [fact_of(row) for row in story.filter(consequence_key=None)]
        again = evaluate(compiled(ticket.policy_version_id), facts, Standing.from_json(ticket.standing).at)
        if ticket.standing != summary(again):
            found.append(f"{ticket}: the standing differs")
        stored = (ticket.status, ticket.priority, ticket.next_due_at, ticket.wake_at)
        if stored != (again.status, again.priority, again.next_due_at, again.wake_at):
            found.append(f"{ticket}: {stored} stands in its row")
        recorded = story.exclude(consequence_key=None)
        expected = {(each.key, each.at) for each in again.consequences}
        if set(recorded.values_list("consequence_key", "at")) != expected:
            found.append(f"{ticket}: other consequences are recorded")
    return found


if __name__ == "__main__":
    django.setup()
    json.dump(differences(), sys.stdout)
