from django.db import migrations

STAYS = """
CREATE TRIGGER handoverstep_stays BEFORE UPDATE OR DELETE ON headquarters_handoverstep
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER handoverstep_not_emptied BEFORE TRUNCATE ON headquarters_handoverstep
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
"""
GOES = """
DROP TRIGGER handoverstep_stays ON headquarters_handoverstep;
DROP TRIGGER handoverstep_not_emptied ON headquarters_handoverstep;
"""


class Migration(migrations.Migration):
    """Who said what of a case between two branches is only ever added to."""

    dependencies = [("headquarters", "0002_cases_go_from_branch_to_branch"), ("journal", "0003_no_truncate")]
    operations = [migrations.RunSQL(STAYS, GOES)]
