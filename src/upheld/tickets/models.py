"""Tickets, what was said on them, and the append-only story from which every standing is derived."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import MD5

from upheld.desks.models import Desk, Mailbox, PolicyVersion, Portal
from upheld.people.models import Agent, Contact, Contract, Organization, Site, Team
from upheld.policy import Actor

# The order of the queue; `upheld.tickets.queries` asks in it.
_NEXT_DUE_FIRST = (models.F("next_due_at").asc(nulls_last=True), models.F("priority_rank"), models.F("id"))
_STILL_OPEN = ~models.Q(status_category__in=["resolved", "closed"])


class Ticket(models.Model):
    """One request. What its policy makes of the story (status, priority, due times) is derived and stored here
    for queries; `upheld.tickets.pen` is the only writer of those columns.

    `policy_version` was in force when the ticket was opened; `later_version` is the one that has taken it over since,
    where there is one. In the words of the latter the derived columns speak.

    `organization` and `contract` are those for which it was received; the contract was in force then and stays.
    `product`, `region`, `plan`, `reason` and `request_type` are ids of the policy, as the facts of the story say them.
    `requested_priority` is what the customer wants; `priority` what holds. `information` holds what the customer gave
    of what the policy asks for, by its ids. A `restricted` ticket is seen by its readers only, whatever anybody's role.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=32, unique=True)
    subject = models.CharField(max_length=250)
    channel = models.CharField(max_length=20)
    requester = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="requested_tickets")
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="tickets")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="tickets")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    portal = models.ForeignKey(
        Portal, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    site = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )
    product = models.CharField(max_length=63, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    plan = models.CharField(max_length=63, blank=True, default="")
    reason = models.CharField(max_length=63, blank=True, default="")
    request_type = models.CharField(max_length=63, blank=True, default="")
    requested_priority = models.CharField(max_length=63, blank=True, default="")
    information = models.JSONField(default=dict, blank=True)
    restricted = models.BooleanField(default=False)

    # derived
    later_version = models.ForeignKey(
        PolicyVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=40)
    status_category = models.CharField(max_length=10)
    priority = models.CharField(max_length=40)
    priority_rank = models.PositiveSmallIntegerField()
    standing = models.JSONField(default=dict)
    next_due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(models.F("desk"), *_NEXT_DUE_FIRST, condition=_STILL_OPEN, name="tickets_queue"),
            models.Index(
                models.F("desk"),
                models.F("assignee"),
                *_NEXT_DUE_FIRST,
                condition=_STILL_OPEN,
                name="tickets_of_an_assignee",
            ),
            models.Index(
                models.F("desk"),
                models.F("status_category"),
                *_NEXT_DUE_FIRST,
                condition=_STILL_OPEN,
                name="tickets_of_a_category",
            ),
            models.Index(
                fields=["wake_at", "id"], condition=models.Q(wake_at__isnull=False), name="tickets_to_wake"
            ),
            models.Index(fields=["desk", "-updated_at", "-id"], name="tickets_by_recency"),
            models.Index(
                fields=["desk", "status_category", "-updated_at", "-id"],
                condition=models.Q(status_category__in=["resolved", "closed"]),
                name="tickets_done_by_recency",
            ),
            models.Index(fields=["requester", "-updated_at"], name="tickets_of_a_requester"),
            models.Index(fields=["desk"], condition=models.Q(restricted=True), name="tickets_restricted"),
            models.Index(
                fields=["organization", "-updated_at"],
                condition=models.Q(organization__isnull=False),
                name="tickets_of_an_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class TicketText(models.Model):
    """What full-text search sees of a ticket; apart from the ticket, so that the queue's rows stay narrow."""

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="search_text"
    )
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="ticket_text_words")]

    def __str__(self) -> str:
        return f"words of ticket {self.ticket_id}"


class JoinedBy(models.TextChoices):
    REQUEST = "request", "asked"
    COPY = "copy", "named in copy"
    AGENT = "agent", "added by an agent"


class Participant(models.Model):
    """A contact who belongs to a ticket. `key_serial` is part of the reply token and the link: raising it ends both."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="participations")
    is_requester = models.BooleanField(default=False)
    joined_by = models.CharField(max_length=10, choices=JoinedBy.choices, default=JoinedBy.REQUEST)
    sees_from = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    key_serial = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="a_contact_participates_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(is_requester=True), name="one_requester_a_ticket"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} on ticket {self.ticket_id}"


class Message(models.Model):
    """Something said: a customer's or third party's message, an agent's reply, an internal note, a logged call.

    Of a call, `at` is when it was entered and `stated_at` when it is said to have taken place; `direction` is `in` or
    `out`, and the text is a summary for the desk that participants do not see.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        REPLY = "reply"
        NOTE = "note"
        THIRD_PARTY = "third_party"
        MACHINE = "machine"
        CALL = "call"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    text = models.TextField()
    quoted_text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    released = models.BooleanField(default=True)
    held_because = models.CharField(max_length=300, blank=True, default="")
    message_id = models.CharField(max_length=998, blank=True, default="")
    raw_mail_id = models.BigIntegerField(null=True)
    stated_at = models.DateTimeField(null=True)
    direction = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="messages_of_a_ticket"),
            models.Index(MD5("message_id"), condition=~models.Q(message_id=""), name="messages_by_mail_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_public(self) -> bool:
        """Whether the ticket's participants may read it."""
        return self.kind not in (self.Kind.NOTE, self.Kind.CALL) and self.released

    @property
    def author(self) -> str:
        return str(self.agent or self.contact or "")


class Attachment(models.Model):
    """A file of a message. `name` is what the sender called it and only ever data; the stored name is ours."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    content_id = models.CharField(max_length=200, blank=True, default="")
    inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class StoryEvent(models.Model):
    """One line of a ticket's story. Append-only: database triggers refuse UPDATE and DELETE.

    A fact has no `consequence_key`; a consequence has one, unique on its ticket, so that each happens once.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="story")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=12, choices=[(actor.value, actor.value) for actor in Actor])
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    consequence_key = models.CharField(max_length=120, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="story_sequence_is_unique"),
            models.UniqueConstraint(fields=["ticket", "consequence_key"], name="a_consequence_happens_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class TicketLink(models.Model):
    """Two tickets belong together. `ticket` is the one from which the other came, where there is an order."""

    class Kind(models.TextChoices):
        TOGETHER = "together", "reported together"
        SPLIT = "split", "split off"
        RELATED = "related", "related"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RELATED)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other"], name="two_tickets_are_linked_once"),
            models.CheckConstraint(
                condition=~models.Q(ticket=models.F("other")), name="no_ticket_is_linked_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} and {self.other_id}"


class Reader(models.Model):
    """An agent who may read a restricted ticket. Who named them is kept; who was taken out stays as a row."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="readers")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="reads")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=254, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="an_agent_reads_once")]

    def __str__(self) -> str:
        return f"{self.agent} reads ticket {self.ticket_id}"


class Reading(models.Model):
    """Somebody looked at a restricted ticket. Append-only: database triggers refuse UPDATE and DELETE."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="readings")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-at", "-id"], name="readings_of_a_ticket")]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} read at {self.at:%Y-%m-%d %H:%M}"


class InformationAsked(models.Model):
    """A ticket lacks what its policy asks for, and its requester was asked. `items` are ids of the policy.

    It ends when everything was given, when an agent waives the rest, or, where a clock waits for it, when the customer
    writes again: `ended_because` is `given`, `waived` or `replied`.
    """

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="information_asked"
    )
    items = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, blank=True, default="")
    ended_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"information asked on ticket {self.ticket_id}"


class HeldState(models.TextChoices):
    HELD = "held", "held at intake"
    ADMITTED = "admitted", "admitted"
    DECLINED = "declined", "declined"


class HeldRequest(models.Model):
    """A request that has no number, because nobody found what entitles its sender to one. Nothing of it is lost.

    `because` is for agents and never leaves the desk. Its own clock: `due_at` is by when somebody has to decide,
    `wake_at` when the next alert leaves. Once admitted, `ticket` is what it became. `requested_priority` is one that
    its sender chose; one that they name in words is read from them again. `opened_by` is an agent who entered it for
    its sender, and `follows` a ticket that it came too late to reopen.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="held_requests")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="+")
    portal = models.ForeignKey(Portal, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="held_requests")
    organization = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=250)
    product = models.CharField(max_length=63, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    request_type = models.CharField(max_length=63, blank=True, default="")
    requested_priority = models.CharField(max_length=63, blank=True, default="")
    reason = models.CharField(max_length=63, blank=True, default="")
    information = models.JSONField(default=dict, blank=True)
    restricted = models.BooleanField(default=False)
    opened_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    copies: "models.ManyToManyField[Contact, models.Model]" = models.ManyToManyField(
        Contact, related_name="+", blank=True
    )
    because = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.HELD)
    due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    alerts = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=500, blank=True, default="")
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.PROTECT, related_name="held_request")

    class Meta:
        indexes = [
            models.Index(
                fields=["desk", "due_at", "id"], condition=models.Q(state="held"), name="requests_held"
            ),
            models.Index(
                fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="held_requests_to_wake"
            ),
            models.Index(
                fields=["contact", "desk"],
                condition=models.Q(state="held"),
                name="requests_held_of_a_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"held request {self.pk}: {self.subject}"


class HeldMessage(models.Model):
    """What the sender of a held request wrote: the request itself first, then what they added while it was held. Of a
    call an agent's summary, with `stated_at` and `direction` as of a message on a ticket."""

    request = models.ForeignKey(HeldRequest, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    text = models.TextField()
    quoted_text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=998, blank=True, default="")
    raw_mail_id = models.BigIntegerField(null=True)
    stated_at = models.DateTimeField(null=True)
    direction = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                MD5("message_id"), condition=~models.Q(message_id=""), name="held_messages_by_mail_id"
            )
        ]

    def __str__(self) -> str:
        return f"message of held request {self.request_id}"


class HeldFile(models.Model):
    """A file of a held request; on admission the same stored bytes become an attachment."""

    message = models.ForeignKey(HeldMessage, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    content_id = models.CharField(max_length=200, blank=True, default="")
    inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
