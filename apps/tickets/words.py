"""Tickets by what is written on them: a part of a number, phone, name, door or account number (models/words.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import Contains

from apps.tickets.selectors import revealed
from steppe.kernel.actors import Actor

# Few finds are looked up by their ids and then sorted. Many are joined: PostgreSQL guesses well how many they are, and
# walks the list in its own order or begins with the words. Of a rare name it guesses badly, and walks a year.
FEW = 1000
SHORT = 3  # a number of fewer digits than a trigram has is a ticket's own
# Part of a spelled text, whatever it holds; the planner reads the words, so this is never prepared.
_PART = "LIKE '%%' || regexp_replace(ticket_words(%s), '([\\\\%%_])', '\\\\\\1', 'g') || '%%'"
# In place of the ids of a statement that is remembered; no ticket has them.
SHOWN_IDS, HIDDEN_IDS = [-1], [-2]


@dataclass(frozen=True)
class Found:
    """Which tickets fit. `where` is None for few of them, who are named one by one, and better sorted than met on the
    way: `shown` fits in what everybody may see, `hidden` counts only where the reader may see contact and door.
    """

    where: Q | None
    shown: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()

    @property
    def few(self) -> bool:
        return self.where is None

    def condition(self, actor: Actor) -> Q:
        """All of it as a condition on rows."""
        return among(actor, self.shown, self.hidden) if self.where is None else self.where


ANYTHING = Found(Q())


def matching(actor: Actor, text: str, *, few: int = FEW) -> Found:
    """Where all of these words stand in what this reader may see. One query, none for no words.

    Phone, name, door and account number count where the reader may see them anyway: or a search would tell them.
    """
    parts = parts_of(text)
    if not parts:
        return ANYTHING
    with connection.cursor() as cursor:
        cursor.execute(_looking_for(len(parts)), [*parts, *parts, few + 1])
        found = cursor.fetchall()
    if len(found) > few:
        door = _all(parts, F("words__shown")) | revealed(actor) if revealed(actor) else Q()
        return Found(_all(parts, F("words__whole")) & door)
    shown, hidden = (tuple(pk for pk, is_open in found if is_open == wanted) for wanted in (True, False))
    return Found(None, shown, hidden)


def among(actor: Actor, shown: Sequence[int], hidden: Sequence[int]) -> Q:
    """The tickets of these ids, as far as the reader may know why they fit."""
    return _named(shown) | (_named(hidden) & revealed(actor))


@lru_cache(maxsize=40)
def _looking_for(parts: int) -> str:
    """Ids and whether they fit in what everybody sees."""
    shown, whole = (" AND ".join([f"{column} {_PART}"] * parts) for column in ("shown", "whole"))
    return f"SELECT ticket_id, {shown} FROM tickets_ticketwords WHERE {whole} LIMIT %s"  # noqa: S608 (our constants)


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


def _named(ids: Sequence[int]) -> Q:
    return Q(Among(F("pk"), Value(list(ids)))) if ids else Q(pk__in=[])


def _all(parts: list[str], column: Combinable) -> Q:
    spelled = [Func(Value(part), function="ticket_words", output_field=TextField()) for part in parts]
    return Q(*(Contains(column, one) for one in spelled))
