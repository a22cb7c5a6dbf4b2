"""What is kept about people, and until when: positions that end, numbers that are proved, customers who are forgotten.

Steps in the caller's transaction. Raw positions are kept for ninety days at most (domain.md §1.4).
"""

from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from apps.people.models import Customer, OrgUnit, Technician
from steppe.kernel import clock

POSITIONS_KEPT = timedelta(days=90)
BLANK: dict[str, object] = {
    "name": "", "phone": "", "proved_phone": "", "account_no": "", "address": "", "lat": None, "lng": None,
}  # fmt: skip


def forget_position(*, technician_id: int) -> None:
    """Where the technician was last: back to the grid's base. One statement."""
    _to_base(technician_id=technician_id)


def forget_old_positions() -> int:
    """Every night: positions older than POSITIONS_KEPT, of whomever; how many. One statement."""
    return _to_base(before=clock.now() - POSITIONS_KEPT)


def prove_phone(*, customer_id: int, phone: str) -> None:
    """This number is the customer's: a code or an agent has said so. `phone` as `normal_phone` writes it."""
    Customer.objects.filter(pk=customer_id).update(phone=phone, proved_phone=phone)


def absorb_customer(*, customer_id: int, into: int) -> None:
    """Two records are one person: what `into` does not know yet is taken over, the other one says nothing any more."""
    former, kept = Customer.objects.get(pk=customer_id), Customer.objects.get(pk=into)
    for field in ("name", "address", "account_no"):
        setattr(kept, field, getattr(kept, field) or getattr(former, field))
    kept.save(update_fields=["name", "address", "account_no"])
    forget_customer(customer_id=customer_id)


def forget_customer(*, customer_id: int) -> None:
    """The record stays, because tickets name it, and says nothing about the person any more."""
    Customer.objects.filter(pk=customer_id).update(**BLANK)


def _to_base(*, technician_id: int | None = None, before: object = None) -> int:
    base = OrgUnit.objects.filter(technicians=OuterRef("pk"))
    rows = Technician.objects.filter(located_at__isnull=False)
    rows = rows.filter(pk=technician_id) if technician_id else rows.filter(located_at__lt=before)
    place = {axis: Coalesce(Subquery(base.values(axis)[:1]), axis) for axis in ("lat", "lng")}
    return rows.update(located_at=None, **place)
