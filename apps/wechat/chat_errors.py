"""Refusals about pictures that lie at WeChat and about printed QR codes."""

from django.utils.translation import gettext_lazy as _

from apps.wechat.errors import WeChatError
from steppe.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class TooMuch(WeChatError):
    """A file larger than we take."""


class MediaGone(Conflict):
    code = "wechat.media_gone"
    message = _("WeChat does not have this picture any more: it keeps them for three days. Please choose it once more.")


class NotYourMedia(NotAllowed):
    code = "wechat.not_your_media"
    message = _("This picture was sent by somebody else. Please choose one of your own.")


class UnknownCode(NotFound):
    code = "wechat.unknown_code"
    message = _("There is no such QR code here, or it is not one of yours.")


class CodeWithdrawn(Conflict):
    code = "wechat.code_withdrawn"
    message = _("This QR code was withdrawn. Who scans it gets the plain report form; make a new one for this place.")


class BadCode(Invalid):
    """`fields` names what is missing or cannot be read."""

    code = "wechat.bad_code"


class CodesUsedUp(Conflict):
    code = "wechat.codes_used_up"
    message = _("WeChat allows no more permanent QR codes for this account (100,000). Nothing was drawn.")
