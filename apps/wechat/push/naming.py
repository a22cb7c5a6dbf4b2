"""A card's name towards WeChat."""

from base64 import b32encode
from hashlib import sha256

from tenants.context import current_branch


def client_msg_id(name: str) -> str:
    """ASCII, ≤ 32, the same over all tries, another one in every branch."""
    digest = sha256(f"{current_branch().uuid}/{name}".encode()).digest()
    return b32encode(digest).decode()[:26]
