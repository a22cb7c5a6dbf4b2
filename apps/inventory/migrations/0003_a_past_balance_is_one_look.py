from django.db import migrations, models

# What the trigger looks up, for a shelf with or without a drum: "IS NOT DISTINCT FROM" would read every movement of
# the shelf, "IS NULL" and "=" are one look each at movement_newest.
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
         ORDER BY id DESC LIMIT 1;
        SELECT balance INTO newest FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NULL ORDER BY id DESC LIMIT 1;
        SELECT quantity INTO stands FROM inventory_balance
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id IS NULL;
    ELSE
        SELECT balance INTO before_it FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id = NEW.batch_id AND id < NEW.id
         ORDER BY id DESC LIMIT 1;
        SELECT balance INTO newest FROM inventory_movement
         WHERE place_id = NEW.place_id AND item_id = NEW.item_id AND batch_id = NEW.batch_id ORDER BY id DESC LIMIT 1;
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


class Migration(migrations.Migration):
    """An index by time for balances of the past, a trigger that looks once, and the reason of a reversal apart."""

    dependencies = [("inventory", "0002_the_books_only_grow_and_balance")]
    operations = [
        migrations.RunSQL(CHECK, migrations.RunSQL.noop),
        migrations.AddIndex(
            "movement", models.Index(fields=["place", "item", "batch", "-at", "-id"], name="movement_before")
        ),
        migrations.AddField(
            "document",
            "reversed_because",
            models.CharField(max_length=200, blank=True, default=""),
            preserve_default=False,
        ),
    ]
