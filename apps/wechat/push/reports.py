"""What became of text messages: the gateway is asked while somebody may still wait for its word."""

from apps.wechat import selectors
from apps.wechat.calls import sms
from apps.wechat.errors import WeChatError
from apps.wechat.push import outbox
from steppe.kernel import clock

EVERY_S, SWEEP_S = 15, 3  # the sweep comes every three seconds, the question goes out with every fifth of them


def are_due() -> bool:
    """Is it time to ask, and is there anything to ask for? At most one query."""
    return int(clock.now().timestamp()) % EVERY_S < SWEEP_S and outbox.reports_are_due()


def take() -> int:
    """Ask once; how many messages it told of. A gateway that does not answer is asked again later."""
    account = selectors.sms_account()
    if account is None or not account.enabled:
        return 0
    try:
        found = sms.reports(account)
    except WeChatError:
        return 0
    for one in found:
        outbox.keep_report(one.sent_as, arrived=one.arrived, said=one.said)
    return len(found)
