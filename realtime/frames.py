"""What goes over the wire: numbers, ids and versions, never data. Pure.

`{"e": epoch, "s": number, "k": "ticket", "i": public id, "v": version, "x": kind of event}`; `"k": "-"` is a number
that holds nothing for this reader, so that every reader can see gaps.
"""

import json
from typing import Any

from steppe.kernel.events import EventRecord

NOTHING = "-"


def hint(epoch: str, event: EventRecord) -> dict[str, Any]:
    """The frame for who may follow the event."""
    return {"e": epoch, "s": event.seq, "k": event.entity, "i": event.public_id, "v": event.version, "x": event.kind}


def marker(epoch: str, seq: int) -> dict[str, Any]:
    """The frame for everybody else."""
    return {"e": epoch, "s": seq, "k": NOTHING}


def hello(epoch: str, seq: int) -> dict[str, Any]:
    """The first frame: everything beyond this number will follow."""
    return {"t": "hello", "e": epoch, "s": seq}


def beat(epoch: str, seq: int) -> dict[str, Any]:
    """Still here, and this is the last number that was sent."""
    return {"t": "hb", "e": epoch, "s": seq}


def bye(why: str) -> dict[str, Any]:
    """The last frame."""
    return {"t": "bye", "why": why}


def wire(frame: dict[str, Any]) -> str:
    """The frame as text, without spaces."""
    return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)
