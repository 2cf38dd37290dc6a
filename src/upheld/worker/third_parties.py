"""The clock of third parties: the desk is reminded of whom its tickets wait for, and no longer than they do."""

import threading
from datetime import datetime, timedelta

from django.db.models import Q

from upheld.desks import present
from upheld.mailboxes.horizon import moment
from upheld.tickets.actions import remind_of_third_party
from upheld.tickets.models import ThirdPartyWait
from upheld.tickets.moment import Moment
from upheld.tickets.third_parties import DONE
from upheld.worker.clocks import UNDER_WAY
from upheld.worker.one_by_one import OneByOne

BATCH = 100


class ThirdPartySweeper:
    """Reminds of what is due, and ends what is over with its ticket."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self._waits = OneByOne("third party", stop, again=timedelta(minutes=5))

    def sweep(self, now: datetime) -> int:
        """Do what is due about every wait; return of how many something was done."""
        due = Q(remind_at__lte=now) | Q(ticket__status_category__in=DONE)
        waits = ThirdPartyWait.objects.filter(due, ended_at=None, ticket__is_spam=False).exclude(
            pk__in=self._waits.resting(now)
        )
        desks = dict(waits.order_by("remind_at", "pk").values_list("pk", "ticket__desk_id")[:BATCH])

        def remind(wait_id: int) -> bool:
            known = moment(desks[wait_id], now)
            # A reply that was pressed just before a deadline may still be on its way into the database.
            settled_by = min(known.settled_by, present.ago(now, UNDER_WAY))
            return remind_of_third_party(wait_id, Moment(known.at, settled_by))

        return self._waits.do(desks, remind, now)
