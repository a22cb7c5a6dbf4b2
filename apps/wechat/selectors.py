"""Reads about accounts and who is known to them."""

from apps.wechat.errors import NoAccount
from apps.wechat.gateway.people import uses
from apps.wechat.models import CustomerIdentity, SmsAccount, StaffBinding, WecomAccount, WecomMember, WxAccount
from tenants.context import current_branch


def branch_account() -> WxAccount | None:
    """The account in use: the branch's own before a shared one. One query, one more in `public` for a shared one.

    Headquarters says who uses a shared account; the branch's row may be a moment behind.
    """
    account = WxAccount.objects.filter(enabled=True).order_by("shared", "id").first()
    return None if account and account.shared and not uses(account.appid, current_branch()) else account


def required_account() -> WxAccount:
    """The same; raises NoAccount. One query."""
    account = branch_account()
    if account is None:
        raise NoAccount
    return account


def binding_of_technician(account: WxAccount, technician_id: int) -> StaffBinding | None:
    """Where the technician reads cards; nothing for a person who was switched off. One query."""
    rows = StaffBinding.objects.filter(account=account, user__technician=technician_id, user__is_active=True)
    return rows.select_related("user").first()


def binding_of_staff(account: WxAccount, user_id: int) -> StaffBinding | None:
    """Where a member of staff reads cards; nothing for a person who was switched off. One query."""
    rows = StaffBinding.objects.filter(account=account, user=user_id, user__is_active=True)
    return rows.select_related("user").first()


def identity_of_customer(account: WxAccount, customer_id: int) -> CustomerIdentity | None:
    """The customer's WeChat, the latest if there are several. One query."""
    return CustomerIdentity.objects.filter(account=account, customer_id=customer_id).order_by("-id").first()


def sms_account() -> SmsAccount | None:
    """The branch's account at the SMS gateway, if it has one. One query."""
    return SmsAccount.objects.order_by("id").first()


def wecom_account() -> WecomAccount | None:
    """The branch's WeCom, if it has one. One query."""
    return WecomAccount.objects.order_by("id").first()


def wecom_name(technician_id: int) -> str:
    """The technician's name in WeCom, or nothing; nothing for a person who was switched off. One query."""
    rows = WecomMember.objects.filter(user__technician=technician_id, user__is_active=True)
    return rows.values_list("userid", flat=True).first() or ""
