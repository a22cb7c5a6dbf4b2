"""TC3-HMAC-SHA256, from Tencent Cloud's description alone: what a caller says is computed again and compared."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE = "sms"
TOLERANCE_S = 300
AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<id>[^/,\s]+)/(?P<date>\d{{4}}-\d\d-\d\d)/(?P<service>\w+)/tc3_request, ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


class SmsError(Exception):
    """An answer with Response.Error: a code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(f"{code}: {message}")


def secret_id_of(headers: Mapping[str, str]) -> str:
    """Whose key the caller says it is; AuthFailure.SignatureFailure if it does not say so properly."""
    return _parsed(headers)["id"]


def check(*, headers: Mapping[str, str], body: bytes, secret_key: str, now: float) -> None:
    """SmsError unless the request was signed with this key, less than five minutes ago."""
    parts, timestamp = _parsed(headers), headers.get("x-tc-timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit() or abs(int(timestamp) - now) > TOLERANCE_S:
        raise SmsError("AuthFailure.SignatureExpire", "The provided credential has expired: X-TC-Timestamp.")
    if not {"content-type", "host"} <= set(parts["headers"].split(";")):
        raise _failure("SignedHeaders must contain content-type and host.")
    if parts["service"] != SERVICE or parts["date"] != _date(int(timestamp)):
        raise _failure("The credential scope does not fit the service or the timestamp.")
    expected = signature(
        secret_key=secret_key, timestamp=int(timestamp), headers=headers, signed=parts["headers"], body=body
    )
    if not hmac.compare_digest(expected, parts["signature"]):
        raise _failure("The provided credentials could not be validated.")


def signature(*, secret_key: str, timestamp: int, headers: Mapping[str, str], signed: str, body: bytes) -> str:
    """The signature of a POST to / with these headers; `signed` names those it covers, joined by ;."""
    lines = "".join(f"{name}:{headers.get(name, '').strip().lower()}\n" for name in signed.split(";"))
    request = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{_date(timestamp)}/{SERVICE}/tc3_request"
    text = f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{secret_key}".encode()
    for part in (_date(timestamp), SERVICE, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _parsed(headers: Mapping[str, str]) -> dict[str, str]:
    found = AUTHORIZATION.fullmatch(headers.get("authorization", "").strip())
    if found is None:
        raise _failure("The Authorization header is missing or malformed.")
    return found.groupdict()


def _failure(message: str) -> SmsError:
    return SmsError("AuthFailure.SignatureFailure", message)


def _date(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
