"""Where we stand: at a branch, or at headquarters."""

from apps.bi.rules.shapes import BRANCH, HEADQUARTERS
from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC
from tenants.context import current_branch


def site() -> str:
    return HEADQUARTERS if connection.schema_name == PUBLIC else BRANCH


def code() -> str:
    """The branch's own, as it begins its tickets; headquarters has `HQ`."""
    return "HQ" if site() == HEADQUARTERS else current_branch().code
