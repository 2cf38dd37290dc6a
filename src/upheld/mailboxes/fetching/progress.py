"""How far we are with the mails of a source: which are to be fetched, which are stored, which are done with.

Everything here is a short transaction; the conversation with the server happens outside of them, except for the step
after storing, whose rows are held so that two who fetch from one account do not take it twice.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from upheld.mailboxes.accept import store
from upheld.mailboxes.fetching.keys import bounds, imap_key, uid_of
from upheld.mailboxes.models import Afterwards, Fetched, MailState, Protocol, RawMail, Source
from upheld.mailboxes.parsing import parse

BATCH = 500


@dataclass(frozen=True, slots=True)
class Brought:
    """A mail as an account gave it. `too_large` says its size where only its head was taken."""

    raw: bytes
    too_large: int = 0


def has_begun(source: Source) -> bool:
    """Whether this source has been looked at before."""
    return Fetched.objects.filter(source=source).exists()


def last_uid(source: Source, validity: int) -> int | None:
    """The highest UID that we know of, or None where the folder is new to us or has been numbered anew."""
    known = Fetched.objects.filter(source=source, key__range=bounds(validity))
    key = known.order_by("-key").values_list("key", flat=True).first()
    return None if key is None else uid_of(key)


def pass_over(source: Source, keys: Iterable[str]) -> None:
    """Note that these mails are not wanted."""
    _add(source, keys, finished=True)


def plan(source: Source, keys: Iterable[str]) -> None:
    """Note that these mails are to be fetched; what is known already stays as it is."""
    _add(source, keys, finished=False)


def plan_older(source: Source, keys: Sequence[str]) -> int:
    """Note that mails are to be fetched which had been passed over; return how many are new to us."""
    planned = 0
    for some in _batches(keys):
        rows = Fetched.objects.filter(source=source, key__in=some)
        with transaction.atomic():
            known = set(rows.values_list("key", flat=True))
            planned += rows.filter(raw_mail=None, finished=True).update(finished=False)
            _add(source, [key for key in some if key not in known], finished=False)
            planned += len(some) - len(known)
    return planned


def begin_anew(source: Source, validity: int, uids: Sequence[int], last: int) -> None:
    """The server has numbered the folder anew: fetch these, and forget what was to be done under the old numbers."""
    with transaction.atomic():
        outdated = Fetched.objects.filter(source=source, finished=False).exclude(key__range=bounds(validity))
        outdated.update(finished=True)
        plan(source, [imap_key(validity, uid) for uid in uids])
        pass_over(source, [imap_key(validity, last)])


def to_fetch(source: Source) -> list[str]:
    """The keys of what is to be fetched, in order."""
    planned = Fetched.objects.filter(source=source, raw_mail=None, finished=False)
    return list(planned.order_by("key").values_list("key", flat=True))


def known(source: Source, keys: Sequence[str]) -> set[str]:
    """Those of the keys that have a row."""
    found: set[str] = set()
    for some in _batches(keys):
        found.update(Fetched.objects.filter(source=source, key__in=some).values_list("key", flat=True))
    return found


def take(source: Source, key: str, brought: Brought, read_clock: Callable[[], datetime]) -> bool:
    """Store a mail and settle its row, in one transaction. False when it is stored already."""
    with transaction.atomic():
        row = Fetched.objects.select_for_update().filter(source=source, key=key).first()
        if row is None or row.finished or row.raw_mail_id is not None:
            return False
        known = _same_under_old_numbers(source, key, brought.raw)
        row.raw_mail = known or _stored(source, brought, read_clock)
        # What is too large is on the server alone, and stays there as it is.
        row.finished = source.afterwards == Afterwards.LEAVE or bool(brought.too_large)
        row.save(update_fields=["raw_mail", "finished"])
    return known is None


def gone(source: Source, key: str) -> None:
    """Note that a mail is not on the server any more."""
    Fetched.objects.filter(source=source, key=key, raw_mail=None).update(finished=True)


def finish(source: Source, act: Callable[[list[str]], Iterable[str]]) -> bool:
    """Do the step after storing for some mails; `act` returns those for which it is done. The rows are held
    meanwhile. Returns whether there may be more."""
    with transaction.atomic():
        rows = Fetched.objects.select_for_update(skip_locked=True).filter(source=source, finished=False)
        keys = list(rows.exclude(raw_mail=None).order_by("key").values_list("key", flat=True)[:BATCH])
        if not keys:
            return False
        done = list(act(keys))
        Fetched.objects.filter(source=source, key__in=done).update(finished=True)
    return bool(done) and len(keys) == BATCH


def settle_finished(source: Source, keys: Sequence[str]) -> None:
    """Note that the step after storing is done."""
    for some in _batches(keys):
        Fetched.objects.filter(source=source, key__in=some).exclude(raw_mail=None).update(finished=True)


def _stored(source: Source, brought: Brought, read_clock: Callable[[], datetime]) -> RawMail:
    mail = store(
        brought.raw, way=source.protocol, mailbox=source.mailbox, peer=source.host, read_clock=read_clock
    )
    if brought.too_large:
        _keep(mail, source, brought.too_large)
    return mail


def _keep(mail: RawMail, source: Source, size: int) -> None:
    """Set a mail aside for a person, of which only the head is here."""
    head = parse(bytes(mail.raw))
    mail.state = MailState.KEPT
    mail.reason = (
        f"it has {size} bytes, and at most {settings.MAIL_SIZE_LIMIT} are taken: only its head is here,"
        f" and all of it is still in the account {source.username}"
    )
    mail.from_address, mail.subject = head.from_address[:254], head.subject[:250]
    mail.save(update_fields=["state", "reason", "from_address", "subject"])


def _same_under_old_numbers(source: Source, key: str, raw: bytes) -> RawMail | None:
    """The mail with these very bytes that this source gave before its server numbered the folder anew."""
    if source.protocol != Protocol.IMAP:
        return None
    validity = int(key.partition(":")[0])
    before = Fetched.objects.filter(source=source, raw_mail__digest=hashlib.sha256(raw).hexdigest())
    before = before.exclude(key__range=bounds(validity)).select_related("raw_mail")
    row = before.order_by("pk").first()
    return row.raw_mail if row else None


def _add(source: Source, keys: Iterable[str], *, finished: bool) -> None:
    rows = [Fetched(source=source, key=key, finished=finished) for key in keys]
    Fetched.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _batches(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
