"""WeChat's side of the callback: sealed pushes with retries, in the background (WeChat doc: §1.1, §4.2)."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from sandbox.callbacks import BadReplyError, Message, read_reply, sign, wrap
from sandbox.hosts import is_loopback
from sandbox.models import Account
from sandbox.state import State

TIMEOUT_S = 5.0
AT_ONCE = 50
RETRY_GAPS_S = (0.5, 2.0, 5.0)
REPLY_KEPT = 500
KEPT = 5_000
UNAVAILABLE = "该公众号提供的服务出现故障，请稍后再试"


@dataclass
class Attempt:
    """One request to the callback and what came back."""

    at: float
    timestamp: str
    nonce: str
    status: int = 0
    ms: int = 0
    reply: str = ""
    error: str = ""


@dataclass
class Push:
    """One callback; its time and message id stay the same over all attempts."""

    push_id: int
    appid: str
    openid: str
    name: str
    created: int
    fields: dict[str, Any]
    state: str = "pending"
    attempts: list[Attempt] = field(default_factory=list)
    tried: asyncio.Event = field(default_factory=asyncio.Event)

    def shown(self) -> dict[str, Any]:
        """The push as the control API shows it."""
        shown = {name: value for name, value in vars(self).items() if name != "tried"}
        attempts = [asdict(attempt) | {"reply": attempt.reply[:REPLY_KEPT]} for attempt in self.attempts]
        return shown | {"attempts": attempts}


class Pusher:
    """Delivers callbacks without keeping anybody waiting."""

    def __init__(
        self,
        state: State,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        gaps_s: Sequence[float] = RETRY_GAPS_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self.pushes: deque[Push] = deque(maxlen=KEPT)
        self._state = state
        self._transport = transport
        self._gaps_s = gaps_s
        self._timeout_s = timeout_s
        self._client: httpx.AsyncClient | None = None
        self._lines = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_id = 0

    def push(self, account: Account, *, openid: str, message: Message, created: int, delay_s: float = 0.0) -> Push:
        """Begin one delivery; needs a running event loop and returns at once."""
        self._last_id += 1
        fields = {n: v if isinstance(v, Mapping | list) else str(v) for n, v in message.fields.items()}
        push = Push(self._last_id, account.appid, openid, message.name, created, fields)
        self.pushes.append(push)
        task = asyncio.get_running_loop().create_task(self._deliver(account, push, message, delay_s))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return push

    async def settle(self, timeout_s: float) -> bool:
        """Wait until nothing is on its way; False if that took too long."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=timeout_s)
        return not self._tasks

    async def first_attempts(self, pushes: Iterable[Push], timeout_s: float) -> None:
        """Wait until each of these was tried once."""
        waiting = [asyncio.ensure_future(push.tried.wait()) for push in pushes]
        _, late = await asyncio.wait(waiting, timeout=timeout_s)
        for task in late:
            task.cancel()

    def forget(self) -> None:
        """Stop what is on its way and forget what was."""
        for task in self._tasks:
            task.cancel()
        self.pushes.clear()

    async def close(self) -> None:
        """Stop, and close the connections."""
        self.forget()
        if self._client:
            await self._client.aclose()

    async def verify(self, account: Account) -> dict[str, Any]:
        """The GET with echostr that WeChat sends when the callback is set up."""
        query = sign(account, now=self._state.clock.seconds())
        echo = str(self._state.next_msgid())
        attempt = await self.send(account, query | {"echostr": echo}, body=None)
        if not attempt.error and attempt.reply != echo:
            attempt.error = "the answer is not the echostr"
        return {"ok": not attempt.error, **asdict(attempt)}

    async def _deliver(self, account: Account, push: Push, message: Message, delay_s: float) -> None:
        plain = message.xml(account=account, openid=push.openid, created=push.created)
        for gap in (delay_s, *self._gaps_s):
            await asyncio.sleep(gap)
            query, body = wrap(account, plain=plain, openid=push.openid, now=self._state.clock.seconds())
            attempt = await self.send(account, query, body=body.encode())
            push.attempts.append(attempt)
            push.tried.set()
            if not attempt.error and self._accept(account, push, attempt):
                return
        push.state = "failed"
        if message.answered:
            self._tell(push, "notice", UNAVAILABLE)

    def _accept(self, account: Account, push: Push, attempt: Attempt) -> bool:
        try:
            text = read_reply(account, body=attempt.reply, openid=push.openid)
        except BadReplyError as error:
            attempt.error = str(error)
            return False
        push.state = "delivered"
        if text:
            self._tell(push, "reply", text)
        return True

    def _tell(self, push: Push, kind: Any, text: str) -> None:
        with self._state.lock:
            person = self._state.person_by_openid(push.appid, push.openid)
            if person:
                self._state.add_entry(person=person, appid=push.appid, kind=kind, text=text)

    async def send(self, account: Account, query: dict[str, str], *, body: bytes | None) -> Attempt:
        """One request to the callback, whatever it says; without a body it is a GET.

        Only so many are under way at once, and the five seconds begin when it is this one's turn.
        """
        async with self._lines:
            return await self._sent(account, query, body)

    async def _sent(self, account: Account, query: dict[str, str], body: bytes | None) -> Attempt:
        attempt = Attempt(self._state.clock.now(), query.get("timestamp", ""), query.get("nonce", ""))
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._request(account.callback_url, query, body)
            attempt.status, attempt.reply = response.status_code, response.text
            if response.status_code != 200:
                attempt.error = f"HTTP {response.status_code}; WeChat follows no redirect and wants 200"
        except TimeoutError:
            attempt.error = f"no answer within {self._timeout_s:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            attempt.error = f"{type(error).__name__}: {error}"
        attempt.ms = round((time.monotonic() - started) * 1000)
        return attempt

    async def _request(self, callback_url: str, query: dict[str, str], body: bytes | None) -> httpx.Response:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport, trust_env=False, follow_redirects=False, timeout=self._timeout_s
            )
        url, host = dialled(callback_url)
        headers = {"Host": host, "User-Agent": "Mozilla/4.0", "Content-Type": "text/xml"}
        method = "GET" if body is None else "POST"
        return await self._client.request(method, url, params=query, content=body, headers=headers)


def dialled(url: str) -> tuple[str, str]:
    """Where to connect and which host to ask for: not every resolver knows names below .localhost."""
    parts = urlsplit(url)
    if not is_loopback(parts.hostname or ""):
        return url, parts.netloc
    netloc = "127.0.0.1" + (f":{parts.port}" if parts.port else "")
    return urlunsplit(parts._replace(netloc=netloc)), parts.netloc
