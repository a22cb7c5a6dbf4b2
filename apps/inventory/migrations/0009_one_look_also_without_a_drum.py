from django.db import migrations

# "batch_id IS NULL" is to the planner no constant: only with the drum in the order does it take the next row of
# movement_newest. Without it every posting of a shelf at rest read all movements of the branch since.
CHECK = """
CREATE OR REPLACE FUNCTION inventory_check_movement() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    before_it numeric;
    newest numeric;
    stands numeric;
BEGIN
    -- whatever schema the connection stands in at the commit: the row's own; undone when the function ends
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_catalog', true);
    IF EXISTS (SELECT 1 FROM inventory_movement WHERE entry_id = NEW.entry_id
                GROUP BY item_id, batch_id HAVING sum(delta) <> 0) THEN
        RAISE EXCEPTION 'entry % does not sum to nothing', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.batch_id IS NULL THEN
        SELECT balance INTO before_it FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NULL AND id < NEW.id
         ORDER BY batch_id, id DESC LIMIT 1;
        SELECT balance INTO newest FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NULL ORDER BY batch_id, id DESC LIMIT 1;
        SELECT quantity INTO stands FROM inventory_balance
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NULL;
    ELSE
        SELECT balance INTO before_it FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id = NEW.batch_id AND id < NEW.id
         ORDER BY batch_id, id DESC LIMIT 1;
        SELECT balance INTO newest FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id = NEW.batch_id ORDER BY batch_id, id DESC LIMIT 1;
        SELECT quantity INTO stands FROM inventory_balance
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id = NEW.batch_id;
    END IF;
    IF NEW.balance <> coalesce(before_it, 0) + NEW.delta THEN
        RAISE EXCEPTION 'movement % does not follow the one before', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF stands IS DISTINCT FROM newest THEN
        RAISE EXCEPTION 'balance and movements of place % disagree', NEW.place_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
BEFORE = CHECK.replace("ORDER BY batch_id, id DESC", "ORDER BY id DESC")


class Migration(migrations.Migration):
    """The trigger that looks for the movement before takes one row of an index, however long ago that was."""

    dependencies = [("inventory", "0008_watching_and_revaluation")]
    operations = [migrations.RunSQL(CHECK, BEFORE)]
