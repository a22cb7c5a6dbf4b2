"""Nobody approves the own paper (domain.md §12, 15)."""

import pytest

from apps.inventory import services
from apps.inventory.errors import OwnDocument, WrongState
from steppe.kernel.errors import NotAllowed
from tests.inventory import stock
from tests.make import actor, key


@pytest.fixture
def scrap(lotus_db):
    stock.cable()
    stock.receive(stock.metres(10))
    return stock.write("scrap", stock.metres(4), source="main", reason="broken", by="bai")


def submit(number, by="bai"):
    return services.submit_document(number=number, by=actor(by), key=key())


def test_scrap_waits_for_the_approval_of_somebody_else(scrap):
    with pytest.raises(WrongState):
        stock.post(scrap)
    submit(scrap)
    with pytest.raises(OwnDocument):
        services.approve_document(number=scrap, by=actor("bai"), key=key())
    services.approve_document(number=scrap, by=actor("ji"), key=key())
    stock.post(scrap)
    assert (stock.on_hand("main", "cable"), stock.on_hand("scrap", "cable")) == (6, 4)


def test_who_wrote_it_cannot_approve_it_though_another_submitted_it(scrap):
    submit(scrap, by="ku")
    with pytest.raises(OwnDocument):
        services.approve_document(number=scrap, by=actor("bai"), key=key())


def test_a_storekeeper_approves_nothing(scrap):
    submit(scrap)
    with pytest.raises(NotAllowed):
        services.approve_document(number=scrap, by=actor("ku"), key=key())


def test_a_withdrawn_paper_is_over(scrap):
    submit(scrap)
    services.withdraw_document(number=scrap, by=actor("ku"), key=key())
    with pytest.raises(WrongState):
        services.approve_document(number=scrap, by=actor("ji"), key=key())
    assert stock.on_hand("main", "cable") == 10


def test_what_needs_no_approval_cannot_be_submitted(scrap):
    with pytest.raises(WrongState):
        submit(stock.write("receipt", stock.metres(1), target="main"))
