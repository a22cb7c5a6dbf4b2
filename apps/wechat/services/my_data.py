"""A customer asks what is kept and to be forgotten; an agent who knows the caller puts a WeChat to its customer."""

from django.db import IntegrityError, transaction

from apps.people import privacy, roles
from apps.people import selectors as people_reads
from apps.people.phone import normal_phone
from apps.tickets import selectors as tickets
from apps.tickets.services import has_open_reports
from apps.wechat.identity_errors import CustomerHasWeChat, NoSuchCustomer, NotAskedFor, NoWeChat, ReportsOpen
from apps.wechat.models import Consent, CustomerIdentity, DataRequest
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.services import erasing, joining
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

LINKERS = (roles.AGENT, roles.BRANCH_ADMIN)


@command("wechat.ask_to_forget")
def ask_to_forget(*, by: Actor) -> Receipt:
    """The customer asks that their data be deleted. Twice is one request. Raises NotAllowed."""
    if by.kind != "customer" or not by.id:
        raise NotAllowed
    try:
        with transaction.atomic():
            row = DataRequest.objects.create(customer_id=by.id, asked_at=clock.now())
    except IntegrityError:
        row = DataRequest.objects.get(customer_id=by.id, done_at__isnull=True)
    return Receipt("data_request", row.pk)


@command("wechat.forget_customer")
def forget_customer(*, request_id: int, by: Actor) -> Receipt:
    """The administrator does it: contact, WeChat and consents go; tickets stay as the branch's records.

    Raises ReportsOpen while one of them is being worked on, NotAskedFor, NotAllowed.
    """
    require(by, ACCOUNT_KEEPERS)
    rows = DataRequest.objects.filter(pk=request_id, done_at__isnull=True)
    customer_id = rows.values_list("customer_id", flat=True).first()
    if customer_id is None:
        raise NotAskedFor
    if has_open_reports(customer_id):
        raise ReportsOpen
    if not rows.update(done_at=clock.now(), done_by=by.ref):
        raise NotAskedFor
    for identity in CustomerIdentity.objects.select_related("account").filter(customer_id=customer_id):
        erasing.ask(identity.account, identity.openid, customer_id=customer_id)
        identity.delete()
    Consent.objects.filter(who=f"customer:{customer_id}").delete()
    privacy.forget_customer(customer_id=customer_id)
    return Receipt("customer", customer_id)


@command("wechat.link_customer")
def link_customer(*, public_id: str, phone: str = "", account_no: str = "", by: Actor) -> Receipt:
    """绑定到此客户: the WeChat of this ticket's reporter belongs to the customer with this number or account.

    What was reported from it moves along. Raises TicketNotFound, NoWeChat, NoSuchCustomer, CustomerHasWeChat (then
    only a code by text message will do), NotAllowed.
    """
    require(by, LINKERS)
    view = tickets.ticket_for(by, public_id)
    found = people_reads.customer_who_calls(phone=normal_phone(phone) or "", account_no=account_no.strip())
    if found is None:
        raise NoSuchCustomer
    mine = list(identities_of(view.ticket.customer_id))
    if not mine:
        raise NoWeChat
    if found.pk != view.ticket.customer_id and CustomerIdentity.objects.filter(customer_id=found.pk).exists():
        raise CustomerHasWeChat
    if found.pk != view.ticket.customer_id:
        for identity in mine:
            joining.move(identity, found.pk)
    if found.phone:
        privacy.prove_phone(customer_id=found.pk, phone=found.phone)
    return Receipt("customer", found.pk, facts={"identities": len(mine)})


def identities_of(customer_id: int | None) -> list[CustomerIdentity]:
    """The WeChats of a customer. One query, none for nobody."""
    rows = CustomerIdentity.objects.filter(customer_id=customer_id) if customer_id else CustomerIdentity.objects.none()
    return list(rows.select_related("account").order_by("id"))
