"""The connection with what django-tenants adds to it (`schema_name`, `tenant`, `set_tenant`), which its types lack."""

from typing import Any

from django.db import connection as _connection

connection: Any = _connection
