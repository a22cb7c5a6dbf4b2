"""The Celery application; queues by urgency, the clock runs in `public` and fans out.

Loaded in every process (steppe.boot.apps), because web and relay wake tasks too: without it they would speak to a
bare Celery that knows no broker.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")

import django
from django.apps import apps

if not apps.models_ready:  # else Django is being set up right now, and loads us
    django.setup()

from steppe.kernel.tasks import App

app = App("steppe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # "current" is only this thread's; the web server answers in others
