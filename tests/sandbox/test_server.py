"""The sandbox as it really runs, and that it stands alone."""

import ast
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.served import REPOSITORY, Product, introduce

STRANGERS = {"django", "wechatpy", "steppe", "apps", "tenants", "realtime", "infra", "celery", "channels", "tests"}
CARD = {"touser": "oT1", "template_id": "T", "data": {"thing1": {"value": "宽带"}}}


@pytest.fixture
def product(served: str) -> Iterator[Product]:
    """Somebody to push to."""
    found = Product(served)
    yield found
    found.close()


@pytest.mark.live
def test_a_card_goes_out_and_its_receipt_comes_back(served: str, product: Product) -> None:
    with httpx.Client(base_url=served, trust_env=False) as client:
        token = introduce(client, f"{product.root}/wx/cb")
        sent = client.post("/cgi-bin/message/template/send", params={"access_token": token}, json=CARD)
        assert sent.json()["errcode"] == 0
        (push,) = client.get("/_sandbox/pushes", params={"settle_s": 5}).json()
    assert push["state"] == "delivered"
    assert product.hosts == [product.root.removeprefix("http://")]


@pytest.mark.live
def test_a_connection_breaks_after_the_card_went_out(served: str) -> None:
    with httpx.Client(base_url=served, trust_env=False) as client:
        token = introduce(client, "")
        client.post("/_sandbox/inject", json={"path": "template/send", "action": {"drop_after": True}})
        with pytest.raises(httpx.TransportError):
            client.post("/cgi-bin/message/template/send", params={"access_token": token}, json=CARD)
        assert len(client.get("/_sandbox/outbox").json()) == 1


def test_the_sandbox_imports_nothing_of_the_product() -> None:
    for file in (REPOSITORY / "sandbox").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in STRANGERS, f"{file.name} imports {name}"
