"""What an account may ask about its limits, its mistakes and the way to WeChat (WeChat doc: §1.4)."""

from dataclasses import dataclass

from apps.wechat.calls.api.base import Api, number_of, part_of, rows_of
from apps.wechat.errors import ProtocolBroken


@dataclass(frozen=True)
class Quota:
    """Calls of one path today."""

    daily_limit: int
    used: int
    remain: int


@dataclass(frozen=True)
class Reach:
    """How WeChat got to the callback's host from each of its networks: the loss in per cent."""

    lost: tuple[int, ...]

    @property
    def reached(self) -> bool:
        """By at least one network."""
        return any(loss < 100 for loss in self.lost)


@dataclass(frozen=True)
class Asked:
    """A call as WeChat remembers it by its rid (seven days). The request itself is left out: it holds secrets."""

    invoke_time: int
    cost_in_ms: int
    client_ip: str
    response_body: str


class Upkeep(Api):
    """openapi/…, callback/check, get_api_domain_ip. Never clear_quota: ten a month, a person decides."""

    def quota_get(self, cgi_path: str) -> Quota:
        """How often a path (`/cgi-bin/message/template/send`) may be called today, and how often it was."""
        told = part_of(self._post("/cgi-bin/openapi/quota/get", {"cgi_path": cgi_path}), "quota")
        return Quota(number_of(told, "daily_limit"), number_of(told, "used"), number_of(told, "remain"))

    def rid_get(self, rid: str) -> Asked:
        """What became of a call, by the `rid` of its error."""
        told = part_of(self._post("/cgi-bin/openapi/rid/get", {"rid": rid}), "request")
        answered = str(told.get("response_body", ""))
        return Asked(
            number_of(told, "invoke_time"), number_of(told, "cost_in_ms"), str(told.get("client_ip")), answered
        )

    def callback_check(self) -> Reach:
        """Let WeChat look for the callback's host: name and network. Takes some seconds."""
        answer = self._post("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})
        return Reach(tuple(_per_cent(one.get("package_loss")) for one in rows_of(answer, "ping")))

    def get_api_domain_ip(self) -> list[str]:
        """WeChat's own addresses, for a firewall that lists them."""
        found = self._get("/cgi-bin/get_api_domain_ip").get("ip_list")
        if not isinstance(found, list):
            raise ProtocolBroken(errmsg="no ip_list")
        return [str(one) for one in found]


def _per_cent(loss: object) -> int:
    """`"0%"` as a number; what cannot be read was lost."""
    digits = str(loss).rstrip("%")
    return int(digits) if digits.isdecimal() else 100
