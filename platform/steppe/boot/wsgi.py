"""Every HTTP page and API."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steppe.boot.settings.dev")
application = get_wsgi_application()

# What was imported stays for ever: the collector need not walk through it again and again, a tenth of a page's CPU.
for addresses in ("steppe.boot.urls_public", "steppe.boot.urls_tenant"):
    import_module(addresses)
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
