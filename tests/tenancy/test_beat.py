"""What beat sends: for `public`, and gone when nobody took it in time."""

import json

from django.conf import settings
from django_celery_beat.schedulers import ModelEntry

from tenants.tasks import fan_out


def test_a_late_wake_up_expires_and_names_its_schema() -> None:
    """The database scheduler takes over only what it knows; an hour without workers must not pile up 1,200 of them."""
    wanted = settings.CELERY_BEAT_SCHEDULE["sweep-branches"]
    kept = ModelEntry._unpack_options(**wanted["options"])
    assert kept["expire_seconds"] == wanted["schedule"]
    assert json.loads(kept["headers"])["_schema_name"] == "public"
    assert (fan_out.name, fan_out.scope) == (wanted["task"], "public")
