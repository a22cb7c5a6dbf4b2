"""The pages of the desk in the order people need them, and who may go where.

The daily ones stand in the top bar; what is set up now and then is one place, 管理, with a row of its own pages.
To add a page: a line here, and its row in policy.yaml.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.tickets.permissions import ACTIONS, FAIRNESS_READERS, SETTINGS_KEEPERS, TYPE_KEEPERS
from apps.tickets.requests_read import how_many_wait_for
from steppe.kernel.actors import Actor

May = Callable[[Actor], bool]


@dataclass(frozen=True)
class Place:
    """A page: the name of its address, its title, who may open it, and how many things wait there."""

    name: str
    title: str | Promise
    may: May = lambda _actor: True
    waiting: Callable[[Actor], int] = lambda _actor: 0


@dataclass(frozen=True)
class Entry:
    """A place as one reader sees it in the bar."""

    title: str | Promise
    url: str
    here: bool
    waiting: int = 0


def holding(roles: Iterable[Any]) -> May:
    """May it be opened by who holds one of these?"""
    wanted = tuple(roles)
    return lambda actor: actor.holds(*wanted)


DAILY = (
    Place("console:home", _("Ticket pool")),
    Place("console:search", pgettext_lazy("nav", "Find")),
    Place("console:callback", _("Callbacks"), holding(ACTIONS["callback_ok"])),
    Place("console:requests", _("Requests"), holding(ACTIONS["withdraw"]), how_many_wait_for),
)
MANAGED = (
    Place("console:fairness", _("Fairness"), holding(FAIRNESS_READERS)),
    Place("console:types", _("Ticket types"), holding(TYPE_KEEPERS)),
    Place("console:settings", pgettext_lazy("branch", "Settings"), holding(SETTINGS_KEEPERS)),
)


def daily(actor: Actor, path: str) -> list[Entry]:
    """The top bar: the daily places, then 管理 where the reader manages something. One query where requests count."""
    bar = [_entry(place, path, place.waiting(actor)) for place in DAILY if place.may(actor)]
    inner = managed(actor, path)
    return [*bar, Entry(_("Management"), inner[0].url, any(one.here for one in inner))] if inner else bar


def managed(actor: Actor, path: str) -> list[Entry]:
    """The pages of 管理 this reader may open. No query."""
    return [_entry(place, path) for place in MANAGED if place.may(actor)]


def _entry(place: Place, path: str, waiting: int = 0) -> Entry:
    url = reverse(place.name)
    return Entry(place.title, url, _is_here(url, path), waiting)


def _is_here(url: str, path: str) -> bool:
    # The pool's address begins every other one.
    return path == url or (path.startswith(url) and url != reverse("console:home"))
