"""Where the branch may call. A host that is taken off the list is not called from the next event on."""

from apps.partners.errors import BadHost
from apps.partners.models import AllowedHost
from apps.partners.permissions import KEEPERS
from apps.partners.rules import addresses
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command


@command("partners.allow_host")
def allow_host(*, host: str, by: Actor) -> Receipt:
    """`name` or `name:port`; listing it twice changes nothing. Raises BadHost."""
    require(by, KEEPERS)
    entry = addresses.host_entry(host)
    if not entry:
        raise BadHost({"host": [str(BadHost.message)]})
    told = {"added_at": clock.now(), "added_by_name": by.name[:60]}
    row, _new = AllowedHost.objects.get_or_create(host=entry, defaults=told)
    return Receipt("allowed_host", row.pk, facts={"host": entry})


@command("partners.disallow_host")
def disallow_host(*, host: str, by: Actor) -> Receipt:
    """Off the list; it may be gone already."""
    require(by, KEEPERS)
    AllowedHost.objects.filter(host=host).delete()
    return Receipt("allowed_host", 0, facts={"host": host})
