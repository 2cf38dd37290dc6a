"""Who is on call, and how agents are told."""

from django.db import models

from upheld.desks.models import Desk
from upheld.people.models.staff import Agent


class Rota(models.Model):
    """People who fill a role of the policy in turn, a week each.

    The first shift begins on `starts_on` at `hand_over_at`, wall time in `zone`, and each lasts seven days. Whoever is
    paged has `answer_minutes` before the next in line is. `feed_serial` is part of the key of its calendar feed:
    raising it ends every address that was given out.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="rotas")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=63)
    zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    hand_over_at = models.TimeField()
    answer_minutes = models.PositiveSmallIntegerField(default=5)
    feed_serial = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "name"], name="rota_name_is_unique_on_a_desk"),
            models.UniqueConstraint(fields=["desk", "role"], name="one_rota_a_role"),
        ]

    def __str__(self) -> str:
        return self.name


class RotaMember(models.Model):
    """An agent's place in the turns of a rota, from 0."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="members")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="rotas")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rota", "place"], name="one_agent_a_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["rota", "agent"], name="an_agent_has_one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} in {self.rota}"


class RotaSwap(models.Model):
    """Somebody takes over for a while, whoever's turn it is; of several the latest made counts."""

    rota = models.ForeignKey(Rota, on_delete=models.CASCADE, related_name="swaps")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="swap_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} for {self.rota} from {self.starts_at:%Y-%m-%d %H:%M}"


class AlertAddress(models.Model):
    """Where an agent is told besides mail and these pages: a phone or a chat, through apprise.

    Its address holds a key and is sealed under `secret_name`; only its `scheme` is shown.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="alert_addresses")
    label = models.CharField(max_length=80)
    scheme = models.CharField(max_length=20)
    is_on = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.label} of {self.agent}"

    @property
    def secret_name(self) -> str:
        """The name under which its address is sealed."""
        return f"alert-address:{self.pk}"
