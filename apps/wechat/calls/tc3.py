"""Tencent Cloud's signature of a request, TC3-HMAC-SHA256, for an API 3.0 call by POST with a JSON body. Pure."""

import hashlib
import hmac
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
SIGNED = "content-type;host"


def authorization(*, service: str, host: str, body: bytes, at: int, key_id: str, secret: str) -> str:
    """The `Authorization` header: over content type, host and body, good for five minutes around `at` (unix time)."""
    day = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join([ALGORITHM, str(at), scope, _sum(_canonical(host, body).encode())])
    mark = hmac.new(_key(secret, day, service), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={SIGNED}, Signature={mark}"


def _canonical(host: str, body: bytes) -> str:
    # Method, path and query are always these three: API 3.0 has one door.
    return f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\n{SIGNED}\n{_sum(body)}"


def _key(secret: str, day: str, service: str) -> bytes:
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
