"""A desk, its mailboxes, the policy versions published on it, and the audit of its administration."""

from django.db import models
from django.db.models.functions import Lower

SEARCH_CONFIGURATIONS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "sv": "swedish",
}


class Desk(models.Model):
    """One support team's front door: a name, a number series, a zone, and one policy in force at a time."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    introduction = models.TextField(blank=True, default="")
    ticket_word = models.CharField(max_length=20, default="ticket")
    number_prefix = models.CharField(max_length=8, unique=True)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default="en")
    colour = models.CharField(max_length=7, blank=True, default="")
    mail_footer = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def search_configuration(self) -> str:
        """PostgreSQL's text search configuration for the desk's language; `simple` where it has none."""
        return SEARCH_CONFIGURATIONS.get(self.language, "simple")


class Mailbox(models.Model):
    """An address at which a desk receives mail. Plus-addresses of it carry reply tokens.

    `checked_by` is the name (authserv-id) under which the mail server in front of this mailbox reports what it
    found out about a sender's domain; empty means that nobody is believed. `is_list` says that the address is itself
    a mailing list, so that marks of a list do not make a mail automatic.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="mailboxes")
    address = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    is_default = models.BooleanField(default=False)
    checked_by = models.CharField(max_length=253, blank=True, default="")
    is_list = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk"], condition=models.Q(is_default=True), name="one_default_mailbox_a_desk"
            ),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="mailbox_address_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class PolicyVersion(models.Model):
    """A published policy: immutable, with its holiday dates frozen in. A ticket is pinned to one."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="policy_versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=254)
    zone_data_version = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "number"], name="policy_version_number_is_unique_on_a_desk"
            )
        ]

    def __str__(self) -> str:
        return f"{self.desk} policy, version {self.number}"


class Secret(models.Model):
    """Something that only a program needs: a mailbox's password, a token. Encrypted; the key is not in the database."""

    name = models.CharField(max_length=120, unique=True)
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"secret {self.name}"


class AuditEntry(models.Model):
    """Who changed what in the administration, and when. Append-only: a database trigger holds it."""

    at = models.DateTimeField()
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=254)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="audit_newest_first")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action} {self.subject}"
