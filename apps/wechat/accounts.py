"""Reads about accounts and who is known to them."""

from apps.wechat.errors import NoAccount
from apps.wechat.models import CustomerIdentity, StaffBinding, WxAccount


def branch_account() -> WxAccount | None:
    """The branch's own account in use, if it has one. One query."""
    return WxAccount.objects.filter(enabled=True).order_by("id").first()


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


def identity_of_customer(account: WxAccount, customer_id: int) -> CustomerIdentity | None:
    """The customer's WeChat, the latest if there are several. One query."""
    return CustomerIdentity.objects.filter(account=account, customer_id=customer_id).order_by("-id").first()
