"""The ways to a phone by name. To add one: a file here, a line below, its place in rules/fallback.py."""

from apps.wechat.push.channels.base import Channel, Sent
from apps.wechat.push.channels.in_page import InPage
from apps.wechat.push.channels.sms import Sms
from apps.wechat.push.channels.wecom import Wecom
from apps.wechat.push.channels.wx_subscribe import WxSubscribe
from apps.wechat.push.channels.wx_template import WxTemplate

CHANNELS: dict[str, Channel] = {one.name: one for one in (WxTemplate(), WxSubscribe(), Wecom(), Sms(), InPage())}

__all__ = ["CHANNELS", "Channel", "Sent"]
