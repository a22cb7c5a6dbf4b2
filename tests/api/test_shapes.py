"""What the API writes is what its schema says, field by field, and a list costs what one row costs."""

import pytest
from rest_framework.serializers import Serializer

from apps.tickets import selectors
from apps.tickets.api.shapes import TicketShape
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import client_at, make_ticket
from tests.queries import asking


@pytest.mark.parametrize("status", ["pooled", "accepted", "in_progress", "closed", "void"])
@pytest.mark.parametrize("reader", ["lin", "wu", "bo"])
def test_a_ticket_is_written_as_its_fields_describe_it(
    lotus_db: Branch, request: pytest.FixtureRequest, status: str, reader: str
) -> None:
    actor: Actor = request.getfixturevalue(reader)
    ticket = make_ticket(status=status)
    row = selectors.visible_tickets(actor).filter(pk=ticket.pk).first()
    if row is not None:
        shape = TicketShape(selectors.view_of(actor, row))
        assert shape.data == Serializer.to_representation(shape, shape.instance)


def test_a_page_of_the_list_costs_six_queries(lotus_db: Branch, lin: Actor) -> None:
    for status in ("pooled", "assigned", "accepted"):
        make_ticket(status=status)
    client = client_at(lotus_db, lin)
    # The branch (remembered for half a minute), the session, the person, the rows; their types, names of the rest.
    with asking(6):
        assert len(client.get("/api/v1/tickets?tab=").json()["results"]) == 3
