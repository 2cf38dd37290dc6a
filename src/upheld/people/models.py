"""The people of a desk: those who write to it and those who answer."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from upheld.desks.models import Desk
from upheld.rules.permissions import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who can sign in: an agent, a contact, or both."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Organization(models.Model):
    name = models.CharField(max_length=160)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="organizations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "name"], name="organization_name_is_unique_on_a_desk")
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Somebody who writes to a desk. The address is kept in lower case and is never proof of identity.

    `confirmed_at` is when somebody first showed that they read mail to this address. Before that, no mail that leaves
    by itself repeats a word that came in its name.
    """

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=160, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact"
    )
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")), name="contact_address_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.address


class Agent(models.Model):
    """Somebody who answers tickets; on which desks and with which right, a membership says."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="agent")
    zone = models.CharField(max_length=64, blank=True, default="")
    signature = models.TextField(blank=True, default="")
    wants_digest = models.BooleanField(default=True)

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

    `product` and `region` are ids of the policy; empty means that the agent fills the role whatever they are.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="role_holders")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=63)
    product = models.CharField(max_length=63, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "role", "agent", "product", "region"], name="a_role_is_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.role} of {self.desk}"


class Team(models.Model):
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(Agent, related_name="teams", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "name"], name="team_name_is_unique_on_a_desk")]

    def __str__(self) -> str:
        return self.name
