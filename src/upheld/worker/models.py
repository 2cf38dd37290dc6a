"""The heartbeat of each worker, for `upheld doctor` and `/health`."""

from django.db import models


class Heartbeat(models.Model):
    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()
    started_at = models.DateTimeField()
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
