from django.db import migrations

FORWARD = """
do $$
declare desk record;
begin
    for desk in select id, next_number from desks_desk loop
        execute format('create sequence desks_number_%s start with %s', desk.id, desk.next_number);
    end loop;
end
$$;
"""
BACKWARD = """
do $$
declare desk record; upcoming bigint;
begin
    for desk in select id from desks_desk loop
        execute format('select last_value + is_called::integer from desks_number_%s', desk.id) into upcoming;
        update desks_desk set next_number = upcoming where id = desk.id;
        execute format('drop sequence desks_number_%s', desk.id);
    end loop;
end
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("desks", "0004_mail_edge")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveField("desk", "next_number"),
    ]
