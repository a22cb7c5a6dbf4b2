"""Who is known to the account: staff are bound by somebody's decision, customers recognised when they come.

How a person and a phone agree to it: binding_codes.py.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.people import privacy, roles
from apps.people import selectors as people_reads
from apps.people import services as people
from apps.wechat import selectors
from apps.wechat.errors import AlreadyBound, UnknownPerson
from apps.wechat.models import CustomerIdentity, StaffBinding, WxAccount
from apps.wechat.services import binding_codes, erasing
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

ADMINS = (roles.BRANCH_ADMIN,)


@command("wechat.bind_staff")
def bind_staff(*, user_id: int, openid: str, by: Actor) -> Receipt:
    """An administrator binds a person's WeChat. Raises NoAccount, UnknownPerson, AlreadyBound."""
    require(by, ADMINS)
    binding = bind_at_once(account=selectors.required_account(), user_id=user_id, openid=openid)
    return Receipt("staff_binding", binding.pk, facts={"user_id": user_id})


@command("wechat.unbind_staff")
def unbind_staff(*, user_id: int, by: Actor) -> Receipt:
    """Cards no longer reach the person; the WeChat signs nobody in, and what it opened is closed with all sessions.

    By the person, or an administrator. The phone is told, if it can be. Nothing bound: nothing happens.
    """
    if not (by.kind == "staff" and by.id == user_id):
        require(by, ADMINS)
    bound = list(StaffBinding.objects.select_related("account", "user").filter(user_id=user_id))
    for one in bound:
        _unbind(one)
    if bound:
        people.sign_out_everywhere(user_id=user_id, by=by)
    return Receipt("staff_binding", 0, facts={"user_id": user_id, "unbound": len(bound)})


def _unbind(one: StaffBinding) -> None:
    technician = StaffBinding.objects.filter(pk=one.pk).values_list("user__technician", flat=True).first()
    with override(one.user.language):
        told = _("This WeChat is unbound. Tickets no longer reach you here. Was that not you? Tell your administrator.")
    binding_codes.tell(one.account, one.openid, f"unbound:{one.pk}", told)
    erasing.ask(one.account, one.openid, technician_id=technician)
    if technician:
        privacy.forget_position(technician_id=technician)
    one.delete()


def bind_at_once(*, account: WxAccount, user_id: int, openid: str) -> StaffBinding:
    """The binding itself, without asking who does it (demo, and a step of `bind_staff`). Idempotent.

    Raises UnknownPerson, AlreadyBound: rebinding needs an unbinding first.
    """
    person = people_reads.user_by_id(user_id)
    if person is None or not person.is_active:
        raise UnknownPerson
    try:
        with transaction.atomic():
            return StaffBinding.objects.get_or_create(account=account, user_id=user_id, openid=openid)[0]
    except IntegrityError:
        raise AlreadyBound from None


def recognise_customer(account: WxAccount, openid: str) -> int:
    """The customer behind this openid, made at the first visit; the id. Two visits at once make one customer."""
    known = CustomerIdentity.objects.filter(account=account, openid=openid)
    if (found := known.values_list("customer_id", flat=True).first()) is not None:
        return found
    try:
        with transaction.atomic():
            customer = people.new_customer()
            CustomerIdentity.objects.create(account=account, openid=openid, customer=customer)
            return customer.pk
    except IntegrityError:
        return known.values_list("customer_id", flat=True).get()
