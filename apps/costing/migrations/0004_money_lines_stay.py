from django.db import migrations

# FOR SHARE: who closes the month waits for lines that are being written, and whoever writes afterwards sees it closed.
LINES = """
CREATE FUNCTION costing_guard_moneyline() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    stands text;
BEGIN
    -- whatever schema the connection stands in: the row's own; undone when the function ends
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_catalog', true);
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'line % stays', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.period <> '' OR NEW.period = ''
        OR to_jsonb(NEW) - ARRAY['period', 'late'] <> to_jsonb(OLD) - ARRAY['period', 'late']) THEN
        RAISE EXCEPTION 'line % stays as it was written', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.period <> '' THEN
        SELECT state INTO stands FROM costing_costperiod WHERE month = NEW.period FOR SHARE;
        IF stands IS DISTINCT FROM 'open' THEN
            RAISE EXCEPTION 'month % takes no lines', NEW.period USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moneyline_stays BEFORE INSERT OR UPDATE OR DELETE ON costing_moneyline
    FOR EACH ROW EXECUTE FUNCTION costing_guard_moneyline();
CREATE TRIGGER moneyline_not_emptied BEFORE TRUNCATE ON costing_moneyline
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
UNLINES = """
DROP TRIGGER moneyline_not_emptied ON costing_moneyline;
DROP TRIGGER moneyline_stays ON costing_moneyline;
DROP FUNCTION costing_guard_moneyline();
"""
# A closed month opens again only as its next version and with a reason; it is never forgotten.
MONTHS = """
CREATE FUNCTION costing_guard_costperiod() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.month <> OLD.month OR NEW.version < OLD.version THEN
        RAISE EXCEPTION 'month % stays', OLD.month USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'closed' AND (NEW.state <> 'open' OR NEW.version <> OLD.version + 1 OR NEW.reason = '') THEN
        RAISE EXCEPTION 'month % is closed', OLD.month USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER costperiod_stays BEFORE UPDATE OR DELETE ON costing_costperiod
    FOR EACH ROW EXECUTE FUNCTION costing_guard_costperiod();
CREATE TRIGGER costperiod_not_emptied BEFORE TRUNCATE ON costing_costperiod
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
UNMONTHS = """
DROP TRIGGER costperiod_not_emptied ON costing_costperiod;
DROP TRIGGER costperiod_stays ON costing_costperiod;
DROP FUNCTION costing_guard_costperiod();
"""
# What a frozen account is grouped by is what a month was reported by.
ACCOUNTS = """
CREATE FUNCTION costing_guard_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.frozen_at IS NOT NULL AND (
        to_jsonb(NEW) - 'version' <> to_jsonb(OLD) - 'version' OR NEW.version < OLD.version) THEN
        RAISE EXCEPTION 'the account of % is frozen', OLD.ticket_no USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ticketaccount_stays BEFORE UPDATE OR DELETE ON costing_ticketaccount
    FOR EACH ROW EXECUTE FUNCTION costing_guard_account();
CREATE TRIGGER ticketaccount_not_emptied BEFORE TRUNCATE ON costing_ticketaccount
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
UNACCOUNTS = """
DROP TRIGGER ticketaccount_not_emptied ON costing_ticketaccount;
DROP TRIGGER ticketaccount_stays ON costing_ticketaccount;
DROP FUNCTION costing_guard_account();
"""


class Migration(migrations.Migration):
    """Money lines only grow: a line gets its month once, at the close of its ticket, and a closed month takes none.

    A frozen account keeps what it is grouped by; only its version counts on.
    """

    dependencies = [("costing", "0001_first_tables"), ("journal", "0003_no_truncate")]
    operations = [
        migrations.RunSQL(LINES, UNLINES),
        migrations.RunSQL(MONTHS, UNMONTHS),
        migrations.RunSQL(ACCOUNTS, UNACCOUNTS),
    ]
