"""A stable fingerprint of a command and its arguments: the same request, or another one under the same key?"""

import hashlib
import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> str:
    """JSON with sorted keys; bytes by their sum, so that a photo does not travel through the hash as text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)


def digest(name: str, args: dict[str, Any]) -> str:
    """Hex SHA-256 of the command's name and arguments."""
    return hashlib.sha256(f"{name}\n{canonical(args)}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    raise TypeError(f"a command cannot take {type(value).__name__}")
