"""Publish a policy document on a desk: check it, freeze its holidays, make it an immutable version."""

import hashlib
import json
from datetime import datetime
from importlib.metadata import version as installed_version

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk, PolicyVersion
from upheld.policy import Report, check, freeze

YEARS_AHEAD = 10
YEARS_BACK = 6


class PolicyRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """The policy document has problems or examples that fail, so it was not published."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(self.__doc__))
        self.report = report


def publish_policy(
    desk: Desk,
    text: str,
    *,
    now: datetime,
    by: str,
    effective_from: datetime | None = None,
    name: str = "policy.yaml",
) -> PolicyVersion:
    """Publish `text` as the next version, in force from `effective_from` (now, when not given).

    Raises PolicyRefused, with the report, where the check finds problems. The same document published again
    while it is the latest makes no new version.
    """
    report = check(text, name)
    if not report.ok:
        raise PolicyRefused(report)
    document = freeze(text, range(now.year - YEARS_BACK, now.year + YEARS_AHEAD + 1))
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=desk.pk)
        latest = desk.policy_versions.order_by("-number").first()
        if latest is not None and latest.digest == digest and effective_from is None:
            return latest
        published = PolicyVersion.objects.create(
            desk=desk,
            number=latest.number + 1 if latest else 1,
            source=text,
            document=document,
            digest=digest,
            effective_from=effective_from or now,
            published_at=now,
            published_by=by,
            zone_data_version=installed_version("tzdata"),
        )
        record(
            at=now,
            actor=by,
            action="policy published",
            subject=str(published),
            desk=desk,
            version=published.number,
            effective_from=published.effective_from.isoformat(),
        )
    return published
