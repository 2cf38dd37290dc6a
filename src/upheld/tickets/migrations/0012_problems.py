"""What a ticket's story knows of its solved problem, and how often a copy of a broadcast failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_merged_participants")]

    operations = [
        migrations.AddField(
            model_name="affected",
            name="solved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="broadcastcopy",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
