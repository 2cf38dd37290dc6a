"""Verifications: every story replayed, and compared with what is stored."""

from django.db import models

from upheld.desks.models import Desk


class Verification(models.Model):
    """One run over the tickets of a desk. `ended_at` is empty while it waits or runs, and when it was killed. `counts`
    are without restricted tickets; `differences` are of all."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=254)
    counts = models.JSONField(default=dict)
    differences = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="verifications_latest")]

    def __str__(self) -> str:
        return f"verification of {self.started_at:%Y-%m-%d %H:%M}"


class Difference(models.Model):
    """Something that is not as the story makes it: where, what is stored, and what it should be."""

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="found")
    ticket_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=32)
    what = models.CharField(max_length=60)
    stored = models.TextField(blank=True, default="")
    replayed = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["verification", "id"], name="differences_found")]

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"
