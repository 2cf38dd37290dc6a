from django.db import migrations, models

# Until now the priority alone said that a ticket is for few people.
RESTRICT = """
update tickets_ticket ticket set restricted = true
from desks_policyversion version, jsonb_array_elements(version.document -> 'priorities') level
where version.id = coalesce(ticket.later_version_id, ticket.policy_version_id)
    and level ->> 'id' = ticket.priority
    and level ->> 'restricted' = 'true'
"""


class Migration(migrations.Migration):
    # PostgreSQL makes no index in the transaction that has changed rows of its table.
    atomic = False

    dependencies = [("tickets", "0007_held_origin")]

    operations = [
        migrations.RunSQL(RESTRICT, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["desk"], condition=models.Q(("restricted", True)), name="tickets_restricted"
            ),
        ),
    ]
