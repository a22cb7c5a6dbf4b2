"""Tickets by what is written on them: a part of a number, phone, name, door or account number (models/words.py)."""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import Contains

from apps.tickets.models import TicketWords
from apps.tickets.selectors import revealed
from steppe.kernel.actors import Actor

# Few finds are looked up by their ids and then sorted. Many are joined: PostgreSQL guesses well how many they are, and
# walks the list in its own order or begins with the words. Of a rare name it guesses badly, and walks a year.
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
        door = _all(parts, F("words__shown")) | revealed(actor) if revealed(actor) else Q()
        return Found(_all(parts, F("words__whole")) & door)
    shown, hidden = ([pk for pk, is_open in found if is_open == wanted] for wanted in (True, False))
    return Found(_among(shown) | (_among(hidden) & revealed(actor)), few=True)


def parts_of(text: str) -> list[str]:
    """What is looked for: words; a telephone number with gaps is one word; 81 is the ticket with this number."""
    parts = text.split()
    digits = "".join(parts)
    if not (digits.isascii() and digits.isdigit()):
        return parts
    return [digits] if len(digits) >= SHORT else [f"-{int(digits):06d}\n"]


class Among(Func):
    """One of these ids, sent as one array: a parameter for each took longer than to find them.

    Named as bigint, like the key: else PostgreSQL does not hash the array, and reads all of it for every row.
    """

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _among(ids: list[int]) -> Q:
    return Q(Among(F("pk"), Value(ids))) if ids else Q(pk__in=[])


def _all(parts: list[str], column: Combinable) -> Q:
    spelled = [Func(Value(part), function="ticket_words", output_field=TextField()) for part in parts]
    return Q(*(Contains(column, one) for one in spelled))
