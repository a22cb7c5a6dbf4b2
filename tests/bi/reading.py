"""Reading reports in the tests: tokens by the real command, the feed over Django's client."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.bi import services
from apps.bi.access.models import ReportToken
from apps.bi.tokens_read import KIND
from steppe.kernel.actors import Actor
from tenants import tokens
from tests.cast import Branch
from tests.make import client_at, key

FEED = "/odata/v4/"


@dataclass
class Reading:
    """A person's token, and how it asks."""

    branch: Branch
    token: str
    row: ReportToken

    def get(self, path: str, query: dict[str, str] | None = None, *, basic: bool = False, **headers: str) -> Any:
        """At the branch's own host, without any cookie."""
        told = f"Bearer {self.token}"
        if basic:
            told = "Basic " + base64.b64encode(f"reports:{self.token}".encode()).decode()
        sent = {"Authorization": told} | {name.replace("_", "-"): value for name, value in headers.items()}
        return client_at(self.branch).get(path if path.startswith(("/", "http")) else FEED + path, query, headers=sent)

    def rows(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Of one page; `$` stands before every name."""
        answer = self.get(path, {f"${name}": value for name, value in query.items()})
        assert answer.status_code == 200, answer.content
        return answer.json()["value"]

    def pages(self, path: str, *, size: int, between: Any = None, **query: str) -> Iterator[list[dict[str, Any]]]:
        """Following the links; `between` happens after each page."""
        answer = self.get(path, {f"${n}": v for n, v in query.items()}, Prefer=f"odata.maxpagesize={size}")
        while True:
            assert answer.status_code == 200, answer.content
            yield answer.json()["value"]
            if between is not None:
                between()
            link = answer.json().get("@odata.nextLink")
            if link is None:
                return
            answer = self.get(
                link.split("testserver")[-1] if "testserver" in link else link, Prefer=f"odata.maxpagesize={size}"
            )


def reading(branch: Branch, who: Actor, *, title: str = "Excel", days: int = 30) -> Reading:
    """A token of that person, in the schema we stand in."""
    name, token = tokens.new_name(), tokens.new_token(KIND)
    kept = {"token_hash": token.kept, "token_end": token.end}
    services.make_token(public_id=name, title=title, days=days, **kept, by=who, key=key())
    return Reading(branch, token.shown, ReportToken.objects.get(public_id=name))


def asked(question: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, params)
        return cursor.fetchall()
