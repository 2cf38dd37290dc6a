from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mailboxes", "0002_sources_and_kept")]

    operations = [
        migrations.AddIndex(
            "rawmail",
            models.Index(fields=["-id"], condition=models.Q(state="discarded"), name="mail_put_aside"),
        ),
    ]
