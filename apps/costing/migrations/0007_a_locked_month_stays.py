from django.db import migrations

# Whatever schema the connection stands in: the row's own; undone when the function ends.
HERE = "PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_catalog', true);"
PERIOD = """
CREATE FUNCTION costing_guard_period() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    -- what an export writes, and what opening the month anew does
    exported CONSTANT text[] := ARRAY['state', 'row_version'];
    opened CONSTANT text[] := ARRAY['state', 'row_version', 'version', 'calculated_at', 'published_at',
                                    'disputes_until', 'locked_at', 'lines_hash'];
BEGIN
    {here}
    IF TG_OP = 'DELETE' THEN
        IF OLD.state IN ('locked', 'exported') OR OLD.version > 1 THEN
            RAISE EXCEPTION 'month % is locked', OLD.month USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.month) IS DISTINCT FROM (OLD.id, OLD.month) OR NEW.version < OLD.version THEN
        RAISE EXCEPTION 'month % keeps its name and its versions', OLD.month USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state NOT IN ('locked', 'exported') THEN
        IF NEW.version <> OLD.version THEN
            RAISE EXCEPTION 'month % was not locked', OLD.month USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state = 'exported' AND to_jsonb(NEW) - exported = to_jsonb(OLD) - exported THEN
        RETURN NEW;
    END IF;
    -- only headquarters opens it, and never without a trace that says why
    IF NEW.state = 'open' AND NEW.version = OLD.version + 1 AND to_jsonb(NEW) - opened = to_jsonb(OLD) - opened
       AND EXISTS (SELECT 1 FROM costing_periodstep
                    WHERE period_id = OLD.id AND version = OLD.version AND step = 'unlock'
                      AND starts_with("by", 'hq:') AND reason <> '') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'month % is locked', OLD.month USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER locked_month_stays BEFORE UPDATE OR DELETE ON costing_period
    FOR EACH ROW EXECUTE FUNCTION costing_guard_period();
"""
# FOR SHARE: whoever books while the month is being published or locked waits for that, and then sees that it was.
# An entry's deletion and change are refused by a trigger of its own (0002).
ENTRIES = """
CREATE FUNCTION costing_guard_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    it record;
    stands text;
BEGIN
    {here}
    IF TG_OP = 'INSERT' THEN it := NEW; ELSE it := OLD; END IF;
    IF it.period = '' THEN
        RETURN it;
    END IF;
    SELECT state INTO stands FROM costing_period WHERE month = it.period FOR SHARE;
    -- a month nobody has opened yet is open
    IF stands IS NULL OR stands IN ('open', 'calculated')
       OR stands = 'published' AND it.kind = 'dispute_correction' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'month % takes no entry', it.period USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER closed_month_takes_no_entry BEFORE INSERT OR UPDATE OR DELETE ON costing_workpointentry
    FOR EACH ROW EXECUTE FUNCTION costing_guard_entry();
"""
LINES = """
CREATE FUNCTION costing_guard_line() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    it record;
    stands text;
    at_version integer;
BEGIN
    {here}
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.period_id, NEW.version, NEW.technician_id)
        IS DISTINCT FROM (OLD.id, OLD.period_id, OLD.version, OLD.technician_id) THEN
        RAISE EXCEPTION 'a line stays in its month' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN it := NEW; ELSE it := OLD; END IF;
    SELECT state, version INTO stands, at_version FROM costing_period WHERE id = it.period_id FOR SHARE;
    IF it.version = at_version AND (stands IN ('open', 'calculated') OR stands = 'published' AND TG_OP <> 'DELETE') THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the lines of this month stay' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER lines_of_a_closed_month_stay BEFORE INSERT OR UPDATE OR DELETE ON costing_settlementline
    FOR EACH ROW EXECUTE FUNCTION costing_guard_line();
"""
# Disputes and looks belong to a line; they come and change while the month is published, and never afterwards.
OF_A_LINE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    it record;
    stands text;
BEGIN
    {here}
    IF TG_OP = 'INSERT' THEN it := NEW; ELSE it := OLD; END IF;
    SELECT state INTO stands FROM costing_period
     WHERE id = (SELECT period_id FROM costing_settlementline WHERE id = it.line_id) FOR SHARE;
    IF TG_OP = 'DELETE' OR stands <> 'published'{more} THEN
        RAISE EXCEPTION 'what was said of a line stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
TABLES = (
    {"table": "costing_dispute", "name": "costing_guard_dispute", "more": ""},
    {"table": "costing_linereview", "name": "costing_guard_review", "more": " OR TG_OP = 'UPDATE'"},
)
NOT_EMPTIED = """
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
EMPTIED = "DROP TRIGGER {table}_not_emptied ON {table}"


class Migration(migrations.Migration):
    """A locked month refuses everything but its export, and headquarters' opening it anew as a new version.

    A month that is published takes nothing but what a dispute corrects; once reviewed, nothing at all. The lines of
    older versions stay for ever.
    """

    dependencies = [
        ("costing", "0003_lines_are_looked_at"),
        ("costing", "0006_who_decides_finds_what_waits"),
        ("journal", "0003_no_truncate"),
    ]
    operations = [
        migrations.RunSQL(
            PERIOD.format(here=HERE),
            "DROP TRIGGER locked_month_stays ON costing_period; DROP FUNCTION costing_guard_period();",
        ),
        migrations.RunSQL(
            ENTRIES.format(here=HERE),
            "DROP TRIGGER closed_month_takes_no_entry ON costing_workpointentry; DROP FUNCTION costing_guard_entry();",
        ),
        migrations.RunSQL(
            LINES.format(here=HERE),
            "DROP TRIGGER lines_of_a_closed_month_stay ON costing_settlementline; DROP FUNCTION costing_guard_line();",
        ),
        *(
            migrations.RunSQL(
                OF_A_LINE.format(here=HERE, **one),
                "DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();".format(**one),
            )
            for one in TABLES
        ),
        *(
            migrations.RunSQL(NOT_EMPTIED.format(table=table), EMPTIED.format(table=table))
            for table in ("costing_period", "costing_settlementline", "costing_dispute", "costing_linereview")
        ),
    ]
