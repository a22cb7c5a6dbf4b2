"""Companies at WeCom, their apps, robots and tokens, and how much each person received lately."""

import secrets
from collections import Counter
from dataclasses import dataclass

from sandbox.clock import Clock

LIFE_S = 7200
RENEW_S = 300
PER_MINUTE, PER_HOUR = 30, 1000
ROBOT_PER_MINUTE = 20


@dataclass(frozen=True)
class Agent:
    """An app of a company; its secret opens the API for this app alone."""

    agentid: int
    secret: str
    name: str


@dataclass(frozen=True)
class Robot:
    """A robot in a group; without `members` everybody of the company is in the group."""

    key: str
    name: str
    members: tuple[str, ...]


@dataclass
class Corp:
    """A company. `trusted_ips` None checks no address; `seen_ip` stands for the caller's own."""

    corpid: str
    name: str
    agents: dict[int, Agent]
    robots: dict[str, Robot]
    trusted_ips: tuple[str, ...] | None = None
    seen_ip: str = ""


@dataclass
class AgentToken:
    """A token of one app."""

    value: str
    corpid: str
    agentid: int
    expires_at: float


class Wecom:
    """Everything WeCom remembers."""

    def __init__(self, clock: Clock) -> None:
        self.corps: dict[str, Corp] = {}
        self._clock = clock
        self._tokens: dict[str, AgentToken] = {}
        self._received: Counter[tuple[str, int, str, str, int]] = Counter()
        self._robots: Counter[tuple[str, int]] = Counter()
        self._same: dict[tuple[str, int, str, str], tuple[float, str]] = {}

    def grant(self, corp: Corp, agent: Agent) -> AgentToken:
        """The app's token, the same one until five minutes before its end."""
        now = self._clock.now()
        for token in self._tokens.values():
            if (token.corpid, token.agentid) == (corp.corpid, agent.agentid) and token.expires_at - now > RENEW_S:
                return token
        token = AgentToken(secrets.token_urlsafe(160), corp.corpid, agent.agentid, now + LIFE_S)
        self._tokens[token.value] = token
        return token

    def token(self, value: str) -> AgentToken | None:
        """A token that was handed out, expired or not."""
        return self._tokens.get(value)

    def revoke(self, corpid: str) -> None:
        """Forget every token of the company."""
        self._tokens = {value: token for value, token in self._tokens.items() if token.corpid != corpid}

    def robot(self, key: str) -> tuple[Corp, Robot] | None:
        """The robot with this key, and whose it is."""
        for corp in self.corps.values():
            if key in corp.robots:
                return corp, corp.robots[key]
        return None

    def is_too_much(self, corpid: str, agentid: int, userid: str) -> bool:
        """Count one message to a person from one app: True above thirty a minute or a thousand an hour."""
        seconds, over = self._clock.seconds(), False
        for span, size, most in (("minute", 60, PER_MINUTE), ("hour", 3600, PER_HOUR)):
            key = (corpid, agentid, userid, span, seconds // size)
            self._received[key] += 1
            over = over or self._received[key] > most
        return over

    def robot_may_speak(self, key: str) -> bool:
        """Count one message of a robot: False above twenty a minute."""
        minute = (key, self._clock.seconds() // 60)
        self._robots[minute] += 1
        return self._robots[minute] <= ROBOT_PER_MINUTE

    def repeated(self, corpid: str, agentid: int, userid: str, content: str, interval_s: int) -> str | None:
        """The msgid under which the person got the same content within the interval, if they did."""
        found = self._same.get((corpid, agentid, userid, content))
        return found[1] if found and self._clock.now() - found[0] < interval_s else None

    def remember(self, corpid: str, agentid: int, userid: str, content: str, msgid: str) -> None:
        """Note what was sent, for the duplicate check."""
        self._same[corpid, agentid, userid, content] = (self._clock.now(), msgid)
