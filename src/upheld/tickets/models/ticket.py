"""Tickets: one request each, with what its policy makes of the story."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from upheld.desks.models import Desk, PolicyVersion, Portal
from upheld.people.models import Agent, Contact, Contract, Organization, Site, Team

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
    `merged_into` is the ticket of which it is a part now. What `is_spam` is in no list but its own.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=32, unique=True)
    subject = models.CharField(max_length=250)
    channel = models.CharField(max_length=20)
    requester = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="requested_tickets")
    assignee = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="tickets", db_index=False
    )
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
    is_spam = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )

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
            # A list over all times that asks for something rare would walk through every ticket of the desk.
            models.Index(fields=["desk", "priority", "-updated_at", "-id"], name="tickets_of_a_priority"),
            models.Index(
                fields=["assignee", "desk", "-updated_at", "-id"],
                condition=models.Q(assignee__isnull=False),
                name="tickets_ever_of_an_assignee",
            ),
            models.Index(
                fields=["team", "desk", "-updated_at", "-id"],
                condition=models.Q(team__isnull=False),
                name="tickets_ever_of_a_team",
            ),
            models.Index(
                fields=["desk", "status_category", "-updated_at", "-id"],
                condition=models.Q(status_category__in=["resolved", "closed"]),
                name="tickets_done_by_recency",
            ),
            models.Index(fields=["requester", "-updated_at"], name="tickets_of_a_requester"),
            models.Index(fields=["desk"], condition=models.Q(restricted=True), name="tickets_restricted"),
            models.Index(
                fields=["desk", "-updated_at"], condition=models.Q(is_spam=True), name="tickets_that_are_spam"
            ),
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="tickets_merged"
            ),
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
