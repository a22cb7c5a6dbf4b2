"""What each room puts into a new branch. Rooms register in `AppConfig.ready()`; order = order of registration."""

from collections.abc import Callable

from tenants.models import Tenant

Seed = Callable[[Tenant], None]
_seeds: dict[str, Seed] = {}


def seed(name: str) -> Callable[[Seed], Seed]:
    """Register the decorated function; it runs in the branch's context and must bear running twice."""

    def decorate(function: Seed) -> Seed:
        _seeds[name] = function
        return function

    return decorate


def run_seeds(tenant: Tenant) -> None:
    """Every room's seed, in order."""
    for function in _seeds.values():
        function(tenant)
