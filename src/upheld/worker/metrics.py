"""Figures for Prometheus, counted when asked; no names of people, desks or tickets in any label."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Min, QuerySet
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from upheld.desks import present
from upheld.mailboxes.models import MailState, RawMail, Source
from upheld.mailboxes.queries import GIVEN_UP
from upheld.notices.models import Notice, NoticeState
from upheld.tickets.models import Ticket
from upheld.worker.models import Heartbeat

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_UNSENT = (NoticeState.WAITING, NoticeState.FAILED, NoticeState.BOUNCED)
_UNFINISHED = (MailState.WAITING, MailState.KEPT, MailState.PARKED)


def metrics_text(now: datetime | None = None) -> bytes:
    """Return the figures in Prometheus' text format; an endpoint that has read the time passes it in."""
    registry = CollectorRegistry()
    registry.register(_Counts(now or present.now()))
    return generate_latest(registry)


class _Counts(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked of the database before a scrape."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count, with queries that partial indexes answer."""
        open_tickets = Ticket.objects.filter(is_spam=False).exclude(
            status_category__in=["resolved", "closed"]
        )
        yield _gauge("upheld_tickets_open", "Tickets neither resolved nor closed.", open_tickets.count())
        mail = RawMail.objects.filter(state__in=_UNFINISHED)
        yield _by_state(
            "upheld_mail", "Raw mail by state; what is on tickets is not counted.", mail, _UNFINISHED
        )
        yield self._age(
            "upheld_mail_oldest_waiting_seconds",
            "Age of the oldest unread mail.",
            RawMail.objects.filter(state=MailState.WAITING).aggregate(at=Min("received_at"))["at"],
        )
        notices = Notice.objects.filter(state__in=_UNSENT).exclude(data__has_key=GIVEN_UP)
        yield _by_state(
            "upheld_notices", "Notices by state, without those sent or given up.", notices, _UNSENT
        )
        yield self._age(
            "upheld_clock_lag_seconds",
            "How long the oldest due wake-up has been waiting.",
            Ticket.objects.filter(wake_at__lte=self._now).aggregate(at=Min("wake_at"))["at"],
        )
        yield from self._sources()
        beat = Heartbeat.objects.aggregate(at=Max("at"))["at"]
        if beat is not None:
            silent = max((present.by_the_wall(self._now) - beat).total_seconds(), 0.0)
            yield _gauge("upheld_worker_heartbeat_age_seconds", "Age of the newest heartbeat.", silent)

    def _sources(self) -> Iterator[GaugeMetricFamily]:
        """Accounts from which mail is fetched, by number: their names are the administrator's words."""
        failures = GaugeMetricFamily(
            "upheld_mail_source_failures", "Visits to an account that failed in a row.", labels=["source"]
        )
        ages = GaugeMetricFamily(
            "upheld_mail_source_fetched_age_seconds",
            "How long ago an account was last fetched from.",
            labels=["source"],
        )
        for source in Source.objects.filter(is_on=True).order_by("pk"):
            since = source.fetched_at or source.created_at
            failures.add_metric([str(source.pk)], source.failures)
            ages.add_metric([str(source.pk)], max((self._now - since).total_seconds(), 0.0))
        if failures.samples:
            yield from (failures, ages)

    def _age(self, name: str, text: str, since: datetime | None) -> GaugeMetricFamily:
        age = max((self._now - since).total_seconds(), 0.0) if since else 0.0
        return _gauge(name, text, age)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _by_state(
    name: str, text: str, rows: "QuerySet[RawMail | Notice]", states: tuple[str, ...]
) -> GaugeMetricFamily:
    counted = dict(rows.order_by().values_list("state").annotate(Count("id")))
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state in states:
        family.add_metric([state], counted.get(state, 0))
    return family
