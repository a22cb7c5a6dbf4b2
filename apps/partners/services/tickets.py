"""What a partner does to tickets, through the same commands as everybody: open one, add a note, cancel one.

Two schemas of transactions meet here: the ticket's own command, and the row that keeps the partner's name for it. A
worker that dies between them leaves a ticket without that row; the partner's next try has the same key, gets the stored
answer and writes it. The row outlives the key (thirty days), so the same name never opens a second ticket.
"""

from dataclasses import asdict

from apps.partners.callers import Caller
from apps.partners.errors import ExternalIdTaken, NothingToDo, NotYours
from apps.partners.models import OpenedTicket
from apps.partners.rules import scopes
from apps.partners.rules.incoming import Told
from apps.tickets import services as tickets
from apps.tickets import types_read
from apps.tickets.errors import UnknownType
from apps.tickets.selectors import ticket_for
from apps.tickets.services import Report
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import KeyReused
from steppe.kernel.hashing import digest


def open_for_partner(*, told: Told, caller: Caller, key: str) -> tuple[str, bool]:
    """The ticket's public id, and whether it is new. Under one externalId there is one ticket.

    Raises ScopeMissing, ExternalIdTaken, UnknownType and whatever opening a ticket refuses.
    """
    caller.needs(scopes.OPEN)
    body = digest("partners.open", asdict(told))
    if told.external_id and (known := _known(caller, told.external_id, body)):
        return known, False
    _check_type(told.type_code)
    by, key = caller.actor, _key_of(told.external_id, "ticket") if told.external_id else key
    try:
        opened = tickets.open_ticket(report=_report(told), channel=told.channel, by=by, key=key)
    except KeyReused as error:  # opened, and its name not kept yet
        raise ExternalIdTaken from error
    if told.external_id:
        name = {"external_id": told.external_id, "body_hash": body, "partner_id": caller.partner.pk}
        _keep_name(**name, ticket=opened.public_id, by=by, key=_key_of(told.external_id, "name"))
    return opened.public_id, not opened.replayed


def change_ticket(*, public_id: str, status: str, reason: str, note: str, caller: Caller, key: str) -> None:
    """Cancel it, or add a note: then whoever has the ticket is told that the customer waits, as with 催单.

    Raises ScopeMissing, TicketNotFound, NotYours, NothingToDo and whatever these steps refuse.
    """
    caller.needs(scopes.OPEN)
    by, cancels = caller.actor, status == "cancelled"
    if bool(note) == cancels or (status and not cancels):
        raise NothingToDo({"status": [str(NothingToDo.message)]})
    if ticket_for(SYSTEM, public_id).ticket.created_by != by.ref:
        raise NotYours
    if cancels:
        tickets.cancel_ticket(public_id=public_id, reason=reason, by=by, key=key)
    else:
        tickets.urge_ticket(public_id=public_id, note=note, by=by, key=key)


@command("partners.keep_name")
def _keep_name(*, external_id: str, body_hash: str, partner_id: int, ticket: str, by: Actor) -> Receipt:
    told = {"ticket": ticket, "body_hash": body_hash, "at": clock.now()}
    row, _new = OpenedTicket.objects.get_or_create(partner_id=partner_id, external_id=external_id, defaults=told)
    return Receipt("opened_ticket", row.pk, ticket)


def _known(caller: Caller, external_id: str, body: str) -> str:
    row = OpenedTicket.objects.filter(partner=caller.partner, external_id=external_id).first()
    if row is not None and row.body_hash != body:
        raise ExternalIdTaken
    return row.ticket if row else ""


def _check_type(code: str) -> None:
    """Only what is a fault: an order has its own interface. One query."""
    if code not in {one.type.code for one in types_read.forms_in_force() if one.type.kind == "trouble"}:
        raise UnknownType({"ticketType": [str(UnknownType.message)]})


def _report(told: Told) -> Report:
    return Report(
        type_code=told.type_code, contact_phone=told.contact_phone, contact_name=told.contact_name,
        address=told.address, description=told.description, account_no=told.account_no, priority=told.priority,
        fields=told.answers,
    )  # fmt: skip


def _key_of(external_id: str, step: str) -> str:
    """The key of one of the two commands: made of the partner's name for the ticket, so two calls at once are one."""
    return digest(f"partners.external_id.{step}", {"external_id": external_id})
