"""One ticket, with all that its page shows, as its viewer may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Lower

from upheld.notices.models import Alert, Notice, not_arrived
from upheld.people.models import Affiliation
from upheld.policy import (
    Actor,
    Ahead,
    ComingRung,
    ComplaintStanding,
    Event,
    InForce,
    Ledger,
    Policy,
    Standing,
    ahead,
    coming_rungs,
    complaints_under,
    evaluate_under,
    explain_under,
    reconcile,
    refuses_to_reopen,
)
from upheld.tickets.conversation import conversation
from upheld.tickets.macros import macros_for
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import (
    Affected,
    Attachment,
    Collaborator,
    CustomField,
    CustomValue,
    Draft,
    InformationAsked,
    Macro,
    Merge,
    Message,
    OutsideWork,
    Page,
    Participant,
    Presence,
    Problem,
    SideConversation,
    Snooze,
    StoryEvent,
    Tagged,
    ThirdPartyWait,
    Ticket,
    TicketLink,
    TicketLook,
)
from upheld.tickets.other_numbers import forget_hidden_numbers
from upheld.tickets.pen import consequence_of, fact_of
from upheld.tickets.versions import versions_of, with_versions
from upheld.tickets.visibility import (
    AgentViewer,
    ContactViewer,
    LinkViewer,
    Viewer,
    visible_parts,
    visible_tickets,
)

_LINKED = Q(ticket=OuterRef("pk")) | Q(other=OuterRef("pk"))
_HERE = {"ticket": OuterRef("pk")}
_MOST_MACROS = 200


def _own_fields() -> QuerySet[CustomField, Any]:
    """The desk's own fields with what stands in them on the ticket; retired ones too, for what stands there stays."""
    values = CustomValue.objects.filter(field=OuterRef("pk"), ticket=OuterRef(OuterRef("pk"))).values("value")
    fields = CustomField.objects.filter(desk=OuterRef("desk")).order_by("position", "pk")
    names = ("key", "label", "kind", "choices", "retired_at")
    return fields.values(
        as_json=JSONObject(**{name: name for name in names}, value=Coalesce(Subquery(values[:1]), Value("")))
    )


# What a ticket's page need not ask for where there is nothing: one query knows it all.
_FLAGS = {
    "has_links": Exists(TicketLink.objects.filter(_LINKED)),
    "has_collaborators": Exists(Collaborator.objects.filter(**_HERE, left_at=None)),
    "has_outside_work": Exists(OutsideWork.objects.filter(**_HERE, removed_at=None)),
    "has_third_party": Exists(ThirdPartyWait.objects.filter(**_HERE)),
    "has_pages": Exists(Page.objects.filter(**_HERE)),
    "has_merges": Exists(Merge.objects.filter(survivor=OuterRef("pk"), undone_at=None)),
    "has_problem": Exists(Affected.objects.filter(**_HERE, left_at=None)),
    "is_told_together": Exists(Affected.objects.filter(**_HERE, left_at=None, solved_at=None)),
    "is_problem": Exists(Problem.objects.filter(**_HERE)),
    "has_sides": Exists(SideConversation.objects.filter(**_HERE)),
    "tag_names": ArraySubquery(
        Tagged.objects.filter(**_HERE).order_by(Lower("tag__name")).values_list("tag__name", flat=True)
    ),
    "has_presences": Exists(Presence.objects.filter(**_HERE)),
    "own_fields": ArraySubquery(_own_fields()),
    "has_question": Exists(InformationAsked.objects.filter(**_HERE)),
    "has_files": Exists(Attachment.objects.filter(message__ticket=OuterRef("pk"))),
    "has_undelivered": Exists(Notice.objects.filter(not_arrived(), ticket_id=OuterRef("pk"))),
    "belonging": Subquery(
        Affiliation.objects.filter(
            contact=OuterRef("requester"), organization=OuterRef("organization")
        ).values(as_json=JSONObject(title="title", sees_all="sees_all"))[:1]
    ),
}


@dataclass(frozen=True, slots=True)
class TicketPage:
    """All that a ticket's page shows, as its viewer may see it.

    `policy` is the one that governs the ticket now, `policies` those under which it has lived, that one first.
    `takes_replies` says whether what its customer writes now still belongs to it, `ahead` what comes by itself if
    nobody does anything; `complaints` are how the customer's complaints stand, `rungs` the steps of ladders that are to
    come; `follows` is what came before it, where the viewer may know of that. `messages` are those of `parts` as
    well, the merged tickets of which the viewer may know; a merged one `goes_on_in` another.
    """

    ticket: Ticket
    policy: Policy
    policies: tuple[Policy, ...]
    standing: Standing
    ledgers: tuple[Ledger, ...]
    messages: list[Message]
    story: list[StoryEvent]
    participants: list[Participant]
    takes_replies: bool
    ahead: Ahead
    complaints: tuple[ComplaintStanding, ...] = ()
    rungs: tuple[ComingRung, ...] = ()
    follows: Ticket | None = None
    parts: Sequence[Ticket] = ()
    goes_on_in: Ticket | None = None
    folded: int = 0


def ticket_page(viewer: Viewer, number: str, now: datetime, *, whole: bool = True) -> TicketPage | None:
    """Return the ticket of this number as `viewer` sees it at `now`; None where absent or not theirs to see. Of a long
    conversation the middle is left out unless the `whole` is asked for."""
    ticket = (
        with_versions(visible_tickets(viewer))
        # What few tickets have is asked for where there is something: PostgreSQL takes longer to find the best order of
        # ten joins than to make them.
        .select_related("desk", "requester", "organization")
        .annotate(**_FLAGS, has_unread_alerts=_unread_alerts(viewer), has_drafts=_drafts(viewer))
        .annotate(macros=_macros(viewer))
        .annotate(looked_at=_looked_at(viewer), snoozed_until=_snoozed_until(viewer, now))
        .filter(number=number.upper())
        .first()
    )
    if ticket is None:
        return None
    versions = versions_of(ticket)
    story = list(
        StoryEvent.objects.filter(ticket=ticket)
        .order_by("at", "seq")
        .select_related("agent__user", "contact")
    )
    facts = [fact_of(row) for row in story if row.consequence_key is None]
    recorded = [consequence_of(row) for row in story if row.consequence_key is not None]
    is_agent = isinstance(viewer, AgentViewer)
    parts = visible_parts(viewer, ticket) if ticket.has_merges else []
    files = ticket.has_files or bool(parts)
    messages, folded = conversation(viewer, ticket, parts, whole=whole, files=files)
    people = (
        ticket.participants.filter(removed_at=None).select_related("contact").order_by("-is_requester", "id")
    )
    policy = versions.in_force[versions.governing(facts, now)].policy
    ledgers = forget_hidden_numbers(viewer, story, explain_under(versions.in_force, facts, now))
    return TicketPage(
        ticket=ticket,
        policy=policy,
        policies=(policy, *(each for each in versions.policies if each is not policy)),
        standing=reconcile(evaluate_under(versions.in_force, facts, now), recorded)[0],
        ledgers=ledgers,
        messages=messages,
        story=story if is_agent else [],
        participants=list(people) if is_agent else [],
        takes_replies=not refuses_to_reopen(versions.in_force, facts, _reply(ticket, now)),
        ahead=ahead(versions.in_force, facts, now),
        complaints=_complaints(versions.in_force, facts, now),
        rungs=coming_rungs(versions.in_force, facts, now) if is_agent else (),
        follows=visible_tickets(viewer).filter(pk=ticket.follows_id).first() if ticket.follows_id else None,
        parts=parts,
        goes_on_in=where_it_goes_on(viewer, ticket),
        folded=folded,
    )


def where_it_goes_on(viewer: Viewer, ticket: Ticket) -> Ticket | None:
    """Return the ticket in which a merged one goes on, where `viewer` may know of that. Who holds a link is told of one
    in which the participant whom it names takes part."""
    if ticket.merged_into_id is None:
        return None
    if isinstance(viewer, LinkViewer):
        viewer = ContactViewer(viewer.contact_id)
    return visible_tickets(viewer).filter(pk=goes_on_in(ticket.pk)).first()


def _complaints(
    versions: Sequence[InForce], facts: Sequence[Event], now: datetime
) -> tuple[ComplaintStanding, ...]:
    complained = any(fact.kind == "complaint" for fact in facts)
    return complaints_under(versions, facts, now) if complained else ()


def _reply(ticket: Ticket, now: datetime) -> Event:
    """What its customer would write now."""
    said = {"direction": "in", "public": True, "reopens": True}
    return Event(now, "message", Actor.customer, said, ticket.last_seq + 1, now)


def _macros(viewer: Viewer) -> ArraySubquery:
    """The macros that an agent may run on the ticket's desk, by name: their own first."""
    agent_id = viewer.agent_id if isinstance(viewer, AgentViewer) else None
    offered = macros_for(agent_id, OuterRef("desk_id")) if agent_id else Macro.objects.none()
    return ArraySubquery(offered.values(as_json=JSONObject(pk="pk", name="name"))[:_MOST_MACROS])


def _unread_alerts(viewer: Viewer) -> Exists:
    """Whether the viewer was told something of the ticket that they have not read."""
    agent_id = viewer.agent_id if isinstance(viewer, AgentViewer) else None
    return Exists(Alert.objects.filter(ticket_id=OuterRef("pk"), agent_id=agent_id, read_at=None))


def _snoozed_until(viewer: Viewer, now: datetime) -> Subquery:
    """Until when the viewer has put the ticket off."""
    agent_id = viewer.agent_id if isinstance(viewer, AgentViewer) else None
    running = Snooze.objects.filter(ticket=OuterRef("pk"), agent_id=agent_id, ended_at=None, until__gt=now)
    return Subquery(running.values("until")[:1])


def _drafts(viewer: Viewer) -> Exists:
    """Whether the viewer has begun to write something on the ticket and has not sent it."""
    agent_id = viewer.agent_id if isinstance(viewer, AgentViewer) else None
    return Exists(Draft.objects.filter(ticket_id=OuterRef("pk"), agent_id=agent_id))


def _looked_at(viewer: Viewer) -> Subquery:
    """When the viewer last looked at the ticket, of an agent."""
    agent_id = viewer.agent_id if isinstance(viewer, AgentViewer) else None
    return Subquery(TicketLook.objects.filter(ticket_id=OuterRef("pk"), agent_id=agent_id).values("at")[:1])
