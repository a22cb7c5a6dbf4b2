"""For the tests: as dev, with cheap passwords, unhashed assets and no pool (worker threads come and go)."""

from steppe.boot.settings.dev import *  # noqa: F403
from steppe.boot.settings.dev import DATABASES, STORAGES

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool")  # type: ignore[attr-defined]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CELERY_TASK_ALWAYS_EAGER = False
