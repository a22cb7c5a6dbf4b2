"""Which addresses an account has registered, and which pages may use the control API."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'*+,;=%]+", re.ASCII)


def first_address(text: str) -> str:
    """The first web address in a message, or nothing."""
    found = ADDRESS.search(text)
    return found[0] if found else ""


def is_registered(url: str, domains: Iterable[str]) -> bool:
    """Whether a page's exact host is one of the domains (WeChat doc: §1.8).

    A port counts, as WeChat knows only 80 and 443; below .localhost it does not, because ports are
    what a development machine tells its programs apart by.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        return False
    if is_loopback(host):
        return host in {domain.partition(":")[0].lower() for domain in domains}
    return parts.netloc.lower() in {domain.lower() for domain in domains}


def is_local_origin(origin: str) -> bool:
    """Whether a browser page of this machine is asking; a page from elsewhere has no business here."""
    return is_loopback(urlsplit(origin).hostname or "")


def is_loopback(hostname: str) -> bool:
    """Names that mean this machine."""
    return hostname in ("localhost", "127.0.0.1") or hostname.endswith(".localhost")
