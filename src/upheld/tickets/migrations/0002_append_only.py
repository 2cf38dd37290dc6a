from django.db import migrations

FORWARD = """
create trigger story_is_append_only before update or delete on tickets_storyevent
    for each row execute function upheld_refuse_change();
create trigger story_is_never_emptied before truncate on tickets_storyevent
    for each statement execute function upheld_refuse_change();
"""
BACKWARD = """
drop trigger story_is_never_emptied on tickets_storyevent;
drop trigger story_is_append_only on tickets_storyevent;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial"), ("desks", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
