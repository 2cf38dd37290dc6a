from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_third_parties")]

    operations = [
        migrations.AlterField(
            model_name="participant",
            name="joined_by",
            field=models.CharField(
                choices=[
                    ("request", "asked"),
                    ("copy", "named in copy"),
                    ("agent", "added by an agent"),
                    ("merge", "came with a merged ticket"),
                ],
                default="request",
                max_length=10,
            ),
        ),
    ]
