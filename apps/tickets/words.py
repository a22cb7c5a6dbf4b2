"""Tickets by what is written on them: a part of a number, phone, name, door or account number (models/words.py)."""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import Contains

from apps.tickets.models import TicketWords
from apps.tickets.selectors import revealed
from steppe.kernel.actors import Actor

# Few finds are looked up by their ids and then sorted. Many stand everywhere: the list is walked in its own order, and
# each ticket's words are read on the way. PostgreSQL cannot tell the two apart, and walks a year for a rare name.
FEW = 1000
SHORT = 3  # a number of fewer digits than a trigram has is a ticket's own


@dataclass(frozen=True)
class Found:
    """Which tickets fit; `few`: they are named one by one, and better sorted than met on the way."""

    where: Q
    few: bool = False


def matching(actor: Actor, text: str, *, few: int = FEW) -> Found:
    """Where all of these words stand in what this reader may see. One query, none for no words.

    Phone, name, door and account number count where the reader may see them anyway: or a search would tell them.
    """
    parts = parts_of(text)
    if not parts:
        return Found(Q())
    rows = TicketWords.objects.filter(_all(parts, F("whole")))
    rows = rows.annotate(open=ExpressionWrapper(_all(parts, F("shown")), output_field=BooleanField()))
    found = list(rows.values_list("ticket_id", "open")[: few + 1])
    if len(found) > few:
        door = _all(parts, _of_the_ticket("shown")) | revealed(actor) if revealed(actor) else Q()
        return Found(_all(parts, _of_the_ticket("whole")) & door)
    shown, hidden = ([pk for pk, is_open in found if is_open == wanted] for wanted in (True, False))
    return Found(_among(shown) | (_among(hidden) & revealed(actor)), few=True)


def parts_of(text: str) -> list[str]:
    """What is looked for: words; a telephone number with gaps is one word; 81 is the ticket with this number."""
    parts = text.split()
    digits = "".join(parts)
    if not (digits.isascii() and digits.isdigit()):
        return parts
    return [digits] if len(digits) >= SHORT else [f"-{int(digits):06d}\n"]


class _Among(Func):
    """One of these ids, sent as one array: a parameter for each took longer than to find them."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _among(ids: list[int]) -> Q:
    return Q(_Among(F("pk"), Value(ids))) if ids else Q(pk__in=[])


def _all(parts: list[str], column: Combinable) -> Q:
    spelled = [Func(Value(part), function="ticket_words", output_field=TextField()) for part in parts]
    return Q(*(Contains(column, one) for one in spelled))


def _of_the_ticket(column: str) -> Combinable:
    return Subquery(TicketWords.objects.filter(pk=OuterRef("pk")).values(column)[:1])
