"""A WeChat joins the customer it belongs to: by a phone number that was proved, or by an agent who knows the caller.

A number that somebody only typed proves nothing: it may be a neighbour's. So a customer whom another WeChat has is
joined only where that WeChat proved the very same number too.
"""

from django.db.models import Exists, OuterRef

from apps.people import privacy as people
from apps.people import selectors as people_reads
from apps.tickets import services as tickets
from apps.wechat.models import Consent, CustomerIdentity, PhoneCode


def join_by_phone(identity: CustomerIdentity, phone: str) -> int:
    """The identity belongs to the customer of this proved number from now on; that customer's id.

    Where nobody fits, its own customer gets the number. A step in an open transaction.
    """
    found = _whose(identity, phone)
    if found is not None and found != identity.customer_id:
        move(identity, found)
    people.prove_phone(customer_id=identity.customer_id, phone=phone)
    return identity.customer_id


def move(identity: CustomerIdentity, customer_id: int) -> int:
    """What the visitor reported so far moves along, unless others share that record. A step in an open transaction."""
    former = identity.customer_id
    CustomerIdentity.objects.filter(pk=identity.pk).update(customer_id=customer_id)
    identity.customer_id = customer_id
    if not CustomerIdentity.objects.filter(customer_id=former).exists():
        tickets.move_reports(from_customer=former, to_customer=customer_id)
        Consent.objects.filter(who=f"customer:{former}").update(who=f"customer:{customer_id}")
        people.absorb_customer(customer_id=former, into=customer_id)
    return customer_id


def _whose(identity: CustomerIdentity, phone: str) -> int | None:
    """The customer with this number whom nobody else's WeChat has, or only WeChats that proved it. Two queries."""
    known = people_reads.customers_of_phone(phone)
    proved = PhoneCode.objects.filter(identity=OuterRef("pk"), phone=phone, used_at__isnull=False)
    others = CustomerIdentity.objects.filter(~Exists(proved), customer__in=known).exclude(pk=identity.pk)
    unproved = set(others.values_list("customer_id", flat=True))
    return next((one for one in known if one not in unproved), None)
