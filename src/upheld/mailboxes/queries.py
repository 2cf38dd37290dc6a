"""What pages and commands ask about mail. Every question starts from `visible_mail` or `visible_notices`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Func, IntegerField, Q, QuerySet

from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.visibility import MailViewer, visible_mail, visible_notices
from upheld.notices.models import Notice, NoticeState, not_arrived

PAGE_SIZE = 50
COUNT_BOUND = 1000
# A search looks through no more than this many of a list's newest mails, since sender and subject have no index.
SEARCHED = 20_000
FOR_A_PERSON = (MailState.KEPT, MailState.PARKED)
LISTS: dict[str, tuple[MailState, ...]] = {
    "waiting": FOR_A_PERSON,
    "unread": (MailState.WAITING,),
    "ignored": (MailState.IGNORED,),
    "spam": (MailState.SPAM,),
    "ticketed": (MailState.TICKETED,),
    "held": (MailState.HELD,),
    "discarded": (MailState.DISCARDED,),
}
OUTGOING = ("retrying", "failed", "given-up", "left-out")
# In a notice's `data`: who said that nothing more is to be done about it, and when.
GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class MailFilter:
    """What a list of mail shows; `states` empty: all."""

    states: tuple[MailState, ...] = ()
    desk_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page; the next page starts after it."""

    at: datetime
    key: int

    def text(self) -> str:
        return f"{self.at.isoformat()}~{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Read a place from a URL; None for anything else."""
        instant, _, key = text.partition("~")
        try:
            at = datetime.fromisoformat(instant)
            return cls(at.astimezone(UTC), int(key)) if at.tzinfo is not None else None
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class MailPage:
    mails: list[RawMail]
    next_place: Place | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    notices: list[Notice]
    next_place: Place | None


def mail_page(
    viewer: MailViewer, wanted: MailFilter, *, after: Place | None = None, limit: int = PAGE_SIZE
) -> MailPage:
    """Return one page of mail without its bytes, newest first."""
    mails = visible_mail(viewer)
    if wanted.states:
        mails = mails.filter(state__in=wanted.states)
    if wanted.desk_id is not None:
        mails = mails.filter(mailbox__desk_id=wanted.desk_id)
    order = _order(wanted)
    if wanted.text:
        newest = mails.order_by(*order).values("pk")[:SEARCHED]
        mails = RawMail.objects.filter(Q(pk__in=newest) & _holding(wanted.text))
    if after is not None:
        mails = mails.filter(_after(after, "received_at") if len(order) > 1 else Q(pk__lt=after.key))
    rows = list(_described(mails).order_by(*order)[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return MailPage(rows[:limit], Place(last.received_at, last.pk) if last else None)


def one_mail(viewer: MailViewer, mail_id: int, *, with_bytes: bool = True) -> RawMail | None:
    """Return this mail; None where absent or not for `viewer` to see."""
    mails = _described(visible_mail(viewer))
    return (mails.defer(None) if with_bytes else mails).filter(pk=mail_id).first()


def counts(viewer: MailViewer, desk_id: int | None = None) -> dict[str, int]:
    """Return how much waits in each list in which waiting means something, in one query; each is bounded."""
    mails, notices = visible_mail(viewer), visible_notices(viewer)
    if desk_id is not None:
        mails, notices = mails.filter(mailbox__desk_id=desk_id), notices.filter(desk_id=desk_id)
    return _counted(
        {
            "waiting": mails.filter(state__in=FOR_A_PERSON),
            "unread": mails.filter(state=MailState.WAITING),
            "retrying": _of_list(notices, "retrying"),
            "failed": _of_list(notices, "failed"),
        }
    )


def waiting_for_a_person(viewer: MailViewer) -> QuerySet[RawMail]:
    """Return the mails that were kept or parked."""
    return visible_mail(viewer).filter(state__in=FOR_A_PERSON).order_by()


def outgoing_page(
    viewer: MailViewer,
    named: str,
    *,
    desk_id: int | None = None,
    after: Place | None = None,
    limit: int = PAGE_SIZE,
) -> NoticePage:
    """Return one page of notices that did not leave at once, newest first."""
    notices = _of_list(visible_notices(viewer), named)
    if desk_id is not None:
        notices = notices.filter(desk_id=desk_id)
    if after is not None:
        notices = notices.filter(_after(after, "created_at"))
    rows = list(notices.defer("rendered").select_related("desk").order_by("-created_at", "-id")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return NoticePage(rows[:limit], Place(last.created_at, last.pk) if last else None)


def in_trouble(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Of these notices those that did not arrive and that nobody has given up."""
    failed = notices.filter(state__in=(NoticeState.FAILED, NoticeState.BOUNCED))
    return failed.exclude(data__has_key=GIVEN_UP)


def undelivered(ticket_id: int) -> list[Notice]:
    """Return the mails about a ticket that did not leave at once or did not arrive, oldest first."""
    notices = Notice.objects.filter(not_arrived(), ticket_id=ticket_id)
    return list(notices.defer("rendered").order_by("created_at", "id")[:PAGE_SIZE])


def _of_list(notices: QuerySet[Notice], named: str) -> QuerySet[Notice]:
    match named:
        case "retrying":
            return notices.filter(state=NoticeState.WAITING, attempts__gt=0)
        case "given-up":
            failed = notices.filter(state__in=(NoticeState.FAILED, NoticeState.BOUNCED))
            return failed.filter(data__has_key=GIVEN_UP)
        case "left-out":
            return notices.filter(state=NoticeState.LEFT_OUT)
    return in_trouble(notices)


def _described(mails: QuerySet[RawMail]) -> QuerySet[RawMail]:
    """With all that a row tells; the size is known without reading the bytes."""
    size = Func(F("raw"), function="octet_length", output_field=IntegerField())
    return mails.annotate(size=size).select_related("mailbox__desk", "ticket", "held_request").defer("raw")


def _order(wanted: MailFilter) -> tuple[str, ...]:
    """What waits or was ignored has an index by receipt; the rest is found from its newest row backwards."""
    indexed = {MailState.KEPT, MailState.PARKED, MailState.WAITING, MailState.IGNORED}
    return ("-received_at", "-id") if wanted.states and indexed.issuperset(wanted.states) else ("-id",)


def _after(place: Place, instant: str) -> Q:
    same_time = Q(**{instant: place.at, "pk__lt": place.key})
    # The first condition is within the second; by it the index knows where to start.
    return Q(**{f"{instant}__lte": place.at}) & (Q(**{f"{instant}__lt": place.at}) | same_time)


def _holding(text: str) -> Q:
    words = Q()
    for word in text.split()[:10]:
        words &= Q(subject__icontains=word)
    return Q(from_address__istartswith=text) | Q(envelope_from__istartswith=text) | words


def _counted(wanted: dict[str, QuerySet[Any]]) -> dict[str, int]:
    parts: list[str] = []
    values: list[object] = []
    for rows in wanted.values():
        sql, params = rows.order_by().values("pk")[: COUNT_BOUND + 1].query.sql_with_params()
        parts.append(f"(select count(*) from ({sql}) counted)")  # noqa: S608 - made by Django, values apart
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(parts), values)
        row: Iterable[int] = cursor.fetchone()
    return dict(zip(wanted, row, strict=True))
