"""A sandbox inside a test: the real application, a clock that stands still, and a network of our own."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import httpx

from sandbox.app import create_app
from sandbox.callbacks import sign
from sandbox.clock import Clock
from sandbox.crypto import decrypt, encrypt, signature
from sandbox.models import Account
from sandbox.pusher import Pusher
from sandbox.state import State
from sandbox.world import World

T = TypeVar("T")

NOW = 1_790_000_000
ROOT = "http://localhost:8002"
APPID, OTHER = "wx00000000000000aa", "wx00000000000000bb"
OPENID = "oTechnicianOneUnderAccountAA"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

LABELS = {"character_string1": "工单编号", "thing2": "故障类型", "time3": "报修时间", "phrase4": "状态"}
KEYWORDS = [list(item) for item in LABELS.items()]
VALUES = {
    "character_string1": {"value": "XL202607020031"},
    "thing2": {"value": "宽带无法上网"},
    "time3": {"value": "2026年7月2日 09:12"},
    "phrase4": {"value": "待抢单"},
}


def account(appid: str = APPID, host: str = "xilingol.localhost", **more: Any) -> dict[str, Any]:
    """What the control API takes for an account."""
    return {
        "appid": appid,
        "secret": f"secret-of-{appid}",
        "original_id": f"gh_{appid[-12:]}",
        "name": "锡林郭勒广电网络",
        "token": "a-token-of-16-ch",
        "aes_key": AES_KEY,
        "callback_url": f"http://{host}:8000/wx/cb/key",
        "oauth_domains": [host],
        "js_domains": [host],
        "templates": [{"template_id": "T-new", "title": "新工单提醒", "keywords": KEYWORDS}],
        "subscribe_templates": [{"template_id": "S-done", "title": "维修完成通知", "keywords": KEYWORDS}],
        "menu": {"button": [{"type": "view", "name": "我要报修", "url": f"http://{host}:8000/h5/report"}]},
    } | more


def person(user_id: str = "t1", name: str = "巴特尔", **more: Any) -> dict[str, Any]:
    """What the control API takes for a person."""
    follows = [{"appid": APPID, "openid": OPENID}]
    return {"user_id": user_id, "name": name, "lat": 43.9441, "lng": 116.0823, "follows": follows} | more


class Callback:
    """The product's side of the callback: opens what arrives and answers `success`, or what a test wants."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: list[httpx.Response | Exception] = []
        self.echoes = False
        self.judge: Callable[[httpx.Request], Any] | None = None

    def __call__(self, request: httpx.Request) -> Any:
        self.requests.append(request)
        if self.judge:
            return self.judge(request)
        if self.echoes and request.method == "GET":
            return httpx.Response(200, text=request.url.params["echostr"])
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, text="success")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def opened(self, index: int = -1, *, aes_key: str = AES_KEY, appid: str = APPID) -> str:
        """The plaintext of one delivery."""
        sealed = self.requests[index].content.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        return decrypt(aes_key=aes_key, appid=appid, sealed=sealed)


class Loop:
    """An event loop in a thread of its own: a browser test in this process may already run one here."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this and wait for it; what it began goes on afterwards."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    def close(self) -> None:
        """Stop the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Sandbox:
    """Calls the application as a client over HTTP would."""

    def __init__(self) -> None:
        self.runner = Loop()
        self.clock = Clock(lambda: float(NOW))
        self.callback = Callback()
        state = State(self.clock)
        pusher = Pusher(state, transport=httpx.MockTransport(self.callback), gaps_s=(0, 0, 0), timeout_s=0.2)
        self.world = World(state, pusher)
        self.client = self.browser()

    def close(self) -> None:
        """Let nothing go on."""
        self.runner.run(self.world.pusher.close())
        self.runner.close()

    def browser(self) -> httpx.AsyncClient:
        """A client with cookies of its own."""
        transport = httpx.ASGITransport(app=create_app(self.world))
        return httpx.AsyncClient(transport=transport, base_url=ROOT)

    def get(self, path: str, **params: Any) -> httpx.Response:
        """GET as a server would."""
        return self.runner.run(self.client.get(path, params=params or None))

    def post(self, path: str, data: object = None, **params: Any) -> httpx.Response:
        """POST JSON without a Content-Type, as the product's library does."""
        content = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
        return self.runner.run(self.client.post(path, params=params or None, content=content))

    def control(self, name: str, /, **data: Any) -> dict[str, Any]:
        """A control call that must succeed."""
        response = self.post(f"/_sandbox/{name}", data)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def seen(self, name: str, /, **params: Any) -> list[dict[str, Any]]:
        """One of the control lists."""
        answer: list[dict[str, Any]] = self.get(f"/_sandbox/{name}", **params).json()
        return answer

    def pushes(self, **params: Any) -> list[dict[str, Any]]:
        """The callbacks, after the last one has settled."""
        return self.seen("pushes", settle_s=5, **params)

    def token(self, appid: str = APPID, **more: Any) -> str:
        """The account's stable token."""
        asked = {"grant_type": "client_credential", "appid": appid, "secret": f"secret-of-{appid}"}
        value: str = self.post("/cgi-bin/stable_token", asked | more).json()["access_token"]
        return value

    def ticket(self, appid: str = APPID) -> str:
        """The account's JS-SDK ticket."""
        asked = {"access_token": self.token(appid), "type": "jsapi"}
        value: str = self.get("/cgi-bin/ticket/getticket", **asked).json()["ticket"]
        return value

    def send(self, *, token: str = "", **more: Any) -> dict[str, Any]:
        """Send a template message; `more` replaces parts of a correct one."""
        message = {"touser": OPENID, "template_id": "T-new", "data": VALUES} | more
        response = self.post("/cgi-bin/message/template/send", message, access_token=token or self.token())
        answer: dict[str, Any] = response.json()
        return answer

    def api(self, path: str, data: object = None, *, appid: str = APPID, **params: Any) -> dict[str, Any]:
        """Call the API with the account's token: POST if there is a body."""
        params["access_token"] = self.token(appid)
        response = self.get(path, **params) if data is None else self.post(path, data, **params)
        answer: dict[str, Any] = response.json()
        return answer

    def act(self, action: str, **more: Any) -> dict[str, Any]:
        """A deed of the technician."""
        return self.control("act", **({"user_id": "t1", "appid": APPID, "action": action} | more))

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.control("clock", offset_s=self.clock.offset_s + seconds)

    def known(self, appid: str = APPID) -> Account:
        """The account as the sandbox holds it."""
        return self.world.state.accounts[appid]


def sealed_reply(known: Account, *, to: str, content: str = "收到", **wrong: str) -> str:
    """A passive reply of the product, encrypted; `wrong` replaces parts of it."""
    plain = (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{known.original_id}</FromUserName>"
        f"<MsgType>text</MsgType><Content>{content}</Content></xml>"
    )
    sealed = encrypt(aes_key=known.aes_key, appid=wrong.get("appid", known.appid), text=plain)
    stamp = sign(known, now=NOW)
    parts = (stamp["timestamp"], stamp["nonce"], sealed)
    mark = wrong.get("signature") or signature(known.token, *parts)
    return (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{mark}</MsgSignature>"
        f"<TimeStamp>{parts[0]}</TimeStamp><Nonce>{parts[1]}</Nonce></xml>"
    )
