"""The pages of headquarters' site in order, and who may go where. A new page: a line here, a row in policy.yaml."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.headquarters.permissions import AUDIT, HANDOVER_READERS, OVERVIEW, TEMPLATES
from apps.people import roles as r
from steppe.kernel.actors import Actor


@dataclass(frozen=True)
class Place:
    """A page: the name of its address, its title, who may open it. `below`: further addresses that belong to it."""

    name: str
    title: str | Promise
    roles: tuple[str, ...] = OVERVIEW
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A place as one reader sees it in the bar."""

    title: str | Promise
    url: str
    here: bool


PLACES = (
    Place("headquarters:overview", _("All branches"), below=("/hq/branches/", "/hq/tickets/")),
    Place("headquarters:kpis", pgettext_lazy("nav", "Figures")),
    Place("headquarters:money", pgettext_lazy("nav", "Money")),
    Place("headquarters:stock", pgettext_lazy("nav", "Stock")),
    Place("bi:connect", pgettext_lazy("nav", "Connect")),
    Place("headquarters:handovers", _("Hand-overs"), HANDOVER_READERS),
    Place("headquarters:settlement", pgettext_lazy("nav", "Settlement"), (r.HQ_ADMIN,)),
    Place("headquarters:templates", pgettext_lazy("nav", "Templates"), TEMPLATES),
    Place("headquarters:audit", pgettext_lazy("nav", "Audit"), AUDIT),
    Place("shared:accounts", _("WeChat"), (r.HQ_ADMIN,)),
)


def bar(actor: Actor, path: str) -> list[Entry]:
    """What this reader may open; the page one is on is marked. No query."""
    return [_entry(place, path) for place in PLACES if actor.holds(*place.roles)]


def _entry(place: Place, path: str) -> Entry:
    url = reverse(place.name)
    # The overview's address begins every other one.
    exact = place.name == "headquarters:overview"
    here = path == url if exact else path.startswith(url)
    return Entry(place.title, url, here or any(path.startswith(one) for one in place.below))
