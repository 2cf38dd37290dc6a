"""Those who answer."""

from django.db import models

from upheld.desks.models import Desk
from upheld.people.models.customers import Organization
from upheld.people.models.users import User
from upheld.rules.permissions import Role


class AlertHours(models.TextChoices):
    DESK = "desk", "the hours of the desk"
    ALWAYS = "always", "at any hour"
    OWN = "own", "hours of my own"


class AfterSending(models.TextChoices):
    NEXT = "next", "the next ticket of the list"
    STAY = "stay", "the same ticket"
    LIST = "list", "the list"


class HoursAs(models.TextChoices):
    HALF = "12", "3:30 pm"
    WHOLE = "24", "15:30"


class Agent(models.Model):
    """Somebody who answers tickets; on which desks and with which right, a membership says.

    Outside `alert_hours` nothing but a page is sent to them. `alert_times` are weekly hours of their own, as a policy's
    calendar writes them, in their zone. `alert_ways` says by kind of notice how they are told besides the pages of the
    desk ("mail", "push"); a kind that is not named goes by both.

    For `undo_seconds` a reply waits before it leaves. `single_keys` says whether a bare letter is a shortcut,
    `hours_as` how they read times of day, `alerts_in_browser` that their browser may show what they are told.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="agent")
    zone = models.CharField(max_length=64, blank=True, default="")
    signature = models.TextField(blank=True, default="")
    wants_digest = models.BooleanField(default=True)
    alert_hours = models.CharField(max_length=10, choices=AlertHours.choices, default=AlertHours.DESK)
    alert_times = models.JSONField(default=dict, blank=True)
    alert_ways = models.JSONField(default=dict, blank=True)
    undo_seconds = models.PositiveSmallIntegerField(default=10)
    after_sending = models.CharField(max_length=10, choices=AfterSending.choices, default=AfterSending.NEXT)
    single_keys = models.BooleanField(default=True)
    hours_as = models.CharField(max_length=2, choices=HoursAs.choices, blank=True, default="")
    alerts_in_browser = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def address(self) -> str:
        return self.user.email


class Membership(models.Model):
    """An agent's role on one desk."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role.staff()])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "desk"], name="one_membership_a_desk")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.role} of {self.desk}"


class RoleHolder(models.Model):
    """Who fills a role that the desk's policy names, such as the support manager.

    `product` and `region` are ids of the policy; empty means that the agent fills the role whatever they are. The same
    goes for `organization`. `rank` 0 is the holder; 1 and up are deputies, who stand in, the lowest first, while those
    before them are absent or outside `calendar` (an id of the policy; empty is around the clock).
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="role_holders")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=63)
    product = models.CharField(max_length=63, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="role_holders"
    )
    rank = models.PositiveSmallIntegerField(default=0)
    calendar = models.CharField(max_length=63, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "role", "agent", "product", "region", "organization"],
                nulls_distinct=False,
                name="a_role_is_held_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.role} of {self.desk}"


class Absence(models.Model):
    """An agent is away: nobody waits for them, and their deputies stand in."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} away until {self.ends_at:%Y-%m-%d}"


class NamedReader(models.Model):
    """Somebody who may read the restricted tickets of a desk from their receipt. No role includes it."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="named_readers")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="named_on")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "agent"], name="a_reader_is_named_once")]

    def __str__(self) -> str:
        return f"{self.agent} reads what is restricted on {self.desk}"


class NamedAuditor(models.Model):
    """Somebody who sees the figures of a desk over all its tickets, even those they may not read. No role has it."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="named_auditors")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="audits")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "agent"], name="an_auditor_is_named_once")]

    def __str__(self) -> str:
        return f"{self.agent} audits {self.desk}"


class Team(models.Model):
    """Agents who share work. `tier` is the id of the policy's level of technical support that they are."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(Agent, related_name="teams", blank=True)
    tier = models.CharField(max_length=63, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "name"], name="team_name_is_unique_on_a_desk")]

    def __str__(self) -> str:
        return self.name
