"""All sets, by site. The one list that feed, metadata, roles, pages and docs/bi.md go by. Pure."""

from apps.bi.rules import centre_sets, figure_sets, money_sets, ticket_sets
from apps.bi.rules.shapes import RowSet

ALL: tuple[RowSet, ...] = (
    ticket_sets.TICKETS, ticket_sets.ASSIGNMENTS, ticket_sets.STEPS, ticket_sets.BREACHES, ticket_sets.CALLBACKS,
    money_sets.BALANCES, money_sets.MOVES, money_sets.POINTS, money_sets.LINES,
    ticket_sets.TYPES, ticket_sets.GRIDS, ticket_sets.STAFF,
    centre_sets.BRANCHES, centre_sets.DAYS, centre_sets.STATES, figure_sets.FACTS, figure_sets.MONTHS,
)  # fmt: skip


def sets_of(site: str) -> tuple[RowSet, ...]:
    """Those of a branch, or of headquarters, in the order they are shown in."""
    return tuple(one for one in ALL if one.site == site)


def set_called(site: str, name: str) -> RowSet | None:
    return next((one for one in sets_of(site) if one.name == name), None)


def views_of(site: str) -> tuple[str, ...]:
    """What the database's reader may read, and nothing else."""
    return tuple(one.view for one in sets_of(site))
