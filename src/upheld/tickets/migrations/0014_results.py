"""What the figures of a desk are counted from: a row for each clock, and one for each pause."""

from datetime import timedelta
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.lookups import GreaterThan

_LASTED = models.Q(GreaterThan(models.F("ended_at") - models.F("started_at"), timedelta(days=27)))


def _key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _note_what_is_to_fill(apps: Any, schema_editor: Any) -> None:
    """Tickets that are there already get their rows at the end of `upheld migrate`, in lots."""
    last = apps.get_model("tickets", "Ticket").objects.aggregate(last=models.Max("id"))["last"]
    if last is not None:
        apps.get_model("tickets", "ResultsToFill").objects.create(done=0, last=last)


class Migration(migrations.Migration):
    dependencies = [
        ("desks", "0007_intake"),
        ("people", "0008_auditors"),
        ("tickets", "0013_workspace"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResultsToFill",
            fields=[
                ("id", _key()),
                ("done", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ClockResult",
            fields=[
                ("id", _key()),
                ("metric", models.CharField(max_length=20)),
                ("cycle", models.PositiveIntegerField()),
                ("target", models.CharField(max_length=63)),
                ("falls_at", models.DateTimeField(null=True)),
                ("verdict", models.CharField(blank=True, default="", max_length=12)),
                ("verdict_at", models.DateTimeField(null=True)),
                ("cause", models.CharField(blank=True, default="", max_length=20)),
                ("correction", models.CharField(blank=True, default="", max_length=12)),
                ("left_out", models.CharField(blank=True, default="", max_length=63)),
                ("late_call", models.BooleanField(default=False)),
                ("owed", models.BooleanField(default=False)),
                ("priority", models.CharField(max_length=40)),
                ("plan", models.CharField(blank=True, default="", max_length=63)),
                ("product", models.CharField(blank=True, default="", max_length=63)),
                ("restricted", models.BooleanField(default=False)),
                (
                    "desk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desks.desk",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clock_results",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["desk", "falls_at"],
                        include=(
                            *("metric", "verdict", "correction", "cause", "left_out", "late_call", "owed"),
                            *("priority", "plan", "team", "restricted", "ticket"),
                        ),
                        name="results_of_a_month",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "metric", "cycle"), name="a_clock_has_one_result"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PauseSpan",
            fields=[
                ("id", _key()),
                ("number", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("status", models.CharField(blank=True, default="", max_length=40)),
                ("reason", models.CharField(blank=True, default="", max_length=250)),
                ("by", models.CharField(max_length=20)),
                ("fact", models.PositiveIntegerField()),
                ("restricted", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desks.desk",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pause_spans",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["desk", "started_at"], name="pauses_by_beginning"),
                    models.Index(fields=["desk", "ended_at"], name="pauses_by_end"),
                    models.Index(fields=["desk", "started_at"], condition=_LASTED, name="pauses_that_lasted"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "number"), name="a_pause_is_noted_once")
                ],
            },
        ),
        migrations.RunPython(_note_what_is_to_fill, migrations.RunPython.noop),
    ]
