"""The money on a ticket's own page: what it came to, for who reads costs; entering an expense, for who may."""

from typing import Any

from apps.costing import money_words
from apps.costing import profit_read as profit
from apps.costing.money_errors import AccountNotFound
from apps.costing.money_permissions import SPENDERS
from apps.costing.services.expenses import NOT_YET
from apps.tickets.selectors import TicketView
from steppe.kernel.actors import Actor


def block_of(actor: Actor, view: TicketView) -> dict[str, Any]:
    """Nothing for who has nothing to do with money. Three queries for who reads costs, else none."""
    spends = actor.holds(*SPENDERS) and view.ticket.status not in NOT_YET
    if not profit.may_read(actor):
        return {"spends": True} if spends else {}
    try:
        sheet = profit.sheet_for(actor, view.ticket.public_id)
    except AccountNotFound:
        return {"reads": True, "spends": spends}
    return {"reads": True, "spends": spends, "sheet": sheet, "elements": elements_of(sheet)}


def elements_of(sheet: profit.Sheet) -> list[tuple[str, int]]:
    """What it is made of, in words; what is nothing is left out."""
    return [(money_words.element_word(code), fen) for code, fen in sheet.money.elements.items() if fen]
