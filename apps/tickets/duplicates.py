"""查重: open tickets that may already say what is being reported (domain.md T1)."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Func, Q, QuerySet, TextField, Value

from apps.tickets.errors import TicketNotFound
from apps.tickets.models import Ticket
from apps.tickets.models.tickets import RUNNING, UNFINISHED
from apps.tickets.permissions import ACTIONS, VIEWERS
from apps.tickets.rules.workflow import State
from apps.tickets.selectors import TicketView, actions_for, revealed, view_of, visible_tickets
from apps.tickets.sight import Outline, sees
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.db import rows_of
from steppe.kernel.light import light

Caller = tuple[str, str, str]  # a family of types; `contact_phone` or `account_no`; what stands there
MOST = 5
SHORTEST = 4  # letters of an address; fewer are alike everywhere
ALIKE = 0.78  # of word similarity: the same door or estate, whichever way it is written; not the next street


# Every report asks it. The states are part of the text: only so does it fit the indexes over what is unfinished.
_NAMES = ("id", "public_id", "ticket_no")
_RUNNING_OF_CALLER = f"""
SELECT t.id, t.public_id, t.ticket_no, t.status, t.org_path, t.created_by, t.customer_id, t.technician_id
  FROM tickets_ticket t JOIN tickets_tickettype k ON k.id = t.type_id
 WHERE t.status IN ({", ".join(f"'{state}'" for state in RUNNING)}) AND k.family = %s
   AND (t.contact_phone = %s OR t.account_no = %s AND t.account_no <> '')
 ORDER BY t.reported_at DESC
"""  # noqa: S608 (states of the workflow)
_RUNNING_OF_PHONE = _RUNNING_OF_CALLER.replace("OR t.account_no = %s AND t.account_no <> ''", "")


@dataclass(frozen=True)
class Likely:
    """An open ticket and what speaks for its being the same: `phone`, `account` or `address`.

    `seen`: the reader may open its page; one that somebody else entered they can urge, no more.
    """

    view: TicketView
    why: str
    seen: bool = True


def likely(actor: Actor, *, phone: str = "", account_no: str = "", address: str = "") -> list[Likely]:
    """For who is typing a report: open tickets of this caller, then those at a door like this. Two queries at most."""
    found = [_likely(actor, one, _why(one, phone)) for one in _of_caller(actor, phone, account_no)]
    known = [one.view.ticket.pk for one in found]
    return found + [Likely(view_of(actor, one), "address") for one in _at_door(actor, address, known)]


def same_kind(actor: Actor, family: str, *, phone: str, account_no: str = "") -> Ticket | None:
    """The caller's running ticket about the same thing, the newest, as far as the actor may urge it. One query.

    A customer's own tickets are all the caller's. `family` is the type's; nothing is about the same as "other". Only
    its names are read.
    """
    if family == "other":
        return None
    if actor.kind == "customer":
        rows = visible_tickets(actor).filter(status__in=RUNNING, type__family=family).select_related(None)
        return rows.only("public_id", "ticket_no").order_by("-reported_at").first()
    asked = (_RUNNING_OF_CALLER, family, phone, account_no) if account_no else (_RUNNING_OF_PHONE, family, phone)
    reach = tuple(actor.scopes(ACTIONS["urge"]))
    found = (row for row in rows_of(*asked) if row[4].startswith(reach) or sees(actor, Outline(*row[3:])))
    return next((light(Ticket, _NAMES, row[:3]) for row in found), None)


def running_of(actor: Actor, callers: Collection[Caller]) -> dict[Caller, Ticket]:
    """The newest running ticket of each caller that the actor sees, for many at once. One query; none for nobody."""
    if not callers:
        return {}
    rows = visible_tickets(actor).filter(
        Q(contact_phone__in=[told for _, name, told in callers if name == "contact_phone"])
        | Q(account_no__in=[told for _, name, told in callers if name == "account_no"]),
        status__in=RUNNING, type__family__in={family for family, _, _ in callers},
    )  # fmt: skip
    found: dict[Caller, Ticket] = {}
    for one in rows.select_related("type").order_by("reported_at"):
        for name in ("contact_phone", "account_no"):
            found[one.type.family, name, getattr(one, name)] = one
    return {caller: found[caller] for caller in callers if caller in found}


def false_reports(phone: str) -> int:
    """How many reports of this number came out as false (T22). One query; none without a number."""
    if not phone:
        return 0
    return Ticket.objects.filter(customer__phone=phone, status=State.VOID, close_code="fake").count()


def urged_by(actor: Actor, public_id: str) -> TicketView:
    """A ticket that this person sees, or one they may urge though somebody else entered it. Raises TicketNotFound.
    One query."""
    ticket = _told(actor).select_related("type_version").filter(public_id=public_id).first()
    if ticket is None:
        raise TicketNotFound
    return _likely(actor, ticket, "").view


def _told(actor: Actor) -> "QuerySet[Ticket]":
    """What the actor sees, and all they may urge: who comes to the shop may have told the hotline or WeChat before."""
    rows = visible_tickets(actor)
    for path in actor.scopes(ACTIONS["urge"]):
        rows = rows | visible_tickets(SYSTEM).filter(org_path__startswith=path)
    return rows


def _likely(actor: Actor, ticket: Ticket, why: str) -> Likely:
    """Of a ticket that is not seen nothing shows but what it is, and that it can be urged."""
    if _sees(actor, ticket):
        return Likely(view_of(actor, ticket), why)
    urge = ("urge",) if "urge" in actions_for(actor, ticket) else ()
    return Likely(TicketView(ticket, reveal=False, actions=urge), why, seen=False)


def _sees(actor: Actor, ticket: Ticket) -> bool:
    """Is it among the visible ones? For who comes here: only a creator is told of more than that."""
    if ticket.created_by == actor.ref or not actor.scopes(ACTIONS["urge"]):
        return True
    return any(ticket.org_path.startswith(path) for path in actor.scopes(VIEWERS))


def _of_caller(actor: Actor, phone: str, account_no: str) -> list[Ticket]:
    if not (phone or account_no):
        return []
    rows = _told(actor).filter(_called(phone, account_no), status__in=UNFINISHED)
    return list(rows.order_by("-reported_at")[:MOST])


def _called(phone: str, account_no: str) -> Q:
    """Nothing is found by what was left empty: many tickets have no account."""
    given = {"contact_phone": phone, "account_no": account_no}
    return reduce(or_, (Q(**{field: typed}) for field, typed in given.items() if typed), Q(pk__in=[]))


def _why(ticket: Ticket, phone: str) -> str:
    return "phone" if ticket.contact_phone == phone else "account"


def _at_door(actor: Actor, address: str, known: list[int]) -> list[Ticket]:
    """By trigrams over the spelled words (models/words.py); only where the reader sees the door anyway."""
    if len(address.strip()) < SHORTEST:
        return []
    spelled = Func(Value(address.strip()), function="ticket_words", output_field=TextField())
    rows = visible_tickets(actor).filter(revealed(actor), status__in=UNFINISHED).exclude(pk__in=known)
    rows = rows.filter(words__whole__trigram_word_similar=spelled)
    rows = rows.annotate(
        alike=TrigramWordSimilarity(spelled, "words__whole")  # type: ignore[arg-type]  # an expression does as well
    ).filter(alike__gte=ALIKE)
    return list(rows.order_by("-alike", "-reported_at")[:MOST])
