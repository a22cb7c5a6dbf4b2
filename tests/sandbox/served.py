"""The sandbox under its real server, and a product of a few lines to talk to."""

import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import httpx

from sandbox.crypto import jssdk_signature
from tests.sandbox.driver import APPID, account, person

REPOSITORY = Path(__file__).parents[2]

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>product</title>
<body data-appid="{appid}" data-nonce="{nonce}" data-signature="{signature}"><pre id="out"></pre>
<button id="picture">picture</button><button id="scan">scan</button><button id="map">map</button>
<wx-open-subscribe id="tag" template="S-1,S-2"><template slot="style"><style>b{{color:green}}</style></template>
<script type="text/wxtag-template"><b>notify me</b></script></wx-open-subscribe>
<script src="{sandbox}/open/js/jweixin-1.6.0.js"></script><script src="/page.js"></script></body></html>"""

SCRIPT = """
var given = document.body.dataset;
function say(what) { document.getElementById("out").textContent += JSON.stringify(what) + "\\n"; }
wx.config({ appId: given.appid, timestamp: 1, nonceStr: given.nonce, signature: given.signature,
  jsApiList: ["getLocation", "chooseImage", "uploadImage", "scanQRCode"].concat(/map=1/.test(location) ?
    ["openLocation"] : []), openTagList: ["wx-open-subscribe"] });
["ready", "success", "error"].forEach(function (name) {
  document.getElementById("tag").addEventListener(name, function (event) { say([name, event.detail]); });
});
document.getElementById("scan").onclick = function () { wx.scanQRCode({ needResult: 1, success: say, cancel: say }); };
document.getElementById("map").onclick = function () {
  wx.openLocation({ latitude: "43.9", longitude: "116.0", fail: say });
  wx.openLocation({ latitude: 43.9, longitude: 116.0, name: "客户家", address: "锡林浩特", fail: say });
};
wx.error(say);
wx.ready(function () {
  wx.getLocation({ type: "wgs84", success: say, fail: say });
  if (!/map=1/.test(location)) { wx.openLocation({ latitude: 1, longitude: 1, fail: say }); }
});
document.getElementById("picture").onclick = function () {
  wx.chooseImage({ count: 1, success: function (chosen) {
    wx.uploadImage({ localId: chosen.localIds[0], success: say, fail: say });
  } });
};
"""


@contextmanager
def serving() -> Iterator[str]:
    """Run the sandbox as the product's developers do."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "sandbox.app:app"], cwd=REPOSITORY, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            httpx.get(f"{address}/_sandbox/health", trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the sandbox did not start")


def introduce(client: httpx.Client, callback_url: str) -> str:
    """A fresh scene with one account and two people; returns a token."""
    template = {"template_id": "T", "title": "新工单", "keywords": [["thing1", "故障类型"]]}
    menu = {"button": [{"type": "view", "name": "报修", "url": callback_url.replace("/wx/cb", "/h5/report")}]}
    client.post("/_sandbox/reset")
    notices = [template | {"template_id": name, "title": f"通知 {name}"} for name in ("S-1", "S-2")]
    given = {"templates": [template], "subscribe_templates": notices, "menu": menu if callback_url else None}
    known = account(callback_url=callback_url, **given)
    client.post("/_sandbox/accounts", json=known).raise_for_status()
    for number in (1, 2):
        follows = [{"appid": APPID, "openid": f"oT{number}"}]
        someone = person(f"t{number}", f"师傅{number}", lat=40.0 + number, follows=follows)
        client.post("/_sandbox/users", json=someone).raise_for_status()
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": f"secret-of-{APPID}"}
    token: str = client.post("/cgi-bin/stable_token", json=asked).json()["access_token"]
    return token


class Product:
    """A page behind OAuth with a strict policy, and a callback that answers `success`."""

    def __init__(self, sandbox: str) -> None:
        self.sandbox, self.ticket = sandbox, ""
        self.hosts: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.root = f"http://xilingol.localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def page(self, url: str) -> str:
        """The page, signed for its address."""
        nonce = secrets.token_hex(8)
        signature = jssdk_signature(noncestr=nonce, ticket=self.ticket, timestamp="1", url=url)
        return PAGE.format(appid=APPID, nonce=nonce, signature=signature, sandbox=self.sandbox)

    def sign_in(self, path: str) -> str:
        """Where an unknown browser is sent."""
        back = {"appid": APPID, "redirect_uri": f"{self.root}/signed-in?next={path}", "response_type": "code"}
        return f"{self.sandbox}/connect/oauth2/authorize?{urlencode(back)}&scope=snsapi_base&state=a#wechat_redirect"

    def policy(self) -> str:
        """What README.md tells a page that loads the fake JS-SDK to allow."""
        beside = self.sandbox.replace("//localhost", "//*.localhost")
        return f"default-src 'self'; script-src 'self' {self.sandbox}; connect-src {self.sandbox} {beside}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        product = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/h5/"):
                    self._answer(302, Location=product.sign_in("/page"))
                elif self.path.startswith("/signed-in"):
                    self._answer(303, Location="/page?from=wechat")
                elif self.path == "/page.js":
                    self._answer(200, SCRIPT, **{"Content-Type": "text/javascript"})
                else:
                    url = f"http://{self.headers['Host']}{self.path}"
                    policy = {"Content-Security-Policy": product.policy()}
                    self._answer(200, product.page(url), **{"Content-Type": "text/html; charset=utf-8"}, **policy)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                product.hosts.append(self.headers["Host"])
                self._answer(200, "success")

            def _answer(self, status: int, body: str = "", **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
