"""A desk on which everything exists and every word is hostile."""

from datetime import timedelta
from itertools import count

from desk_twice import NOW, ORDINARY, DeskTwice, build
from django.db import connection
from hostile_columns import FREE_KINDS, fill, hostile_policy

from harness.cast import LONG_AGO, Cast, at
from upheld.desks.actions import publish_policy
from upheld.desks.audit import record
from upheld.desks.models import Desk, PolicyWithdrawal
from upheld.mailboxes.models import Source
from upheld.notices.models import Alert, AlertPace, Push
from upheld.people.models import Agent, AlertAddress, NamedAuditor
from upheld.tickets import actions
from upheld.tickets.models import (
    Broadcast,
    BroadcastCopy,
    Collaborator,
    CustomField,
    CustomValue,
    Draft,
    DraftFile,
    InformationAsked,
    Page,
    PauseSpan,
    Press,
    Problem,
    Reader,
    SavedReply,
    StoryEvent,
    ThirdPartyWait,
    Ticket,
)
from upheld.tickets.models.proof import Difference, Verification
from upheld.worker.models import Heartbeat

# The number of every word of the policy.
POLICY = 9999
ALERTS = """
    reply breach warning escalated raised third_party assigned customer_wrote handed_over joined mentioned not_done
    snooze_over side_answered bounced answer_kept paged restricted held_alert
"""
# What facts, alerts and entries of the audit say of anybody or anything, by the names under which they say it.
SAID = """
    name to by before reason subject title reference label with agent_name contact_name organization role role_label
    status_label priority_label level_label metric_label plan product meaning text third_party source site duplicate
    kept team number sender recipient side_subject signature was why cause from_label to_label
"""
SAID_OF_SEVERAL = ("names", "numbers", "told", "readers", "added")


def hostile_desk(cast: Cast, charlie: Agent) -> tuple[DeskTwice, dict[int, str]]:
    """The desk, and which number stands in which column."""
    _hostile_policy(cast)
    world = build(cast, charlie, (ORDINARY,))
    ticket = world.values[ORDINARY]["ticket"]
    _what_is_rare(cast, ticket)
    _what_was_said(cast, ticket)
    return world, fill() | {POLICY: "the words of the policy"}


def _hostile_policy(cast: Cast) -> None:
    """In the place of the version that the desk began with, so that tickets live under it."""
    [version] = cast.desk.policy_versions.all()
    text = hostile_policy(POLICY, version.document["document"])
    with connection.cursor() as cursor:
        for each in ("desks_policyversion", "desks_auditentry"):
            cursor.execute(f"set constraints all immediate; alter table {each} disable trigger user")
        version.delete()
        for each in ("desks_policyversion", "desks_auditentry"):
            cursor.execute(f"set constraints all immediate; alter table {each} enable trigger user")
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests")


def _what_is_rare(cast: Cast, ticket: Ticket) -> None:
    """A row of everything that the stories of other tests come by seldom."""
    desk, bob, ada = cast.desk, cast.bob, cast.ada
    once = {"at": NOW, "by": "tests"}
    PolicyWithdrawal.objects.create(version=publish_policy(desk, _other(desk), now=NOW, by="tests"), **once)
    NamedAuditor.objects.create(desk=desk, agent=ada, added_at=NOW, added_by="tests")
    Reader.objects.create(ticket=ticket, agent=ada, added_at=NOW, added_by="tests")
    AlertPace.objects.create(desk=desk, to_address="x@desk.example.com")
    page = ticket.pages.get()
    for kind in ALERTS.split():
        _alert(cast, ticket, kind, page)
    phone = AlertAddress.objects.create(agent=ada, label="Phone", scheme="ntfy", added_at=NOW, last_error="x")
    Push.objects.create(alert=Alert.objects.first(), address=phone, state="failed", next_try_at=NOW)
    InformationAsked.objects.create(ticket=ticket, items=[], asked_at=NOW)
    for kind in CustomField.Kind.values:
        own = desk.custom_fields.create(key=f"own-{kind}", label="Own", kind=kind, choices=["x"])
        if kind in ("text", "choice"):
            CustomValue.objects.create(ticket=ticket, field=own, value="x")
    told = Broadcast.objects.create(problem=Problem.objects.first(), agent=bob, at=NOW, text="x")
    BroadcastCopy.objects.create(broadcast=told, ticket=ticket, done_at=NOW, left_out="x")
    proof = Verification.objects.create(desk=desk, started_at=NOW, ended_at=NOW, by="tests", differences=1)
    Difference.objects.create(verification=proof, ticket_id=ticket.pk, number=ticket.number, what="standing")
    paused = {"started_at": NOW, "ended_at": NOW, "reason": "x", "by": "agent", "fact": 1, "agent": bob}
    PauseSpan.objects.create(ticket=ticket, desk=desk, number=1, **paused)
    joined = {"joined_at": NOW, "joined_by": bob}
    Collaborator.objects.create(ticket=ticket, agent=cast.lena, reason="x", **joined)
    waits = {"tells_name": True, "tells_promise": True, "promised_at": NOW, "begun_at": NOW, "begun_by": bob}
    ThirdPartyWait.objects.create(ticket=ticket, name="x", url="https://x.example", **waits)
    for agent in (bob, ada):
        for kind in ("reply", "note"):
            draft = Draft.objects.create(agent=agent, ticket=ticket, kind=kind, text="x", updated_at=NOW)
            _file(agent, draft)
        for kind in ("reply", "macro", "bulk", "side"):
            soon = {"pressed_at": NOW, "leaves_at": NOW + timedelta(minutes=1)}
            said = {
                "name": "X",
                "text": "X",
                "subject": "X",
                "address": "X",
                "tickets": [ticket.pk],
                "total": 1,
            }
            Press.objects.create(
                agent=agent, desk=desk, ticket=ticket, kind=kind, payload=said, why="x", **soon
            )
    for agent in (None, bob, ada):
        SavedReply.objects.create(desk=desk, agent=agent, name="x", text="x", changed_at=NOW)
    Source.objects.create(
        name="x",
        mailbox=desk.mailboxes.get(is_default=True),
        protocol="imap",
        host="x",
        port=993,
        created_at=NOW,
    )
    Heartbeat.objects.create(name="x", at=NOW, started_at=NOW, data={"x": "X"})


def _other(desk: Desk) -> str:
    return hostile_policy(POLICY, desk.policy_versions.get().document["document"]).replace("W" * 9, "V" * 9)


def _alert(cast: Cast, ticket: Ticket, kind: str, page: Page) -> None:
    shared = {"desk": cast.desk, "kind": kind, "at": NOW, "created_at": NOW, "leaves_at": NOW}
    for agent in (cast.ada, cast.bob):
        said = dict.fromkeys(SAID.split(), "X") | {"page_id": page.pk, "agent_id": agent.pk}
        of_ticket = {"ticket_id": ticket.pk, "ticket_number": ticket.number, "data": said}
        Alert.objects.create(agent=agent, key=f"{kind}:{agent.pk}", **shared, **of_ticket)


def _file(agent: Agent, draft: Draft) -> None:
    stored = {"content_type": "x", "size": 1, "digest": "0" * 64, "stored_as": "00/x", "uploaded_at": NOW}
    DraftFile.objects.create(agent=agent, draft=draft, name="x", **stored)


def _what_was_said(cast: Cast, ticket: Ticket) -> None:
    """A line of the story of every kind that is free, and what is administered with words of every name."""
    actions.set_priority(ticket.pk, cast.bob, "low", at("2026-03-20 09:35"), reason="x")
    actions.set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-03-20 09:36"), reason="x")
    said = dict.fromkeys(SAID.split(), "X") | {name: ["X"] for name in SAID_OF_SEVERAL}
    begin = ticket.story.count() + 100
    StoryEvent.objects.bulk_create(
        StoryEvent(
            ticket=ticket,
            seq=seq,
            at=NOW,
            recorded_at=NOW,
            kind=kind,
            actor="agent",
            agent=cast.bob,
            data=said,
        )
        for seq, kind in zip(count(begin), sorted(FREE_KINDS), strict=False)
    )
    record(
        at=NOW,
        actor="tests",
        action="desk.changed",
        subject="x",
        desk=cast.desk,
        before=said,
        after=said | {"a": "X"},
    )
