"""What differs between two versions of a ticket type, part by part. Pure; the words: apps/console/type_changes.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from apps.tickets.rules.definitions import STAGES, Definition, Fee, Field

NEW, GONE, OTHER, ORDER = "new", "gone", "other", "order"
LISTS = ("fields", "fees")


@dataclass(frozen=True)
class Change:
    """One difference. `part`: the name in the definition; for a field or a fee `named` is it as it is now, or was.

    `inside`: which of a field's own parts are other ones.
    """

    part: str
    how: str
    was: Any = None
    now: Any = None
    named: Field | Fee | None = None
    inside: tuple[str, ...] = ()


def differences(old: Definition, new: Definition) -> list[Change]:
    """Everything that differs: fields first, in the form's order, then fees, then all that is one value."""
    return [*_fields(old, new), *_listed("fees", "code", old.fees, new.fees), *_values(old, new)]


def _fields(old: Definition, new: Definition) -> Iterator[Change]:
    yield from _listed("fields", "key", old.fields, new.fields)
    for stage in STAGES:
        before, after = ([one.key for one in version.at(stage)] for version in (old, new))
        both = set(before) & set(after)
        if [key for key in before if key in both] != [key for key in after if key in both]:
            yield Change("fields", ORDER, now=stage)


def _listed(part: str, name: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    """Parts with a name of their own: new ones, other ones, those that are gone."""
    before, after = ({getattr(one, name): one for one in version} for version in (old, new))
    for key, one in after.items():
        if key not in before:
            yield Change(part, NEW, now=one, named=one)
        elif inside := _inside(before[key], one):
            yield Change(part, OTHER, was=before[key], now=one, named=one, inside=inside)
    for key, one in before.items():
        if key not in after:
            yield Change(part, GONE, was=one, named=one)


def _inside(was: Any, now: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(now) if getattr(was, one.name) != getattr(now, one.name))


def _values(old: Definition, new: Definition) -> Iterator[Change]:
    for name in _inside(old, new):
        if name not in LISTS:
            yield Change(name, OTHER, was=getattr(old, name), now=getattr(new, name))
