"""What a desk itself wants to know of its tickets: tags, and fields of its own."""

from django.db import models
from django.db.models.functions import Lower

from upheld.desks.models import Desk
from upheld.people.models import Agent
from upheld.tickets.models.ticket import Ticket


class Tag(models.Model):
    """A word that marks tickets of one desk."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint("desk", Lower("name"), name="a_tag_is_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    """That a ticket bears a tag."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "tag"], name="tagged_once"),
        ]
        indexes = [models.Index(fields=["tag", "ticket"], name="tickets_of_a_tag")]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id}: {self.tag}"


class CustomField(models.Model):
    """A field that a desk added for its own use. No clock looks at it; what a policy asks for is elsewhere."""

    class Kind(models.TextChoices):
        TEXT = "text", "a line of text"
        NUMBER = "number", "a number"
        DATE = "date", "a date"
        CHOICE = "choice", "one of several"
        YES = "yes", "yes or no"

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="custom_fields")
    key = models.SlugField(max_length=40)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "key"], name="a_custom_field_has_its_key"),
        ]

    def __str__(self) -> str:
        return self.label


class CustomValue(models.Model):
    """What a ticket has in a custom field, as text that sorts as its kind does (dates in ISO form)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="custom_values")
    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="values")
    value = models.CharField(max_length=250)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "field"], name="a_custom_field_has_one_value"),
        ]
        indexes = [models.Index(fields=["field", "value", "ticket"], name="tickets_by_custom_value")]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"
