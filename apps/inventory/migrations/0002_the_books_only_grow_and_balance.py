from django.db import migrations

APPEND_ONLY = ("inventory_entry", "inventory_movement", "inventory_serialstep")
GUARD = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
UNGUARD = """
DROP TRIGGER {table}_not_emptied ON {table};
DROP TRIGGER {table}_append_only ON {table};
"""
BALANCED = """
CREATE FUNCTION inventory_check_movement() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    before_it numeric;
    stands numeric;
BEGIN
    -- whatever schema the connection stands in at the commit: the row's own; undone when the function ends
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_catalog', true);
    IF EXISTS (SELECT 1 FROM inventory_movement WHERE entry_id = NEW.entry_id
                GROUP BY item_id, batch_id HAVING sum(delta) <> 0) THEN
        RAISE EXCEPTION 'entry % does not sum to nothing', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    SELECT balance INTO before_it FROM inventory_movement
     WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NOT DISTINCT FROM NEW.batch_id
       AND id < NEW.id ORDER BY id DESC LIMIT 1;
    IF NEW.balance <> coalesce(before_it, 0) + NEW.delta THEN
        RAISE EXCEPTION 'movement % does not follow the one before', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    SELECT quantity INTO stands FROM inventory_balance
     WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NOT DISTINCT FROM NEW.batch_id;
    IF stands IS DISTINCT FROM (
        SELECT balance FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NOT DISTINCT FROM NEW.batch_id
         ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'balance and movements of place % disagree', NEW.place_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER movement_is_balanced AFTER INSERT ON inventory_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inventory_check_movement();
"""
UNBALANCED = """
DROP TRIGGER movement_is_balanced ON inventory_movement;
DROP FUNCTION inventory_check_movement();
"""


class Migration(migrations.Migration):
    """Entries, movements and steps are never changed; at the commit each entry sums to nothing, each balance is what
    its last movement says, and each movement follows the one before it: so every balance is the sum of its movements.
    """

    dependencies = [("inventory", "0001_first_tables"), ("journal", "0003_no_truncate")]
    operations = [
        *(migrations.RunSQL(GUARD.format(table=t), UNGUARD.format(table=t)) for t in APPEND_ONLY),
        migrations.RunSQL(BALANCED, UNBALANCED),
    ]
