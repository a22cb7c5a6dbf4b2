"""Wake-ups of money. The truth is in the rows; running twice or at the same time is harmless."""

from apps.costing.services.catching_up import catch_up_lately
from tenants.fanout import nightly


@nightly("costing.accounts")
def settle_what_was_missed() -> None:
    """Tickets that ended and have no account yet."""
    catch_up_lately()
