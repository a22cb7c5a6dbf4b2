"""A search that was refused: what of it makes sense stays in the form, and every sentence is said where it is seen."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from apps.tickets.wanted import Wanted, read
from steppe.kernel.errors import DomainError, Invalid

# Parts of the search with a field of their own, where their sentence stands.
FIELDS = frozenset({
    "text", "type", "grid", "department", "technician_id", "overdue", "period", "days", "since", "until", "channel",
    "priority", "sort", "name",
})  # fmt: skip
Wrong = Mapping[str, list[str]]


def right_of(given: Mapping[str, str], wrong: Wrong) -> Wanted:
    """The parts that were not refused."""
    try:
        return read({name: said for name, said in given.items() if name not in wrong})
    except Invalid:
        return Wanted()


def sentence(refusal: DomainError | None) -> str:
    """Above the form: what happened, and what has no field to stand at."""
    if refusal is None:
        return ""
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    loose = [one for name, sentences in fields.items() if name not in FIELDS for one in sentences]
    marked = FIELDS & fields.keys() or not loose
    return " ".join(dict.fromkeys([refusal.sentence, *loose] if marked else loose))


def is_shown(kept: str, now: str, given: Mapping[str, str] | None) -> bool:
    """Is this kept search the one on the screen? `given` is one that was refused: it can be changed or deleted too."""
    return kept == now if given is None else dict(parse_qsl(kept)) == dict(given)
