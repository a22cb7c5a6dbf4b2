"""WeChat's word about cards and about consents to subscribe notices; in any order, also before a send was saved."""

from apps.wechat.inbound.told import Malformed, Payload, Told, rows_in, whole
from apps.wechat.push import consents, outbox
from steppe.kernel import clock

POPUP, CHANGE, SENT = "SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent"
MOST = 20  # templates in one event
ANSWERS = {"accept": True, "reject": False}


def card_finished(told: Told) -> None:
    """TEMPLATESENDJOBFINISH: the card arrived, or did not."""
    outbox.keep_receipt(told.account, told.whole("MsgID"), told.text("Status", most=200), clock.now())


def consent_told(told: Told) -> None:
    """subscribe_msg_popup_event, subscribe_msg_change_event: yes to one message, or a notice switched off.

    WeChat's own sample of the second uses the tag of the first, so either is read in both.
    """
    for row in _rows(told, POPUP, CHANGE):
        answer = _part(row, "SubscribeStatusString")
        if answer not in ANSWERS:
            raise Malformed("SubscribeStatusString")
        consents.note(told.account, told.openid, _template(row), ANSWERS[answer], told.at)


def notice_finished(told: Told) -> None:
    """subscribe_msg_sent_event: the notice arrived, or did not."""
    for row in _rows(told, SENT):
        code = _part(row, "ErrorCode")
        status = "success" if code == "0" else f"failed:{code} {_part(row, 'ErrorStatus')}"
        outbox.keep_receipt(told.account, whole(row.get("MsgID"), "MsgID"), status, clock.now())


def _rows(told: Told, *names: str) -> list[Payload]:
    rows = rows_in(told.payload, names)
    if not rows or len(rows) > MOST:
        raise Malformed("List")
    return rows


def _template(row: Payload) -> str:
    found = _part(row, "TemplateId")
    if not 0 < len(found) <= 64:
        raise Malformed("TemplateId")
    return found


def _part(row: Payload, name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 200:
        raise Malformed(name)
    return value
