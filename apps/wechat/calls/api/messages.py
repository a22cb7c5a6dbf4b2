"""Messages to one person: template message, subscribe notice, answer in an open conversation (WeChat doc: §1.5–1.7)."""

from typing import Any

from apps.wechat.calls.api.base import Api, number_of

Data = dict[str, Any]


class Messages(Api):
    """message/template/send, message/subscribe/bizsend, message/custom/send."""

    def send_template(self, *, openid: str, template_id: str, data: Data, url: str, client_msg_id: str) -> int:
        """One card for one person; the same client_msg_id within ten minutes makes no second card. Its number."""
        body = {
            "touser": openid, "template_id": template_id, "url": url, "data": data, "client_msg_id": client_msg_id,
        }  # fmt: skip
        return number_of(self._post("/cgi-bin/message/template/send", body), "msgid", ambiguous=True)

    def subscribe_bizsend(self, *, openid: str, template_id: str, data: Data, page: str) -> int | None:
        """One message for one consent; its number, if WeChat names one. Never repeat it: each costs a consent."""
        body = {"touser": openid, "template_id": template_id, "page": page, "data": data}
        answer = self._post("/cgi-bin/message/subscribe/bizsend", body)
        number = str(answer.get("msgid") or "")
        return int(number) if number.isdecimal() else None

    def custom_send(self, *, openid: str, text: str) -> None:
        """A line in the chat while its window is open. RecipientRefused (45015, 45047) when it is not; no repetition
        is known to WeChat."""
        self._post("/cgi-bin/message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}})
