"""What goods are worth, changed by two people without moving any: the average after it, and every sum to the fen."""

from decimal import Decimal

import pytest

from apps.inventory import services
from apps.inventory.errors import BadDocument, DocumentNotFound, OwnDocument, WrongState
from apps.inventory.models import Document, Entry, Movement, Valuation
from apps.inventory.services import Told
from apps.people.accounts.models import RoleGrant
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests.inventory import stock
from tests.make import actor, key


@pytest.fixture(autouse=True)
def goods(lotus_db):
    stock.item()
    stock.cable()
    stock.receive(stock.metres(10, 33), stock.boxes("SN0001", "SN0002", cost=20_000))


def worth(cost, what="cable", **more):
    return Told(what, unit_cost=Decimal(cost), **more)


def ask(*told, by="ji", reason="price fell"):
    return services.write_revaluation(told=told, reason=reason, by=actor(by), key=key()).public_id


def agree(number, by="de"):
    return services.approve_document(number=number, by=actor(by), key=key())


def value(what="cable"):
    return Valuation.objects.get(item__code=what).value


def test_with_the_approval_of_another_each_unit_is_worth_what_was_said():
    number = ask(worth("20.5"), worth(15_000, "stb"))
    assert (value(), value("stb")) == (330, 40_000), "nobody has agreed yet"
    assert agree(number).facts["state"] == "posted"
    assert (value(), value("stb")) == (205, 30_000)
    lines = Movement.objects.filter(entry__document__number=number).order_by("item_id")
    assert [(one.delta, one.value, one.place.code) for one in lines] == [(0, -10_000, "loss"), (0, -125, "loss")]
    stock.check_books()


def test_the_next_piece_goes_out_at_the_new_average_and_the_last_takes_what_is_left():
    agree(ask(worth("33.3333")))
    van = stock.van().code
    assert value() == 333
    number = stock.write("scrap", stock.metres(3), source="main")
    services.submit_document(number=number, by=actor("ku"), key=key())
    agree(number)
    stock.post(number)
    assert value() == 333 - 100
    stock.post(stock.write("issue", stock.metres(7), source="main", target=van))
    assert value() == 233
    stock.check_books()


def test_drums_are_worth_what_each_of_them_is():
    stock.item("drum", "batch", unit="m", usual_cost=40)
    stock.receive(Told("drum", Decimal(10), batch="D1"), Told("drum", Decimal(20), batch="D2"))
    agree(ask(worth(10, "drum", batch="D2")))
    drums = Valuation.objects.filter(item__code="drum").order_by("batch__number")
    assert list(drums.values_list("value", flat=True)) == [400, 200]
    stock.check_books()


def test_nobody_agrees_to_the_own_value_and_no_storekeeper_writes_one():
    number = ask(worth(1), by="bai")
    with pytest.raises(OwnDocument):
        agree(number, by="bai")
    for who in ("ku", "de", "wu"):
        with pytest.raises(NotAllowed):
            ask(worth(1), by=who)
    assert value() == 330 and Document.objects.get(number=number).state == "submitted"


def test_an_accountant_or_an_approver_of_a_part_changes_nothing_that_is_worth_the_same_everywhere():
    number = ask(worth(1))
    RoleGrant.objects.filter(user__username__in=("ji", "de")).update(org_path="/1/2/")
    for refused in (lambda: ask(worth(1)), lambda: agree(number)):
        with pytest.raises(NotAllowed):
            refused()
    assert value() == 330


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ([worth(1), worth(2)], "lines.0.item"),
        ([worth(1, "nothing")], "lines.0.item"),
        ([Told("cable")], "lines.0.unit_cost"),
        ([worth("-1")], "lines.0.unit_cost"),
        ([worth("NaN")], "lines.0.unit_cost"),
        ([], "lines"),
    ],
)
def test_odd_lines_are_refused_and_nothing_is_written(told, field):
    with pytest.raises(BadDocument) as refusal:
        ask(*told)
    assert field in refusal.value.fields and not Document.objects.filter(kind="revaluation").exists()


def test_without_a_reason_it_is_not_asked():
    with pytest.raises(BadDocument):
        ask(worth(1), reason=" ")


def test_what_is_gone_meanwhile_has_no_value_to_change():
    number = ask(worth(1))
    back = Document.objects.get(kind="receipt")
    services.reverse_document(number=back.number, reason="wrong", by=actor("ku"), key=key())
    with pytest.raises(BadDocument):
        agree(number)
    assert services.withdraw_revaluation(number=number, by=actor("ji"), key=key()).facts["state"] == "withdrawn"
    with pytest.raises(WrongState):
        agree(number)
    stock.check_books()


def test_tried_twice_it_is_one_entry_and_it_is_not_taken_back_but_by_another():
    number, once = ask(worth(1)), key()
    for _ in range(2):
        services.approve_document(number=number, by=actor("de"), key=once)
    assert Entry.objects.filter(document__number=number).count() == 1
    with pytest.raises(WrongState):
        services.reverse_document(number=number, reason="no", by=actor("de"), key=key())
    agree(ask(worth(33)))
    assert value() == 330


def test_another_branch_has_its_own_values(maple):
    number = ask(worth(1))
    with in_branch(maple.tenant), pytest.raises(DocumentNotFound):
        agree(number)
    assert value() == 330
