"""Whose phone a browser is, also when a page of the product asks.

The phone pages and the OAuth page are visited, so their cookie arrives. The JS-SDK asks from inside a page
of the product, and there a browser withholds the cookies of another site: xilingol.localhost and localhost
are two sites. wx.xilingol.localhost is the same site as xilingol.localhost, and all these names mean this
machine. So the way into the product's page leads over the sandbox under that name, which leaves its cookie
there on passing, and the JS-SDK asks under that name.
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from sandbox.models import Person
from sandbox.state import State

HOLDER = "sandbox_user"
BESIDE = "/phone/pass"


@dataclass(frozen=True)
class Browser:
    """Who is asking: the browser's name, its cookies, and under which name it knows the sandbox."""

    agent: str = ""
    host: str = ""
    user_id: str = ""
    navigates: bool = False

    @classmethod
    def of(cls, request: Request) -> "Browser":
        """The browser behind a request."""
        return cls(
            agent=request.headers.get("user-agent", ""),
            host=request.headers.get("host", ""),
            user_id=request.cookies.get(HOLDER, ""),
            navigates=request.headers.get("sec-fetch-mode") == "navigate",
        )

    def holder(self, state: State) -> Person | None:
        """Who is holding this phone, as far as the cookie knows."""
        return state.people.get(self.user_id)

    def way_to(self, url: str, person: Person) -> str:
        """The address that leads to the product's page; only a browser is sent over the name beside it."""
        hostname = urlsplit(url).hostname or ""
        if not self.navigates or not hostname.endswith(".localhost"):
            return url
        port = urlsplit(f"//{self.host}").port
        beside = f"http://wx.{hostname}" + (f":{port}" if port else "")
        return f"{beside}{BESIDE}?{urlencode({'user_id': person.user_id, 'to': url})}"


def remember(response: Response, person: Person) -> None:
    """From now on this browser is the person's phone."""
    response.set_cookie(HOLDER, person.user_id, samesite="lax", httponly=True)
