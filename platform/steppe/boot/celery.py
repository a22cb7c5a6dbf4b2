"""The Celery application; queues by urgency, the clock runs in `public` and fans out."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")

import django

django.setup()

from steppe.kernel.tasks import App

app = App("steppe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
