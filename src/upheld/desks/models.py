"""A desk, its mailboxes, the policy versions published on it, and the audit of its administration."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models.functions import Lower

from upheld.policy import Mode

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
    a mailing list, so that marks of a list do not make a mail automatic. What comes to a `restricted` one is for named
    people only, from its receipt on. `product`, an id of the policy, is what mail to it is about.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="mailboxes")
    address = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    is_default = models.BooleanField(default=False)
    checked_by = models.CharField(max_length=253, blank=True, default="")
    is_list = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    product = models.CharField(max_length=63, blank=True, default="")

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


class Portal(models.Model):
    """A front door for customers, for one kind of enquiry; a desk has one or several, one of them the usual one.

    `products` and `request_types` are ids of the policy that can be chosen here; empty means all. What is submitted at
    a `restricted` one is for named people only, from its receipt on. `look` holds its own values of design tokens.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="portals")
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    enquiry = models.CharField(max_length=200, blank=True, default="")
    introduction = models.TextField(blank=True, default="")
    guidance = models.TextField(blank=True, default="")
    mailbox = models.ForeignKey(
        Mailbox, null=True, blank=True, on_delete=models.SET_NULL, related_name="portals"
    )
    products = models.JSONField(default=list, blank=True)
    request_types = models.JSONField(default=list, blank=True)
    look = models.JSONField(default=dict, blank=True)
    is_default = models.BooleanField(default=False)
    is_listed = models.BooleanField(default=True)
    restricted = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk"], condition=models.Q(is_default=True), name="one_default_portal_a_desk"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PolicyVersions(models.QuerySet["PolicyVersion"]):
    """Published versions, and which of them hold."""

    def that_hold(self) -> Self:
        """Leave out what was withdrawn before it took effect."""
        return self.filter(withdrawal=None)

    def in_force(self, at: datetime) -> Self:
        """Those whose time has come, the one in force first."""
        return self.that_hold().filter(effective_from__lte=at).order_by("-effective_from", "-number")


class PolicyVersion(models.Model):
    """A published policy: immutable, with its holiday dates frozen in. A ticket is pinned to one.

    `mode` says what becomes of the tickets that are open when it takes effect: `pin` leaves them under theirs. `remark`
    says why it was published.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="policy_versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=254)
    zone_data_version = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, default=Mode.pin.value)
    remark = models.CharField(max_length=200, blank=True, default="")

    objects = PolicyVersions.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "number"], name="policy_version_number_is_unique_on_a_desk"
            )
        ]
        indexes = [
            models.Index(
                fields=["desk", "effective_from", "number"],
                condition=~models.Q(mode=Mode.pin.value),
                name="policy_versions_taking_over",
            )
        ]

    def __str__(self) -> str:
        return f"{self.desk} policy, version {self.number}"


class PolicyWithdrawal(models.Model):
    """A version was withdrawn before it took effect. Append-only, like the versions."""

    version = models.OneToOneField(
        PolicyVersion, primary_key=True, on_delete=models.PROTECT, related_name="withdrawal"
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=254)

    def __str__(self) -> str:
        return f"withdrawal of {self.version}"


class Takeover(models.Model):
    """How far we are with waking the open tickets that a version takes over, each at its effective instant.

    Tickets are walked in the order of their ids; those up to `reached` are awake in time. Whoever finds one that is not
    `done` goes on with it.
    """

    version = models.OneToOneField(
        PolicyVersion, primary_key=True, on_delete=models.PROTECT, related_name="takeover"
    )
    reached = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["version"], condition=models.Q(done=False), name="takeovers_under_way")
        ]

    def __str__(self) -> str:
        return f"takeover by {self.version}"


class PolicyDraft(models.Model):
    """A document on its way to being published. `based_on` is the version from which it started.

    `effective_from` empty means at once. `effect` is what its publication was last seen to do to the open tickets, as
    plain JSON, together with all that it was seen for; it is empty until somebody looked.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="policy_drafts")
    based_on = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    mode = models.CharField(max_length=10, default=Mode.pin.value)
    effective_from = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True, default="")
    effect = models.JSONField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=254)

    def __str__(self) -> str:
        return f"draft of {self.desk} policy"


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
