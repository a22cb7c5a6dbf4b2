"""Our ten states in TM Forum's words, as domain.md §3.1 has them."""

import pytest

from apps.partners import cases_read
from apps.partners.rules import states
from apps.partners.rules.states import Standing, passed, trouble, work
from apps.tickets.rules.workflow import State
from tests.cast import Branch
from tests.make import WALKS, make_ticket

# state, taken, hold class, result: TMF621, TMF697
TABLE = [
    ("submitted", False, "", "", "acknowledged", "acknowledged"),
    ("pooled", False, "", "", "acknowledged", "acknowledged"),
    ("assigned", False, "", "", "acknowledged", "acknowledged"),
    ("accepted", True, "", "", "inProgress", "inProgress"),
    ("in_progress", True, "", "", "inProgress", "inProgress"),
    ("on_hold", True, "customer", "", "pending", "pending"),
    ("on_hold", True, "material", "", "held", "held"),
    ("awaiting_callback", True, "", "done", "resolved", "completed"),
    ("closed", True, "", "done", "closed", "completed"),
    ("closed", True, "", "not_done", "closed", "failed"),
    ("closed", True, "", "partial", "closed", "partial"),
    ("cancelled", False, "", "cancelled", "cancelled", "cancelled"),
    ("void", False, "", "fake", "rejected", "rejected"),
    ("void", True, "", "fake", "cancelled", "cancelled"),
    ("pooled", True, "", "", "inProgress", "inProgress"),
]


@pytest.mark.parametrize(("state", "taken", "hold", "result", "of_621", "of_697"), TABLE)
def test_each_state_has_its_word(state: str, taken: bool, hold: str, result: str, of_621: str, of_697: str) -> None:
    at = Standing(state, taken, hold, result)
    assert (trouble(at), work(at)) == (of_621, of_697)


def test_the_table_names_every_state_and_every_word() -> None:
    assert {row[0] for row in TABLE} == {state.value for state in State}
    assert {row[4] for row in TABLE} == set(states.TROUBLE)
    assert {row[5] for row in TABLE} == set(states.WORK)


STEPS = [
    ("ticket.grabbed", Standing("pooled"), Standing("accepted", True), ("inProgress",)),
    ("ticket.dispatched", Standing("pooled"), Standing("assigned"), ()),
    ("ticket.returned", Standing("accepted", True), Standing("pooled", True), ()),
    ("ticket.held", Standing("in_progress", True), Standing("on_hold", True, "customer"), ("pending",)),
    (
        "ticket.cancelled",
        Standing("on_hold", True, "material"),
        Standing("cancelled", True),
        ("inProgress", "cancelled"),
    ),
    ("ticket.cancelled", Standing("on_hold", True, "customer"), Standing("cancelled", True), ("cancelled",)),
    ("ticket.voided", Standing("accepted", True), Standing("void", True), ("cancelled",)),
    ("ticket.voided", Standing("pooled"), Standing("void"), ("rejected",)),
    ("ticket.handed_over", Standing("accepted", True), Standing("closed", True), ("resolved", "closed")),
    ("ticket.reopened", Standing("closed", True), Standing("pooled", True), ("inProgress",)),
]


@pytest.mark.parametrize(("kind", "before", "after", "told"), STEPS)
def test_a_step_is_told_as_the_words_it_passes(
    kind: str, before: Standing, after: Standing, told: tuple[str, ...]
) -> None:
    assert passed(kind, before, after, trouble) == told


def test_a_case_that_another_branch_has_is_a_finished_order() -> None:
    assert passed("ticket.handed_over", Standing("accepted", True), Standing("closed", True), work) == ("completed",)


@pytest.mark.parametrize("state", sorted(WALKS))
def test_the_filter_finds_exactly_the_tickets_that_show_its_word(lotus_db: Branch, state: str) -> None:
    """The words as conditions on rows, and as the pure function, say the same of real tickets."""
    make_ticket(status=state)
    row = cases_read._rows("trouble").get()
    word = trouble(Standing(row.status, row.taken, row.hold_class, row.close_code))
    found = {said for said, condition in cases_read.in_words("trouble").items() if _rows().filter(condition).exists()}
    assert found == {word}


def _rows():  # type: ignore[no-untyped-def]
    return cases_read._rows("trouble")
