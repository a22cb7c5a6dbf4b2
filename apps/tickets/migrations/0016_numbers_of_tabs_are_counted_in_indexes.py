"""What decides which tab a ticket stands in, and who sees it, lies in the indexes that the tabs are counted by."""

from django.db import migrations, models

NEWEST = "-reported_at"
COUNTED_BY = {
    "status": (["status", "accept_due_at", "id"], ["org_path"]),
    "report": ([NEWEST], ["status", "org_path"]),
    "channel": (["channel", NEWEST], ["status", "org_path"]),
    "priority": (["priority", NEWEST], ["status", "org_path"]),
}


class Migration(migrations.Migration):
    dependencies = [("tickets", "0015_candidates_are_not_checked_one_by_one")]
    operations = [
        *(migrations.RemoveIndex("ticket", f"ticket_by_{name}") for name in COUNTED_BY),
        *(
            migrations.AddIndex("ticket", models.Index(fields=fields, name=f"ticket_by_{name}", include=include))
            for name, (fields, include) in COUNTED_BY.items()
        ),
    ]
