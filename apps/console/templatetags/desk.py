"""{% load desk %}: what only the desk's pages need. Only the top bar asks the database, once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.console import places
from apps.console.filters import Shown
from apps.console.forms import CHANNELS
from apps.tickets.answers_read import Answer, answers_of
from apps.tickets.permissions import ACTIONS
from apps.tickets.step_forms import StepForm
from steppe.kernel.actors import Actor
from steppe.ui.states import look_of

if TYPE_CHECKING:
    from apps.people.models import OrgUnit
    from apps.tickets.models import Ticket

register = template.Library()
_CHANNELS = dict(CHANNELS)


@register.filter
def can(actor: Actor, action: str) -> bool:
    """Does the person's role know this action? Whether this ticket allows it, the selector says."""
    return actor.holds(*ACTIONS[action])


@register.filter
def daily(actor: Actor, path: str) -> list[places.Entry]:
    """The top bar of this reader, on the page with this path."""
    return places.daily(actor, path)


@register.filter
def managed(actor: Actor, path: str) -> list[places.Entry]:
    """The pages of 管理 for this reader."""
    return places.managed(actor, path)


@register.filter
def any_here(entries: list[places.Entry]) -> bool:
    """Is the open page one of them?"""
    return any(one.here for one in entries)


@register.filter
def query(shown: Shown, change: str = "") -> str:
    """The screen's address, with one part changed: `shown|query:"tab=overdue"`."""
    name, _equals, value = change.partition("=")
    return shown.query(**{name: value}) if name else shown.query()


@register.filter
def with_unit(shown: Shown, code: str) -> str:
    """The screen's address, narrowed to a node."""
    return shown.query(unit=code)


@register.filter
def below_root(units: "list[OrgUnit]") -> "list[OrgUnit]":
    """The nodes one can choose: sub-branches, departments and grids, in the tree's order."""
    return [unit for unit in units if unit.kind in {"sub_branch", "department", "grid"}]


@register.filter
def word_of_state(status: str) -> str:
    return str(look_of(status).word)


@register.filter
def naming(address: str, public_id: str) -> str:
    """An address made for the ticket "0", for this ticket: reversing fifty of them would cost more than the list."""
    return address.replace("/0/", f"/{public_id}/")


@register.filter
def channel_word(code: str) -> str:
    """How the report came, in words."""
    more = {"wechat_oa": pgettext("channel", "WeChat"), "h5": pgettext("channel", "Phone page")}
    return str(_CHANNELS.get(code) or more.get(code) or code)


@register.filter
def answers(ticket: "Ticket", stage: str) -> list[Answer]:
    """`ticket|answers:"finish"`: what the ticket's type asked at this stage, and what was said."""
    return answers_of(ticket, stage)


@register.filter
def word_for(words: Iterable[tuple[str, str]], code: str) -> str:
    """The word for a code in a list of choices."""
    return str(dict(words).get(code, code))


@register.filter
def address_name(form: StepForm) -> str:
    """The name of the address where this step is taken."""
    return f"console:{form.slug}"


@register.filter
def same_word(why: str) -> str:
    """What speaks for two reports being the same."""
    return {"phone": _("Same phone"), "account": _("Same account"), "address": _("Similar address")}[why]


@register.filter
def verb(action: str) -> str:
    """The word on the button."""
    return {
        "place": pgettext("button", "Choose the grid"),
        "dispatch": pgettext("button", "Dispatch"),
        "reassign": pgettext("button", "Reassign"),
        "void": pgettext("button", "Void"),
    }[action]


@register.filter
def title_of(action: str, no: str) -> str:
    """The dialog's title."""
    titles = {
        "place": _("Where does ticket %(no)s belong?"),
        "dispatch": _("Dispatch ticket %(no)s"),
        "reassign": _("Reassign ticket %(no)s"),
        "void": _("Void ticket %(no)s"),
    }
    return titles[action] % {"no": no}


@register.filter
def of(choices: dict[str, list[tuple[str, str]]], action: str) -> list[tuple[str, str]]:
    """`reasons|of:action`."""
    return choices[action]
