import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# pg_trgm knows letters by the database's locale: in "C" it passes over every Chinese one, and elsewhere two of them
# (王芳) are too short for a trigram. So each is spelled as a word of its own, its number: 王 is " 738b ". What contains
# what stays the same, and trigrams find a single letter. Wide digits and letters become ordinary ones before.
SPELL = """
CREATE FUNCTION ticket_words(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(CASE WHEN ascii(letter) < 128 THEN letter ELSE ' ' || to_hex(ascii(letter)) || ' ' END,
                               '' ORDER BY place), '')
      FROM string_to_table(lower(normalize(given, NFKC)), NULL) WITH ORDINALITY AS t(letter, place)
$$;
"""
READ = """
CREATE FUNCTION ticket_words_between(first bigint, last bigint)
RETURNS TABLE (ticket_id bigint, shown text, whole text) LANGUAGE sql STABLE AS $$
    SELECT id, open_words, open_words || hidden_words
      FROM (SELECT id, ticket_words(ticket_no || E'\\n' || coarse_address || E'\\n') AS open_words,
                   ticket_words(contact_phone || E'\\n' || contact_name || E'\\n' || address || E'\\n' || account_no)
                   AS hidden_words
              FROM tickets_ticket WHERE id BETWEEN first AND last) AS t
$$;
"""
WRITE = """
CREATE FUNCTION ticket_words_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_ticketwords (ticket_id, shown, whole) SELECT * FROM ticket_words_between(NEW.id, NEW.id)
    ON CONFLICT (ticket_id) DO UPDATE SET shown = EXCLUDED.shown, whole = EXCLUDED.whole;
    RETURN NULL;
END $$;
CREATE TRIGGER ticket_words_of_a_new_one AFTER INSERT ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION ticket_words_write();
CREATE TRIGGER ticket_words_of_a_changed_one
    AFTER UPDATE OF ticket_no, coarse_address, contact_phone, contact_name, address, account_no ON tickets_ticket
    FOR EACH ROW WHEN ((OLD.ticket_no, OLD.coarse_address, OLD.contact_phone, OLD.contact_name, OLD.address,
                        OLD.account_no) IS DISTINCT FROM
                       (NEW.ticket_no, NEW.coarse_address, NEW.contact_phone, NEW.contact_name, NEW.address,
                        NEW.account_no))
    EXECUTE FUNCTION ticket_words_write();
"""
UNWRITE = """
DROP TRIGGER ticket_words_of_a_new_one ON tickets_ticket;
DROP TRIGGER ticket_words_of_a_changed_one ON tickets_ticket;
DROP FUNCTION ticket_words_write();
DROP FUNCTION ticket_words_between(bigint, bigint);
DROP FUNCTION ticket_words(text);
"""


class Migration(migrations.Migration):
    """A ticket is found by a part of its number, phone, name, door or account number, however many there are."""

    dependencies = [("tickets", "0007_every_ticket_has_a_version")]
    operations = [
        migrations.CreateModel(
            name="TicketWords",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("shown", models.TextField()),
                ("whole", models.TextField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["whole"], name="ticketwords_whole", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.RunSQL(SPELL + READ + WRITE, UNWRITE),
    ]
