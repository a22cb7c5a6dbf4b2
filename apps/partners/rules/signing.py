"""How a partner knows that an event is ours: the three headers of the Standard Webhooks specification. Pure.

The signature is over `<id>.<timestamp>.<body>`, so that neither can be exchanged; the time lets a partner refuse what
somebody recorded and plays again. docs/partners.md shows how to check it.
"""

import base64
import hmac
from hashlib import sha256

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
KEY_BYTES = 32


def shown(key: bytes) -> str:
    """The key as the partner enters it."""
    return PREFIX + base64.b64encode(key).decode()


def headers(secret: str, event_id: str, at: int, body: bytes) -> dict[str, str]:
    """What goes with the body, sent at `at` (epoch seconds). `secret` as it was shown."""
    return {ID: event_id, TIMESTAMP: str(at), SIGNATURE: f"v1,{signature(secret, event_id, at, body)}"}


def signature(secret: str, event_id: str, at: int, body: bytes) -> str:
    """HMAC-SHA256 in base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, f"{event_id}.{at}.".encode() + body, sha256).digest()).decode()
