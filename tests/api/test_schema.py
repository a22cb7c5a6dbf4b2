"""The API's description fits the API."""

import re

from django.core.management import call_command

from tests.cast import Branch
from tests.make import client_at
from tests.tenancy.inventory import routes


def test_the_schema_is_complete_and_valid(tmp_path: "object") -> None:
    call_command(
        "spectacular", urlconf="steppe.boot.urls_tenant", validate=True, fail_on_warn=True, file=str(tmp_path / "s.yml")
    )  # type: ignore[operator]


def test_every_write_names_the_key_and_every_answer_its_shape(lotus_db: Branch) -> None:
    schema = client_at(lotus_db).get("/api/v1/schema/").json()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            named = {part["name"] for part in operation.get("parameters", [])}
            assert ("Idempotency-Key" in named) == (method != "get"), path
            assert "4XX" in operation["responses"], path


def test_every_address_is_described(lotus_db: Branch) -> None:
    schema = client_at(lotus_db).get("/api/v1/schema/").json()
    described = {re.sub(r"{\w+}", "*", path) for path in schema["paths"]}
    tickets = [route.path for route in routes("branch") if route.name.startswith("tickets-api:")]
    assert len(tickets) > 70
    assert {"/" + re.sub(r"<[^>]+>", "*", path) for path in tickets} <= described
