"""Sockets only; pages are served by the WSGI process."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")
django.setup()

from realtime.routing import application

__all__ = ["application"]
