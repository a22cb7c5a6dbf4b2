"""A branch's service account, who is known to it, every card that was to be sent, and the other ways to a phone."""

from apps.wechat.models.accounts import SEALED, WxAccount
from apps.wechat.models.channels import SmsAccount, WecomAccount, WecomMember
from apps.wechat.models.chat import ChatAnswer, Heard, TakenMedia, Tally
from apps.wechat.models.identity import (
    BindCode,
    Consent,
    DataRequest,
    Draft,
    Erasure,
    PhoneCode,
    Scene,
    WrongTry,
)
from apps.wechat.models.people import CustomerIdentity, Known, StaffBinding
from apps.wechat.models.pushes import NoticeConsent, PushOutbox, Receipt, Status

__all__ = [
    "SEALED", "BindCode", "ChatAnswer", "Consent", "CustomerIdentity", "DataRequest", "Draft", "Erasure", "Heard",
    "Known", "NoticeConsent", "PhoneCode", "PushOutbox", "Receipt", "Scene", "SmsAccount", "StaffBinding", "Status",
    "TakenMedia", "Tally", "WecomAccount", "WecomMember", "WrongTry", "WxAccount",
]  # fmt: skip
