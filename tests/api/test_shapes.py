"""What the API writes is what its schema says, field by field."""

import pytest
from rest_framework.serializers import Serializer

from apps.tickets import selectors
from apps.tickets.api.shapes import TicketShape
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import make_ticket


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
