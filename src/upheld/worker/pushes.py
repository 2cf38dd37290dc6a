"""Pushes: what agents are told at addresses of their own, through apprise.

All that waits for one address leaves as one message, in a transaction that holds that address alone: a service that
does not answer delays nobody else, and its own pushes come again later, each time later. A push is sent at least once.

apprise is imported here and nowhere else, and only once something is to be sent. It is told to follow no redirect, and
what it would log holds the address, so its loggers say nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from upheld.desks import secrets
from upheld.mailboxes.outgoing.failures import wait_after
from upheld.mailboxes.outgoing.push_words import push_words, trial_words
from upheld.notices.models import NoticeState, Push
from upheld.people.models import AlertAddress
from upheld.rules.alert_addresses import AddressRefused, read_address, service_of
from upheld.rules.alert_pace import MINUTE, Pace
from upheld.tickets.alerting import over, visible_alerts
from upheld.tickets.visibility import AgentViewer

MOST = 5000
_LOGGERS = ("apprise", "urllib3", "requests")
_log = structlog.get_logger(__name__)


class PushFailed(Exception):  # noqa: N818 - it reads as the sentence it is
    """The service did not take a push; the message says so without the address."""


def push_next(now: datetime) -> bool:
    """Send what waits for the next address; return whether there was one."""
    with transaction.atomic():
        address = _claim(now)
        if address is None:
            return False
        waiting = _still_to_tell(address, list(_waiting(address, now)[:MOST]))
        going = _that_may_leave(address, waiting, now)
        if going:
            _attempt(address, going, now)
    return True


def _claim(now: datetime) -> AlertAddress | None:
    """The address for which something has waited the longest. A weak lock: new pushes may be added meanwhile."""
    due = Push.objects.filter(address=OuterRef("pk"), state=NoticeState.WAITING, next_try_at__lte=now)
    addresses = AlertAddress.objects.filter(Exists(due)).select_related("agent__user")
    locked = addresses.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return (
        locked.annotate(since=due.order_by("next_try_at").values("next_try_at")[:1]).order_by("since").first()
    )


def _waiting(address: AlertAddress, now: datetime) -> QuerySet[Push]:
    waiting = Push.objects.filter(address=address, state=NoticeState.WAITING, next_try_at__lte=now)
    return waiting.select_related("alert__desk").order_by("next_try_at", "id")


def _still_to_tell(address: AlertAddress, pushes: Sequence[Push]) -> list[Push]:
    """Leave out what is over, or no longer for this agent to know."""
    alerts = [each.alert for each in pushes if each.alert is not None]
    reasons = {pk: why.value for pk, why in over(alerts).items()}
    agent = address.agent
    allowed = visible_alerts(AgentViewer.of(agent)).filter(pk__in=[each.pk for each in alerts])
    seen = set(allowed.values_list("pk", flat=True)) if agent.user.is_active and address.is_on else set()
    reasons |= {each.pk: "it is not for them to know any more" for each in alerts if each.pk not in seen}
    for why in set(reasons.values()):
        ids = [each.pk for each in pushes if reasons.get(each.alert_id or 0) == why]
        Push.objects.filter(pk__in=ids).update(state=NoticeState.LEFT_OUT, last_error=f"Left out: {why}.")
    return [each for each in pushes if each.alert_id is None or each.alert_id not in reasons]


def _that_may_leave(address: AlertAddress, pushes: Sequence[Push], now: datetime) -> list[Push]:
    """What may leave now; the rest is put off until the rest is over. A page and a test wait for nothing."""
    if not pushes:
        return []
    rests = _pace(address, now).rests_until(now)
    if rests is None:
        return list(pushes)
    urgent = [each for each in pushes if each.alert is None or each.alert.is_page]
    hurried = {each.pk for each in urgent}
    put_off = [each.pk for each in pushes if each.pk not in hurried]
    Push.objects.filter(pk__in=put_off).update(next_try_at=rests)
    return urgent


def _pace(address: AlertAddress, now: datetime) -> Pace:
    lately = Push.objects.filter(address=address, alert__isnull=False, sent_at__gt=now - 2 * MINUTE)
    instants = list(lately.order_by("sent_at").values_list("sent_at", flat=True))
    return Pace(tuple(sorted(set(instants))), bool(instants) and instants.count(instants[-1]) > 1)


def _attempt(address: AlertAddress, pushes: Sequence[Push], now: datetime) -> None:
    alerts = [each.alert for each in pushes if each.alert is not None]
    text = push_words(alerts) if alerts else trial_words(address.label)
    same = Push.objects.filter(pk__in=[each.pk for each in pushes])
    try:
        if not settings.DEMO:
            deliver(secrets.unseal(address.secret_name), text)
    except (PushFailed, secrets.SecretMissing, secrets.SecretUnreadable) as error:
        _failed(address, same, str(error), now)
        return
    same.update(state=NoticeState.SENT, sent_at=now, attempts=F("attempts") + 1, last_error="")
    Push.objects.filter(pk=pushes[0].pk).update(text=text)
    if address.last_error:
        AlertAddress.objects.filter(pk=address.pk).update(last_error="")
    _log.info("push sent", address=address.pk, alerts=len(pushes))


def _failed(address: AlertAddress, pushes: QuerySet[Push], why: str, now: datetime) -> None:
    """The address rests as a whole: what one of its pushes met, the others would meet as well."""
    attempts = max(pushes.values_list("attempts", flat=True)) + 1
    wait: timedelta | None = wait_after(attempts, address.pk)
    change = {"state": NoticeState.FAILED} if wait is None else {"next_try_at": now + wait}
    pushes.update(attempts=attempts, last_error=why[:300], **change)
    AlertAddress.objects.filter(pk=address.pk).update(last_error=why[:300])
    _log.warning("push failed" if wait is None else "push postponed", address=address.pk, attempts=attempts)


def deliver(address: str, text: str) -> None:
    """Hand a text to the service of an address; raises PushFailed. Anything that is not on the list of services is
    refused here once more, whatever was stored."""
    try:
        known = read_address(address)
    except AddressRefused:
        raise PushFailed("The address is not one of the services that alerts may be sent to.") from None
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    import apprise

    asset = apprise.AppriseAsset(
        app_id="Upheld", app_desc="Upheld", http_redirects=False, secure_logging=True, async_mode=False
    )
    service = apprise.Apprise.instantiate(known.text, asset=asset, suppress_exceptions=True)
    if service is None:
        raise PushFailed(f"{service_of(known.scheme)} cannot read this address. Remove it, and add it anew.")
    try:
        # Some services take what is less than a warning for the end of an earlier alert.
        taken = service.notify(body=text, title="", notify_type=apprise.NotifyType.WARNING)
    except Exception as error:
        # Its words may hold the address.
        raise PushFailed(f"{service_of(known.scheme)}: {type(error).__name__}") from None
    if not taken:
        raise PushFailed(f"{service_of(known.scheme)} did not take it. Check the address, and its keys.")
