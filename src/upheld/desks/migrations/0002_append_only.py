from django.db import migrations

FORWARD = """
create function upheld_refuse_change() returns trigger language plpgsql as $$
begin
    -- Tests empty their tables between stories; nothing else sets this.
    if tg_op = 'TRUNCATE' and current_setting('upheld.tests_may_truncate', true) = 'on' then
        return null;
    end if;
    raise exception 'rows of % are never changed or deleted', tg_table_name
        using errcode = 'restrict_violation', hint = 'Append a new row instead.';
end
$$;
create trigger policy_versions_are_immutable before update or delete on desks_policyversion
    for each row execute function upheld_refuse_change();
create trigger audit_is_append_only before update or delete on desks_auditentry
    for each row execute function upheld_refuse_change();
create trigger policy_versions_are_never_emptied before truncate on desks_policyversion
    for each statement execute function upheld_refuse_change();
create trigger audit_is_never_emptied before truncate on desks_auditentry
    for each statement execute function upheld_refuse_change();
"""
BACKWARD = """
drop trigger audit_is_never_emptied on desks_auditentry;
drop trigger policy_versions_are_never_emptied on desks_policyversion;
drop trigger audit_is_append_only on desks_auditentry;
drop trigger policy_versions_are_immutable on desks_policyversion;
drop function upheld_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("desks", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
