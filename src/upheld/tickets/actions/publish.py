"""Publish a policy on a desk, with its effect on the tickets that are open."""

from dataclasses import dataclass
from datetime import datetime

from upheld.desks.actions import Prepared, PublicationRefused, prepare, publish_prepared
from upheld.desks.models import Desk, PolicyVersion
from upheld.people.models import Agent
from upheld.policy import Mode
from upheld.rules.permissions import Act
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.actions.take_over import take_over
from upheld.tickets.publication_effect import DeskEffect, Progress, effect_on_open_tickets, told_lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is to be published. `effective_from` empty means at once.

    `digest` and `after` are what somebody looked at before: the digest of the document with its holiday dates, and the
    number of the latest version then. Where they are given and no longer hold, nothing is published.
    """

    desk: Desk
    text: str
    mode: Mode = Mode.pin
    effective_from: datetime | None = None
    remark: str = ""
    name: str = "policy.yaml"
    digest: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A published version, and what it does to the open tickets; `is_new` is false where it was in force already."""

    version: PolicyVersion
    effect: DeskEffect | None
    is_new: bool

    @property
    def counts(self) -> dict[str, int]:
        """What is counted for the audit; empty for a version that takes no ticket over."""
        return self.effect.counts(Mode(self.version.mode)) if self.effect else {}


def publish(
    publication: Publication,
    *,
    now: datetime,
    by: str,
    agent: Agent | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Publish a version; open tickets follow it from its effective instant on, if its mode says so.

    The version is one transaction, and the waking of the tickets many short ones: killed in between, a worker goes on.
    Raises NotAllowed for an agent without the right, PolicyRefused for a document with problems, and PublicationRefused
    for an instant that has passed, a document or a desk that is not what was looked at, or a version that does not know
    what open tickets have.
    """
    desk, mode = publication.desk, publication.mode
    if agent is not None:
        demand_on(agent, Act.publish_policy, desk.pk)
    prepared, effect = look_at(publication, now=now, progress=progress)
    if publication.digest is not None and publication.digest != prepared.digest:
        raise PublicationRefused(
            "The document or its holiday dates are not what was looked at. Look at what changes once more."
        )
    if effect is not None and effect.lost:
        raise PublicationRefused(
            f"This version cannot take open tickets over: {told_lost(effect.lost)}. Keep them in the document, "
            "move those tickets on first, or leave open tickets under their version (pin)."
        )
    before = desk.policy_versions.order_by("-number").values_list("number", flat=True).first()
    version = publish_prepared(
        desk,
        prepared,
        now=now,
        by=by,
        effective_from=publication.effective_from,
        mode=mode,
        remark=publication.remark,
        after=publication.after,
        counts=effect.counts(mode) if effect else None,
    )
    if mode is not Mode.pin:
        take_over(version.pk)
    return Outcome(version, effect, version.number != before)


def look_at(
    publication: Publication, *, now: datetime, progress: Progress | None = None
) -> tuple[Prepared, DeskEffect | None]:
    """Return a document as it would be published, and its effect under the mode that is wanted; none where it is to
    leave open tickets alone. Raises as `publish` does for a bad document or instant."""
    at = publication.effective_from or now
    if at < now:
        raise PublicationRefused(
            "The instant from which it is to hold has passed. Choose one to come, or let it hold at once."
        )
    prepared = prepare(publication.text, now, name=publication.name, until=at)
    if publication.mode is Mode.pin:
        return prepared, None
    policy = prepared.policy
    modes = (publication.mode,)
    return prepared, effect_on_open_tickets(publication.desk, policy, at, modes, progress=progress)
