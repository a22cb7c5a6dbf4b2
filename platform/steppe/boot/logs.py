"""One JSON object per line; phone numbers and secrets never pass."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from django.db import connection

STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
# As a parameter (`secret=…`) or as a member of JSON or a dict (`"secret": "…"`); `errcode` is no secret.
_SECRET = re.compile(
    r"((?:access_token|secret|password|openid|(?<!err)code)(?:=|[\"']\s*:\s*[\"']))[^&\s\"']+", re.IGNORECASE
)
# PostgreSQL names the row that a constraint refused, with everything that stands in it.
_ROW = re.compile(r"((?:DETAIL|CONTEXT):\s*)[^\n]*")


def scrub(text: str) -> str:
    """Mask phone numbers, the values of secret parameters, and rows that the database shows in its errors."""
    text = _ROW.sub(r"\1…", text)
    return _SECRET.sub(r"\1…", _PHONE.sub(r"\1****\2", text))


class JsonFormatter(logging.Formatter):
    """UTC time, level, logger, branch, message and whatever was passed as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.name,
            "tenant": getattr(connection, "schema_name", None),
            "msg": scrub(record.getMessage()),
        }
        line |= {name: scrub(str(value)) for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["error"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
