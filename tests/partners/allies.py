"""Systems of others for the tests: connected by the real command, calling over Django's client with their token."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.partners import credentials, services
from apps.partners.models import AllowedHost, Delivery, Listener, Partner
from apps.partners.rules.scopes import SCOPES
from tests.cast import Branch
from tests.make import actor, client_at, key

TROUBLE, WORK = "/tmf-api/troubleTicket/v4/troubleTicket", "/tmf-api/workOrder/v4/workOrder"
HUB = "/tmf-api/{}/v4/hub"
FAULT = {
    "ticketType": "fault_bb", "description": "no light on the box", "severity": "Minor",
    "relatedParty": [{"role": "customer", "name": "Mei", "contactMedium": [
        {"mediumType": "phone", "characteristic": {"phoneNumber": "13900001234"}}]}],
    "relatedEntity": [{"role": "place", "name": "Birch Court 7-2-301"}],
}  # fmt: skip


@dataclass
class Ally:
    """A connected system, and how it calls."""

    branch: Branch
    token: str
    signing_key: str
    row: Partner

    @property
    def actor_ref(self) -> str:
        """As history and audit name it."""
        return f"partner:{self.row.pk}"

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """At its own branch's host, without any cookie."""
        return called(self.branch, self.token, method, path, body, **query)


def called(branch: Branch, token: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    client = client_at(branch)
    headers = {"Authorization": f"Bearer {token}"}
    if method == "GET":
        return client.get(path, query, headers=headers)
    return getattr(client, method.lower())(path, body, content_type="application/json", headers=headers)


def connected(branch: Branch, scopes: Iterable[str] = SCOPES, *, name: str = "BOSS", rate: int = 6000) -> Ally:
    """A system of the branch we stand in."""
    public_id, token, signing = credentials.new_name(), credentials.new_token(), credentials.new_signing_key()
    services.connect_partner(
        public_id=public_id, title=name, scopes=tuple(scopes), days=30, per_minute=rate, token_hash=token.kept,
        token_end=token.end, sealed_key=credentials.seal(public_id, signing), by=actor("bai"), key=key(),
    )  # fmt: skip
    return Ally(branch, token.shown, signing, Partner.objects.get(public_id=public_id))


def allow(host: str) -> AllowedHost:
    services.allow_host(host=host, by=actor("bai"), key=key())
    return AllowedHost.objects.get(host=host)


def listening(ally: Ally, url: str, interface: str = "troubleTicket", query: str = "") -> Listener:
    """Registered over the hub."""
    answer = ally.call("POST", HUB.format(interface), {"callback": url, "query": query})
    assert answer.status_code == 201, answer.content
    return Listener.objects.get(public_id=answer.json()["id"])


def sent() -> list[tuple[str, str]]:
    """Type and state of every delivery, the oldest first."""
    return list(Delivery.objects.order_by("id").values_list("event_type", "status"))
