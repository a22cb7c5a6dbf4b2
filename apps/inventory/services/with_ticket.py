"""What happens to a ticket's material when the ticket takes a step: posted, given back, taken back. No commands: parts
of the ticket's own step, in its transaction, after technician and ticket were locked (apps/tickets/company.py).

 - finished: judged (allowed for the type, norms, a device back), then posted, one paper for each place it lies in;
 - goes to somebody else, or back to the pool: what this round reserved in the van is free again. What an earlier
   round put in is at the customer and stays with the ticket, and so does what was handed over a counter;
 - comes to its end without that: what this round reserved is free again, what an earlier one put in is posted;
 - finished, and it comes back: what was posted is taken back to where it came from, and stays reserved there for this
   ticket, to be confirmed or taken off by who finishes it next. A paper one of whose boxes has moved on since stays.

A device that came back is in the books from the finish on, and stays there: it is here.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from apps.inventory import material_read
from apps.inventory.errors import AboveNorm, NotForThisType, RecoveryMissing, SerialMismatch
from apps.inventory.models import Document, Material, Movement, Recovered
from apps.inventory.rules import documents as rule
from apps.inventory.rules import material as rules
from apps.inventory.rules import serials
from apps.inventory.services import _ledger as ledger
from apps.inventory.services import _lines as lines
from apps.inventory.services import _papers as papers
from apps.inventory.services._holding import release
from apps.inventory.services.ticket_papers import post_papers
from apps.tickets.company import COMES_BACK, ENDS, FINISHES, LEAVES, Standing
from steppe.kernel.actors import Actor

STEPS = FINISHES | LEAVES | ENDS | COMES_BACK


def settle(action: str, ticket: Standing, by: Actor) -> None:
    """The ticket's step, as far as its material goes. Raises NotForThisType, AboveNorm, RecoveryMissing."""
    if action in FINISHES:
        _finish(action, ticket, by)
    elif action in COMES_BACK:
        _take_back(ticket, by)
    else:
        _give_up(ticket, by, for_good=action in ENDS)


def _finish(action: str, ticket: Standing, by: Actor) -> None:
    """Three queries where nothing was used and nothing is asked. Raises what `_match` and `_judge` raise."""
    used, back = _reserved(ticket), list(Recovered.objects.select_related("item").filter(ticket=ticket.public_id))
    back = [one for one in back if one.state != rules.RELEASED]
    _match(ticket, used, back)
    _judge(ticket, used, came_back=bool(back), done=action == "complete")
    new = [one for one in back if one.state == rules.RESERVED]
    post_papers(ticket, used, new, by)
    if said := [one.pk for one in new if not one.item_id]:
        Recovered.objects.filter(pk__in=said).update(state=rules.POSTED)


def _match(ticket: Standing, used: Sequence[Material], back: Sequence[Recovered]) -> None:
    """The numbers told at the finish are those of the material, where it has any. Raises SerialMismatch for the field.

    A branch that keeps no stock has nothing to compare.
    """
    known = {
        "serial_in": [line.serial.number for line in used if line.serial],
        "serial_out": [one.number for one in back],
    }
    wrong = {name: serials.other_than(ticket.outcome.get(name), numbers) for name, numbers in known.items()}
    if any(wrong.values()):
        raise SerialMismatch({f"outcome.{name}": [_matched(them)] for name, them in wrong.items() if them})


def _matched(numbers: Sequence[str]) -> str:
    return str(SerialMismatch.message) % {"numbers": "、".join(numbers)}


def _judge(ticket: Standing, used: Sequence[Material], *, came_back: bool, done: bool) -> None:
    """`done`: what could not be done needs no device back. Raises NotForThisType, AboveNorm, RecoveryMissing."""
    found, norms = material_read.rule_of(ticket.type_code)
    for line in used:
        item, fresh = line.item, line.round == ticket.round  # the type may have been changed since
        if fresh and not rules.is_allowed(norms, item=item.code, category=item.category, kind=item.kind):
            raise NotForThisType(item=item.name)
    if too_much := rules.unexplained(norms, [material_read.used_of(line) for line in used], found.tolerance_pct):
        raise AboveNorm(lines="；".join(_told(one) for one in too_much))
    if done and found.recovery and not came_back:
        raise RecoveryMissing


def _told(one: rules.Sum) -> str:
    norm, entered = rules.amount(one.norm.quantity), rules.amount(one.entered)
    told = {"name": one.name, "norm": norm, "entered": entered, "unit": one.unit}
    return _("%(name)s (norm %(norm)s %(unit)s, entered %(entered)s %(unit)s)") % told


def _give_up(ticket: Standing, by: Actor, *, for_good: bool) -> None:
    """What this round meant to use is free again. One query where there is nothing."""
    held = _reserved(ticket)
    kept = [line for line in held if line.round < ticket.round or (line.place.kind == "counter" and not for_good)]
    if gone := [line for line in held if line not in kept]:
        release(gone)
    if for_good and kept:
        post_papers(ticket, kept, (), by)
    Recovered.objects.filter(ticket=ticket.public_id, state=rules.RESERVED).update(state=rules.RELEASED)


def _take_back(ticket: Standing, by: Actor) -> None:
    """Each posted paper of the ticket, unless one of its boxes is not at this customer any more."""
    posted = Document.objects.select_for_update(of=("self",)).select_related("source", "target")
    posted = posted.filter(ticket=ticket.public_id, kind="consumption", state=rule.POSTED)
    for document in posted.order_by("id"):
        rows = Material.objects.filter(document=document)
        elsewhere = rows.filter(serial__isnull=False).exclude(
            serial__place=document.target_id, serial__ticket=ticket.public_id
        )
        if not elsewhere.exists():
            _reverse(document, ticket, by)
            rows.update(state=rules.RESERVED, document=None)


def _reverse(document: Document, ticket: Standing, by: Actor) -> None:
    """Back to where it came from, at what it was worth when it left, and reserved there as it was before."""
    left = Movement.objects.filter(entry__document=document, place=document.source, delta__lt=0)
    worth: dict[tuple[int, int | None], int] = {
        (item, batch): -value for item, batch, value in left.values_list("item", "batch", "value")
    }
    moves = [
        replace(move, value=worth[move.item.pk, move.batch_id], stays_held=True)
        for move in lines.moves_of(document, document.target, document.source)
    ]
    ledger.post_entry(document=document, what="reverse", moves=moves, by=by)
    why = _("Ticket %(number)s came back.") % {"number": ticket.ticket_no}
    papers.step(document, rule.REVERSED, reversed_because=why)


def _reserved(ticket: Standing) -> list[Material]:
    rows = Material.objects.filter(ticket=ticket.public_id, state=rules.RESERVED)
    return list(rows.select_related("item", "place", "batch", "serial").order_by("id"))
