"""What a partner sends as a TMF621 ticket, in our words. Pure: TM Forum's shapes end here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Ours have no word at TM Forum, which leaves priorities to the two sides.
PRIORITIES = ("Critical", "High", "Medium", "Low")
SEVERITIES = ("Critical", "Major", "Minor")
# How a case may have reached the partner; the rest of our channels are our own doors.
CHANNELS = ("import", "hotline_96066", "local_line", "shop", "noc")


@dataclass(frozen=True)
class Told:
    """A report as the partner told it; empty where it said nothing."""

    type_code: str
    description: str = ""
    priority: int = 2
    external_id: str = ""
    channel: str = CHANNELS[0]
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    account_no: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


def told(body: Mapping[str, Any]) -> Told:
    """The parts we know, from a body that the serializer has found well formed."""
    customer = _first(body.get("relatedParty", ()), "customer")
    entities = body.get("relatedEntity", ())
    return Told(
        type_code=body["ticketType"], description=body["description"], external_id=body.get("externalId", ""),
        priority=_priority(body),
        channel=(body.get("channel") or {}).get("id", CHANNELS[0]),
        contact_name=customer.get("name", ""), contact_phone=_phone(customer.get("contactMedium", ())),
        address=_first(entities, "place").get("name", ""), account_no=_first(entities, "account").get("id", ""),
        answers={one["name"]: one["value"] for one in body.get("troubleTicketCharacteristic", ())},
    )  # fmt: skip


def _priority(body: Mapping[str, Any]) -> int:
    """Ours, 0 to 3. The severity counts where no priority is told."""
    if "priority" in body:
        return PRIORITIES.index(body["priority"])
    return SEVERITIES.index(body.get("severity", SEVERITIES[2]))


def _first(parts: Iterable[Mapping[str, Any]], role: str) -> Mapping[str, Any]:
    return next((part for part in parts if part.get("role") == role), {})


def _phone(media: Iterable[Mapping[str, Any]]) -> str:
    found = next((one for one in media if one.get("mediumType") == "phone"), {})
    return str((found.get("characteristic") or {}).get("phoneNumber", ""))
