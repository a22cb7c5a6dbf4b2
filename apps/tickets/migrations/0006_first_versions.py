"""What the branch has worked by until now becomes version 1 of each type; every ticket keeps that version."""

from django.db import migrations

VERSIONS = """
INSERT INTO tickets_typeversion (type_id, number, body, skills, published_at, published_by, published_by_name, note)
SELECT id, 1,
       jsonb_build_object('skills', CASE WHEN skill = '' THEN '[]'::jsonb ELSE jsonb_build_array(skill) END,
                          'base_points', base_points::text),
       CASE WHEN skill = '' THEN '{}'::varchar[] ELSE ARRAY[skill] END, now(), 'system', '', ''
  FROM tickets_tickettype;
UPDATE tickets_tickettype SET number = 1, family = split_part(code, '_', 1);
"""
# The clocks as they were set: the targets follow from the stored dues; the flags become a list.
TICKETS = """
UPDATE tickets_ticket AS t
   SET type_version_id = v.id,
       terms = jsonb_build_object(
           'accept', round(COALESCE(EXTRACT(epoch FROM t.accept_due_at - t.pooled_at) / 60, 30)),
           'resolve', round(COALESCE(EXTRACT(epoch FROM t.resolve_due_at - t.reported_at) / 60, 1440)),
           'service', false),
       overdue_clocks = array_remove(ARRAY[CASE WHEN accept_overdue THEN 'accept' END,
                                           CASE WHEN resolve_overdue THEN 'resolve' END], NULL)::varchar[],
       was_overdue = accept_overdue OR resolve_overdue,
       first_finished_at = finished_at,
       next_clock_at = CASE WHEN status IN ('closed', 'cancelled', 'void') THEN NULL ELSE now() END
  FROM tickets_typeversion AS v
 WHERE v.type_id = t.type_id;
"""
BACK = """
UPDATE tickets_ticket SET type_version_id = NULL;
DELETE FROM tickets_typeversion;
"""


class Migration(migrations.Migration):
    """Fill: versions and terms."""

    dependencies = [("tickets", "0005_tickets_in_full")]
    operations = [migrations.RunSQL(VERSIONS + TICKETS, BACK)]
