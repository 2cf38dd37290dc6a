from django.db import migrations

FORWARD = """
create table upheld_cache (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamptz not null
);
create index upheld_cache_expires on upheld_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("desks", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, "drop table upheld_cache;")]
