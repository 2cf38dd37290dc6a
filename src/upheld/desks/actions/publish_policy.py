"""Publish a policy document on a desk: check it, freeze its holidays, make it an immutable version."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk, PolicyVersion, Takeover
from upheld.desks.policies import installed_zone_data
from upheld.policy import Mode, Policy, Report, check, freeze, from_frozen
from upheld.policy.document import Document

YEARS_AHEAD = 10
YEARS_BACK = 6


class PolicyRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """The policy document has problems or examples that fail, so it was not published."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(self.__doc__))
        self.report = report


class PublicationRefused(Exception):  # noqa: N818
    """A sound document is not published in this way, or a version not withdrawn; the message says why."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sound document as it would be published: with its holiday dates, and their digest."""

    text: str
    document: Mapping[str, Any]
    digest: str
    report: Report

    @property
    def policy(self) -> Policy:
        """The compiled policy."""
        return from_frozen(self.document)

    @property
    def plain(self) -> Document:
        """The document itself, as people read it."""
        return Document.model_validate(self.document["document"])


def prepare(
    text: str, now: datetime, *, name: str = "policy.yaml", until: datetime | None = None
) -> Prepared:
    """Check a document and write in the holidays of the years around `now`, and around `until` where it lies ahead.

    Raises PolicyRefused, with the report, where the check finds problems.
    """
    last = max(now, until or now).year + YEARS_AHEAD
    return _prepared(text, name, now.year - YEARS_BACK, last)


@lru_cache(maxsize=16)
def _prepared(text: str, name: str, first: int, last: int) -> Prepared:
    """The same words in the same years are the same document, and running its examples takes up to a second: who looks
    at a draft, previews it and publishes it waits once."""
    report = check(text, name)
    if not report.ok:
        raise PolicyRefused(report)
    document = freeze(text, range(first, last + 1))
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return Prepared(text, document, digest, report)


def publish_policy(
    desk: Desk,
    text: str,
    *,
    now: datetime,
    by: str,
    effective_from: datetime | None = None,
    name: str = "policy.yaml",
) -> PolicyVersion:
    """Publish `text` as the next version, in force from `effective_from` (now, when not given). Open tickets keep the
    version that they have.

    Raises PolicyRefused, with the report, where the check finds problems. The same document published again
    while it is the latest and in force makes no new version.
    """
    return publish_prepared(
        desk, prepare(text, now, name=name), now=now, by=by, effective_from=effective_from
    )


@transaction.atomic
def publish_prepared(
    desk: Desk,
    prepared: Prepared,
    *,
    now: datetime,
    by: str,
    effective_from: datetime | None = None,
    mode: Mode = Mode.pin,
    remark: str = "",
    after: int | None = None,
    counts: Mapping[str, int] | None = None,
) -> PolicyVersion:
    """Publish a prepared document. `after` is the number of the version that is the latest as far as the caller knows;
    `counts` is what it does to the open tickets, for the audit.

    Raises PublicationRefused where another version came in between, and for one that would take tickets over in the
    past.
    """
    # Against `hold_publications`: no ticket is being opened meanwhile that the takeover which begins here would miss.
    Desk.objects.select_for_update().get(pk=desk.pk)
    latest = desk.policy_versions.order_by("-number").first()
    _refuse_surprises(latest, after, effective_from, mode, now)
    asks_nothing_new = effective_from is None and mode is Mode.pin
    if latest and asks_nothing_new and latest.digest == prepared.digest and _is_in_force(latest, now):
        return latest
    published = PolicyVersion.objects.create(
        desk=desk,
        number=latest.number + 1 if latest else 1,
        source=prepared.text,
        document=prepared.document,
        digest=prepared.digest,
        effective_from=effective_from or now,
        published_at=now,
        published_by=by,
        zone_data_version=installed_zone_data(),
        mode=mode.value,
        remark=remark[:200],
    )
    if mode is not Mode.pin:
        Takeover.objects.create(version=published)
    record(
        at=now,
        actor=by,
        action="policy published",
        subject=str(published),
        desk=desk,
        version=published.number,
        effective_from=published.effective_from.isoformat(),
        mode=mode.value,
        digest=published.digest,
        remark=published.remark,
        **({"open_tickets": dict(counts)} if counts else {}),
    )
    return published


def _refuse_surprises(
    latest: PolicyVersion | None,
    after: int | None,
    effective_from: datetime | None,
    mode: Mode,
    now: datetime,
) -> None:
    if after is not None and after != (latest.number if latest else 0):
        raise PublicationRefused(
            f"Version {latest.number if latest else 0} was published meanwhile. Look at what changes from there, and "
            "publish again."
        )
    if mode is not Mode.pin and effective_from is not None and effective_from < now:
        raise PublicationRefused("Open tickets cannot be taken over in the past. Choose an instant to come.")


def _is_in_force(latest: PolicyVersion, now: datetime) -> bool:
    held = PolicyVersion.objects.filter(desk_id=latest.desk_id).in_force(now).values_list("pk", flat=True)
    return held.first() == latest.pk
