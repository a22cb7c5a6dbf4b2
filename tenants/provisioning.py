"""What each room does when a branch comes, closes and opens. Rooms register in `AppConfig.ready()`; order = order of
registration.
"""

from collections.abc import Callable

from tenants.models import Tenant

Seed = Callable[[Tenant], None]
Follower = Callable[[bool], object]
_seeds: dict[str, Seed] = {}
_followers: dict[str, Follower] = {}


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


def follows_status(name: str) -> Callable[[Follower], Follower]:
    """Register what is told, in the branch's context, that the branch is open or closed; must bear being told twice.

    For doors that the product does not stand at itself, such as a role of the database.
    """

    def decorate(function: Follower) -> Follower:
        _followers[name] = function
        return function

    return decorate


def tell_status(is_open: bool) -> None:
    """Every follower, in order."""
    for function in _followers.values():
        function(is_open)
