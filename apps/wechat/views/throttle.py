"""How often a visitor may ask: by session, and more generously by address, behind which many phones may stand."""

from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

from apps.wechat.errors import TooManySignatures
from steppe.kernel.addresses import client_address

WINDOW_S = 60
PER_SESSION = 30
PER_ADDRESS = 300


def count(request: HttpRequest, what: str) -> None:
    """Count one call. Raises TooManySignatures; without the cache nobody is turned away."""
    session = request.session.session_key  # none at the central host: there the address counts alone
    limits = {f"address:{client_address(request)}": PER_ADDRESS}
    if session:
        limits[f"session:{session}"] = PER_SESSION
    for name, limit in limits.items():
        if _counted(f"wx:{what}:{name}") > limit:
            raise TooManySignatures(seconds=WINDOW_S)


def _counted(key: str) -> int:
    try:
        cache.add(key, 0, WINDOW_S)
        return int(cache.incr(key))
    except (RedisError, ValueError):  # away, or run out between the two lines
        return 1
