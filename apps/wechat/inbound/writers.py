"""Who wrote: a bound member of staff, or a customer (made at the first word)."""

from apps.wechat.inbound.told import Malformed, Told
from apps.wechat.models import CustomerIdentity, StaffBinding
from apps.wechat.services.bindings import recognise_customer


def staff_of(told: Told) -> StaffBinding | None:
    """The member of staff bound to this WeChat; nobody for who was switched off. One query."""
    rows = StaffBinding.objects.filter(account=told.account, openid=told.openid, user__is_active=True)
    return rows.select_related("user").first()


def identity_of(told: Told) -> CustomerIdentity:
    """The customer as this account knows them. One to four queries."""
    if not told.openid:
        raise Malformed("FromUserName")
    recognise_customer(told.account, told.openid)
    rows = CustomerIdentity.objects.select_related("customer", "account")
    return rows.get(account=told.account, openid=told.openid)


def language_of(told: Told) -> str:
    """In which language the person is answered; Chinese unless the customer's record says otherwise. One query."""
    known = CustomerIdentity.objects.filter(account=told.account, openid=told.openid)
    told_us = known.values_list("customer__preferred_language", flat=True).first()
    return "en" if told_us == "en" else "zh-hans"
