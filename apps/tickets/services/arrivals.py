"""T8b at the target: a case another branch would hand over is offered, taken or not, and opened (domain.md §3.6)."""

from datetime import datetime
from typing import Any

from apps.tickets.errors import ArrivalNotFound, HandOverOver, UnknownType
from apps.tickets.events import ArrivalAnswered
from apps.tickets.models import Arrival, TypeVersion
from apps.tickets.permissions import ARRIVALS
from apps.tickets.services import _answers as answers
from apps.tickets.services import _steps as step
from apps.tickets.services.intake import HANDOVER, Report, open_ticket
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor, require
from steppe.kernel.commands import Receipt, command, emit
from steppe.kernel.errors import NotAllowed


@command("tickets.offer_arrival")
def offer_arrival(*, link_id: str, offer: dict[str, Any], by: Actor) -> Receipt:
    """Headquarters routed a case to us. By the system; offered anew after a refusal it waits again."""
    _system_only(by)
    fresh = {"offer": offer, "state": "offered", "offered_at": clock.now(), "answer": ""}
    found, made = Arrival.objects.select_for_update().get_or_create(link_id=link_id, defaults=fresh)
    if not made and found.state in {"refused", "withdrawn"}:
        Arrival.objects.filter(pk=found.pk).update(**fresh)
    return Receipt("arrival", found.pk, link_id)


@command("tickets.withdraw_arrival")
def withdraw_arrival(*, link_id: str, by: Actor) -> Receipt:
    """The other side keeps it. By the system; what was opened already stays."""
    _system_only(by)
    Arrival.objects.filter(link_id=link_id).exclude(state="opened").update(state="withdrawn")
    return Receipt("arrival", 0, link_id)


@command("tickets.accept_arrival")
def accept_arrival(*, link_id: str, type_code: str, by: Actor) -> Receipt:
    """We take the case over as a ticket of this type.

    Raises ArrivalNotFound, HandOverOver, UnknownType, BadAnswers.
    """
    require(by, ARRIVALS)
    arrival = _offered(link_id)
    version = _version(type_code)
    known(version, arrival.offer.get("fields", {}))
    return _answer(arrival, "accepted", "", by, type_code=type_code)


@command("tickets.refuse_arrival")
def refuse_arrival(*, link_id: str, reason: str, by: Actor) -> Receipt:
    """The case is not for us. Raises ArrivalNotFound, HandOverOver, ReasonMissing."""
    require(by, ARRIVALS)
    step.check_reason("refuse", reason)
    return _answer(_offered(link_id), "refused", reason.strip()[:300], by)


def open_arrival(*, link_id: str, case: dict[str, Any], photos: tuple[str, ...]) -> Receipt:
    """The case becomes a ticket in our pool, with its report time; however often, one ticket. Two commands.

    Raises ArrivalNotFound, HandOverOver for one that was not accepted, and every refusal of `open_ticket`.
    """
    arrival = Arrival.objects.select_related("ticket").filter(link_id=link_id).first()
    if arrival is None:
        raise ArrivalNotFound
    if arrival.ticket is not None:
        return step.receipt(arrival.ticket)
    if arrival.state not in {"accepted", "opened"}:
        raise HandOverOver
    report = _report(arrival, case, photos)
    made = open_ticket(report=report, channel=HANDOVER, by=SYSTEM, key=f"hand-over:{link_id}")
    note_opened(link_id=link_id, ticket_id=made.entity_id, by=SYSTEM, key=f"hand-over-opened:{link_id}")
    return made


@command("tickets.note_opened")
def note_opened(*, link_id: str, ticket_id: int, by: Actor) -> Receipt:
    """Which ticket the case became. By the system."""
    _system_only(by)
    Arrival.objects.filter(link_id=link_id).update(state="opened", ticket_id=ticket_id)
    return Receipt("arrival", 0, link_id)


def known(version: TypeVersion, told: dict[str, Any]) -> dict[str, Any]:
    """Of what the other branch's form asked, what ours asks too. Raises BadAnswers where ours asks for more."""
    asked = {one.key for one in version.definition.at("report")}
    return answers.checked(version.definition, "report", {key: value for key, value in told.items() if key in asked})


def _report(arrival: Arrival, case: dict[str, Any], photos: tuple[str, ...]) -> Report:
    told = known(_version(arrival.type_code), arrival.offer.get("fields", {}))
    reported_at = datetime.fromisoformat(case["reported_at"])
    more = {key: value for key, value in case.items() if key != "reported_at"}
    return Report(type_code=arrival.type_code, fields=told, photos=photos, reported_at=reported_at, anyway=True, **more)


def _version(type_code: str) -> TypeVersion:
    rows = TypeVersion.objects.filter(type__code=type_code, type__enabled=True).select_related("type")
    found = rows.order_by("-number").first()
    if found is None:
        raise UnknownType({"type_code": [str(UnknownType.message)]})
    return found


def _offered(link_id: str) -> Arrival:
    found = Arrival.objects.select_for_update().filter(link_id=link_id).first()
    if found is None:
        raise ArrivalNotFound
    if found.state != "offered":
        raise HandOverOver
    return found


def _answer(arrival: Arrival, state: str, reason: str, by: Actor, **more: str) -> Receipt:
    told = {"decided_by": by.ref, "decided_by_name": by.name, "decided_at": clock.now(), "answer": reason}
    Arrival.objects.filter(pk=arrival.pk).update(state=state, **told, **more)
    emit(
        ArrivalAnswered(
            entity_id=arrival.pk, public_id=arrival.link_id, version=1, answer=state, reason=reason,
            round=arrival.offer.get("round", 0),
        )
    )  # fmt: skip
    return Receipt("arrival", arrival.pk, arrival.link_id, facts={"state": state})


def _system_only(by: Actor) -> None:
    if by.kind != "system":
        raise NotAllowed
