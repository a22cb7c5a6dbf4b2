"""Sockets only; pages are served by the WSGI process."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")
django.setup()

from realtime.quiet import paint_nothing
from realtime.routing import application

paint_nothing()

__all__ = ["application"]
