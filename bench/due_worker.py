"""What a worker of the measurement does in a process of its own, which knows Django only once it has begun."""

import os
from datetime import datetime


def begin() -> None:
    """Set up Django on the bench's database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.config.settings"
    import django

    django.setup()
    from bench.databases import DUE, use

    use(DUE)


def ready(_: int) -> int:
    """Open a connection and read what a first sweep reads."""
    from upheld.tickets.models import Ticket

    return Ticket.objects.filter(wake_at=None).count()


def sweep(at: datetime) -> int:
    """Sweep what is due; return how many tickets were this worker's."""
    from upheld.worker.clocks import Sweeper

    return Sweeper().sweep(at)
