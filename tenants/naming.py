"""What a branch may be called: its code on tickets, its name below our domain. Pure."""

import re

from tenants.errors import BadCode, BadName, BadSlug, SlugReserved

# A label of DNS as we want it: begins with a letter, does not end with "-", no "--" (xn--… is another script).
_SLUG = re.compile(r"[a-z](?:-?[a-z0-9]){1,29}")
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_OURS = re.compile(r"(?:pg|t)(?:-.*)?|ns\d*|mx\d*")  # databases and schemas, name and mail servers
NAME_LENGTH = 80
RESERVED_CODES = frozenset({"HQ"})
_RESERVED_LINES = (
    "hq www api app apps static assets media files cdn img public private internal admin root system support help",
    "status health monitor metrics docs blog news mail email smtp imap pop ftp sftp ssh vpn dns proxy gateway",
    "ws wss live realtime relay worker beat auth login signin sign-in sso oauth account accounts wx wechat weixin",
    "sandbox demo test tests testing dev develop stage staging prod production localhost local branch tenant tenants",
    "postgres valkey redis celery default null undefined",
)
RESERVED = frozenset(" ".join(_RESERVED_LINES).split())


def check(*, code: str, slug: str, name: str) -> None:
    """Raises BadCode, BadSlug, SlugReserved, BadName."""
    if not _CODE.fullmatch(code) or code in RESERVED_CODES:
        raise BadCode(code=code)
    if len(slug) > 30 or not _SLUG.fullmatch(slug):
        raise BadSlug(slug=slug)
    if slug in RESERVED or _OURS.fullmatch(slug):
        raise SlugReserved(slug=slug)
    if not name.strip() or len(name) > NAME_LENGTH:
        raise BadName(limit=NAME_LENGTH)
