"""Where a held request came from: what it is about, who entered it, and which ticket it follows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_intake"), ("tickets", "0006_intake")]

    operations = [
        migrations.AddField(
            model_name="heldrequest",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=63),
        ),
        migrations.AddField(
            model_name="heldrequest",
            name="opened_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="heldrequest",
            name="follows",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="heldmessage", name="stated_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="heldmessage",
            name="direction",
            field=models.CharField(blank=True, default="", max_length=3),
        ),
    ]
