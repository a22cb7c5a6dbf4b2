"""{% load desk %}: what only the desk's pages need. Only the top bar asks the database, once."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString
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
from steppe.ui.templatetags import ui

if TYPE_CHECKING:
    from apps.console.rows import Row
    from apps.people.models import OrgUnit
    from apps.tickets.models import Ticket

register = template.Library()
_CHANNELS = dict(CHANNELS)


@register.filter
def can(actor: Actor, action: str) -> bool:
    """Does the person's role know this action? Whether this ticket allows it, the selector says."""
    return actor.holds(*ACTIONS[action])


@register.simple_tag(takes_context=True)
def bar(context: template.Context) -> places.Bar:
    """The bar of this reader on this page, counted once for both of its rows."""
    request = context["request"]
    if not hasattr(request, "bar"):
        request.bar = places.bar(context["actor"], request.path)
    found: places.Bar = request.bar
    return found


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object) -> str:
    """What a select offers, the chosen one marked. In one go: a template's loop looks up every dot anew."""
    rows = (
        f'<option value="{escape(str(value))}"{" selected" if value == chosen else ""}>{escape(str(word))}</option>'
        for value, word in choices
    )
    return SafeString("".join(rows))


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


@register.simple_tag(takes_context=True)
def found_rows(context: template.Context, rows: "Iterable[Row]", door: str) -> SafeString:
    """The lines of 工单查询; `door` is the address of the ticket "0".

    Written by hand: there are fifty, and as a template, which looks up every dot anew, they were a third of the page.
    """
    return SafeString("\n".join(_found_row(context, row, door) for row in rows))


def _found_row(context: template.Context, row: "Row", door: str) -> str:
    ticket, late, clock = row.ticket, ' class="is-late"' if row.alarm else "", "—"
    loud = "tag tag-loud" if ticket.priority < 2 else "faint small"
    if row.due_at:
        clock = ui.due(context, row.due_at, row.target)
    elif ticket.closed_at:
        clock = f'<span class="faint">{escape(ui.when(context, ticket.closed_at))}</span>'
    return (
        f"<tr{late}><td>{ui.state_chip(row.status, True)}</td>"
        f'<td><a class="ticket-no" href="{escape(naming(door, row.id))}">{escape(ticket.ticket_no)}</a> '
        f'<span class="{loud}">P{ticket.priority}</span></td>'
        f"<td>{escape(row.kind)}</td>"
        f'<td class="wide"><span class="{"struck " if row.over else ""}two-lines">{ui.address(row.address)}</span></td>'
        f"<td>{clock}</td><td>{escape(row.technician or '—')}</td>"
        f'<td class="faint">{escape(ui.when(context, ticket.reported_at))}</td></tr>'
    )


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
