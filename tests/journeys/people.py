"""People who work through the API: signed in as anybody is, a session, a CSRF token, a key for each write."""

import re
import uuid
from typing import Any, Self

import httpx

from tests.journeys.site import PASSWORD, Site


class Person:
    """Somebody of a branch. By address with the site's name in the header: only browsers resolve *.localhost."""

    def __init__(self, site: Site, slug: str, username: str) -> None:
        port = site.env["STEPPE_WEB_PORT"]
        self.host = f"{slug}.localhost:{port}"
        headers = {"Host": self.host, "Origin": f"http://{self.host}"}
        self.wire = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20, trust_env=False)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.wire.get("/sign-in/").text)
        assert token
        told = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        assert self.wire.post("/sign-in/", data=told).status_code == 302
        self.me: dict[str, Any] = self.get("me")

    def get(self, path: str, **query: str) -> Any:
        """A read; anything but an answer is a failure."""
        answer = self.wire.get(f"/api/v1/{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **body: object) -> httpx.Response:
        """A write with a key of its own; refusals are for the caller to judge."""
        token = next(value for name, value in self.wire.cookies.items() if "csrf" in name)
        headers = {"X-CSRFToken": token, "Idempotency-Key": str(uuid.uuid4())}
        return self.wire.post(f"/api/v1/{path}", json=body, headers=headers)

    def put(self, path: str, **body: object) -> None:
        """A thing made or changed by its name; has to succeed."""
        token = next(value for name, value in self.wire.cookies.items() if "csrf" in name)
        headers = {"X-CSRFToken": token, "Idempotency-Key": str(uuid.uuid4())}
        answer = self.wire.put(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"

    def must(self, path: str, **body: object) -> dict[str, Any]:
        """A write that has to succeed; its receipt."""
        answer = self.post(path, **body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        receipt: dict[str, Any] = answer.json()
        return receipt

    def upload(self, picture: bytes) -> dict[str, Any]:
        """A picture of the finished work; the answer names it."""
        token = next(value for name, value in self.wire.cookies.items() if "csrf" in name)
        headers = {"X-CSRFToken": token, "Idempotency-Key": str(uuid.uuid4())}
        files = {"photo": ("a.png", picture, "image/png")}
        answer = self.wire.post("/api/v1/photos", files=files, data={"stage": "finish"}, headers=headers)
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def open_ticket(self, *, address: str, phone: str = "12655550003") -> dict[str, Any]:
        """A call is written down."""
        told = {"type_code": "fault_bb", "channel": "hotline_96066", "contact_phone": phone, "description": "网速慢"}
        return self.must("tickets", address=address, **told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.close()
