"""The demo's stock: a few items, a receipt and full vans, however often it is made."""

from apps.inventory.models import Document, Place
from apps.people.models import OrgUnit, Technician
from steppe.boot.demo import stock as demo
from steppe.boot.demo.staff import Cast
from tests.inventory import stock


def test_the_demo_fills_stores_and_vans_once(lotus_db):
    crew = list(Technician.objects.filter(user__username__in=("wu", "bo")).order_by("id"))
    cast = Cast(OrgUnit.objects.get(code="ROOT"), technicians={n: [one] for n, one in enumerate(crew)})
    cast.office["store"] = lotus_db.ku.id
    assert demo.stock_up(cast) == demo.stock_up(cast) == 2
    assert list(Document.objects.order_by("id").values_list("kind", "state")) == [
        ("receipt", "posted"), ("issue", "posted"), ("issue", "posted"),
    ]  # fmt: skip
    for van in Place.objects.filter(kind="van"):
        assert (stock.on_hand(van.code, "STB-4K"), stock.on_hand(van.code, "DROP-1")) == (3, 500)
    stock.check_books()
