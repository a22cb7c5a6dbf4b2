"""Saved views: the searches a person keeps. Each belongs to its owner; for anybody else it is not there."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.tickets.errors import NoSuchView, TooManyViews, ViewNameTaken
from apps.tickets.models import SavedView
from apps.tickets.permissions import CONSOLE
from apps.tickets.wanted import read_query, write_query
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import Invalid

MOST = 20  # more tabs than that nobody finds again
LONGEST_NAME = 30
LONGEST_QUERY = 600


@command("tickets.save_view")
def save_view(*, name: str, query: str, position: int | None = None, by: Actor) -> Receipt:
    """Keep a search under a name, as the last of one's views or at a `position`: so a deleted one comes back.

    Raises Invalid where the search is none, ViewNameTaken, TooManyViews.
    """
    views = _own(by)
    if len(views) >= MOST:
        raise TooManyViews(most=MOST)
    fresh = _kept(SavedView(owner=by.ref, name=_free(name, views), query=_proper(query)))
    place = len(views) if position is None else min(max(position, 0), len(views))
    _number([*views[:place], fresh, *views[place:]])
    return _receipt(fresh)


@command("tickets.change_view")
def change_view(*, view_id: int, name: str | None = None, query: str | None = None, by: Actor) -> Receipt:
    """Another name, or another search under the same name. Raises NoSuchView, ViewNameTaken, Invalid."""
    views = _own(by)
    view = _named(view_id, views)
    if name is not None:
        view.name = _free(name, [one for one in views if one != view])
    if query is not None:
        view.query = _proper(query)
    view.save(update_fields=["name", "query"])
    return _receipt(view)


@command("tickets.move_view")
def move_view(*, view_id: int, position: int, by: Actor) -> Receipt:
    """Another place in the row; the others close up. Raises NoSuchView."""
    views = _own(by)
    view = _named(view_id, views)
    others = [one for one in views if one != view]
    place = min(max(position, 0), len(others))
    _number([*others[:place], view, *others[place:]])
    return _receipt(view)


@command("tickets.delete_view")
def delete_view(*, view_id: int, by: Actor) -> Receipt:
    """Away with it. The receipt holds all that `save_view` needs to bring it back. Raises NoSuchView."""
    views = _own(by)
    view = _named(view_id, views)
    gone = _receipt(view)
    view.delete()
    _number([one for one in views if one != view])
    return gone


def _own(by: Actor) -> list[SavedView]:
    """The person's views in their order, locked: two tabs of one browser may save at once."""
    require(by, CONSOLE)
    return list(SavedView.objects.select_for_update().filter(owner=by.ref).order_by("position", "id"))


def _named(view_id: int, views: list[SavedView]) -> SavedView:
    found = next((view for view in views if view.pk == view_id), None)
    if found is None:
        raise NoSuchView
    return found


def _free(name: str, others: list[SavedView]) -> str:
    """The name as it is kept, if none of the others has it."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise Invalid({"name": [_("Please give a name of at most %(n)s characters.") % {"n": LONGEST_NAME}]})
    if any(one.name == plain for one in others):
        raise ViewNameTaken({"name": [str(ViewNameTaken.message)]})
    return plain


def _kept(fresh: SavedView) -> SavedView:
    """The first view of a person finds no row to lock: then the constraint says who was second."""
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError as error:
        raise ViewNameTaken({"name": [str(ViewNameTaken.message)]}) from error
    return fresh


def _proper(query: str) -> str:
    """The search as the shortest link; a page of a list is not part of it."""
    plain = write_query(read_query(query))
    if len(plain) > LONGEST_QUERY:
        raise Invalid({"query": [_("This search is too long to be kept.")]})
    return plain


def _number(views: list[SavedView]) -> None:
    moved = [view for place, view in enumerate(views) if _moves(view, place)]
    SavedView.objects.bulk_update(moved, ["position"])


def _moves(view: SavedView, place: int) -> bool:
    before, view.position = view.position, place
    return before != place


def _receipt(view: SavedView) -> Receipt:
    facts: dict[str, Any] = {"id": view.pk, "name": view.name, "query": view.query, "position": view.position}
    return Receipt("saved_view", view.pk, facts=facts)
