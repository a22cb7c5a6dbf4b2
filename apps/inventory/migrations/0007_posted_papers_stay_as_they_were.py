from django.db import migrations

PAPERS = """
CREATE FUNCTION inventory_guard_document() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state IN ('shipped', 'posted', 'reversed') THEN
            RAISE EXCEPTION 'document % is in the books', OLD.number USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'document % has its number and kind for ever', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('shipped', 'posted', 'reversed') AND (
        to_jsonb(NEW) - ARRAY['state', 'version', 'posted_by', 'posted_at', 'reversed_because']
            <> to_jsonb(OLD) - ARRAY['state', 'version', 'posted_by', 'posted_at', 'reversed_because']
        OR (OLD.state, NEW.state) NOT IN (('shipped', 'shipped'), ('shipped', 'posted'), ('posted', 'posted'),
                                          ('posted', 'reversed'), ('reversed', 'reversed'))
        OR (OLD.state <> 'shipped' AND (NEW.posted_by, NEW.posted_at) IS DISTINCT FROM (OLD.posted_by, OLD.posted_at))
        OR (OLD.state = 'reversed' AND NEW.reversed_because <> OLD.reversed_because)) THEN
        RAISE EXCEPTION 'document % is in the books', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_in_the_books_stays BEFORE UPDATE OR DELETE ON inventory_document
    FOR EACH ROW EXECUTE FUNCTION inventory_guard_document();
"""
# FOR SHARE: whoever writes a line while the paper is being posted waits for that, and then sees that it was.
# {one}: how a row finds its paper; {said}: what the receiver of a transfer may still write into it.
LINES = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    it record;
    stands text;
BEGIN
    -- whatever schema the connection stands in: the row's own; undone when the function ends
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_catalog', true);
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.{parent}) IS DISTINCT FROM (OLD.id, OLD.{parent}) THEN
        RAISE EXCEPTION 'a line stays with its document' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN it := NEW; ELSE it := OLD; END IF;
    SELECT state INTO stands FROM inventory_document WHERE id = {one} FOR SHARE;
    IF stands IN ('posted', 'reversed') OR stands = 'shipped' AND (
        TG_OP <> 'UPDATE' OR to_jsonb(NEW) - '{said}' <> to_jsonb(OLD) - '{said}') THEN
        RAISE EXCEPTION 'the lines of a document in the books stay' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
TABLES = (
    {
        "table": "inventory_line", "name": "inventory_guard_line", "parent": "document_id", "one": "it.document_id",
        "said": "received",
    },
    {
        "table": "inventory_lineserial", "name": "inventory_guard_lineserial", "parent": "line_id",
        "one": "(SELECT document_id FROM inventory_line WHERE id = it.line_id)", "said": "arrived",
    },
)  # fmt: skip
NOT_EMPTIED = """
CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
EMPTIED = "DROP TRIGGER {table}_not_emptied ON {table}"


class Migration(migrations.Migration):
    """What is in the books stays as it was posted: its paper too, not only entries and movements.

    A shipped transfer may still be told what arrived; a posted paper may still be taken back, with the reason.
    """

    dependencies = [("inventory", "0006_files_and_pictures")]
    operations = [
        migrations.RunSQL(
            PAPERS,
            "DROP TRIGGER document_in_the_books_stays ON inventory_document; DROP FUNCTION inventory_guard_document();",
        ),
        *(
            migrations.RunSQL(
                LINES.format(**one), "DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();".format(**one)
            )
            for one in TABLES
        ),
        *(
            migrations.RunSQL(NOT_EMPTIED.format(table=table), EMPTIED.format(table=table))
            for table in ("inventory_document", "inventory_line", "inventory_lineserial")
        ),
    ]
