"""The other ways to a phone in tests: Lotus's SMS gateway and WeCom, both played by the real sandbox."""

from datetime import timedelta
from typing import Any

from apps.people.accounts.models import User
from apps.wechat import demo
from apps.wechat.management import gateways
from apps.wechat.management.commands import introduce_sandbox as introduce
from apps.wechat.models import PushOutbox, SmsAccount, WecomAccount, WxAccount
from apps.wechat.push import delivery, fallback
from apps.wechat.services import channels
from steppe.kernel import clock
from tenants.context import current_branch
from tests.wechat.stand import Sandbox

SMS, WECOM = "^/sms", "^/qyapi/cgi-bin/message/send"


def open_sms(wx: Sandbox) -> SmsAccount:
    """The branch's account at the gateway, known to the sandbox."""
    account = channels.connect_sms(**demo.demo_sms(current_branch().slug))
    wx.tell("sms", gateways.described_sms(account))
    return account


def open_wecom(wx: Sandbox, *usernames: str, **changes: Any) -> WecomAccount:
    """The branch's WeCom with these people linked; their phones are in the sandbox."""
    slug = current_branch().slug
    account = channels.connect_wecom(
        **(demo.demo_wecom(slug) | {"secret": f"{slug}-{clock.now().timestamp()}"} | changes)
    )
    channels.link_members({User.objects.get(username=name).pk: f"{slug}.{name}" for name in usernames})
    wx.tell("wecom", gateways.described_wecom(account, name=slug))
    return account


def introduce_people(wx: Sandbox, account: WxAccount) -> None:
    """Everybody again, with phones and names in WeCom."""
    for person in introduce.persons(current_branch(), account):
        wx.tell("users", person)


def after(**span: float) -> Any:
    return clock.frozen(clock.now() + timedelta(**span))


def work(*seconds: float) -> None:
    """The sweep and the workers come by again and again."""
    start = clock.now()
    for span in seconds or (0, 1, 25, 26, 62, 63, 90, 91):
        with clock.frozen(start + timedelta(seconds=span)):
            fallback.look_at_all()
            delivery.send_due()


def story(ticket: Any, username: str = "wu", card: str = "new_ticket") -> list[tuple[str, str, str]]:
    """Every row of one person for one card: channel, state, reason, in the order they were made."""
    rows = PushOutbox.objects.filter(ticket=ticket.public_id, template_key=card).order_by("id")
    if username:
        rows = rows.filter(technician__user__username=username)
    return [(row.channel, row.status, row.reason) for row in rows]
