"""Opening a branch: names that cannot be are refused in words, and nothing has changed then."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from steppe.kernel.errors import DomainError
from tenants.errors import BadCode, BadName, BadSlug, NameTaken, SlugReserved
from tenants.models import Domain, Status, Tenant
from tenants.services import create_branch
from tests.cast import Branch

GOOD = {"code": "NE", "slug": "new-branch", "name": "新分公司"}


def state() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace")
        schemas = cursor.fetchone()
    return schemas, list(Tenant.objects.order_by("id").values()), list(Domain.objects.order_by("id").values())


def refused(error: type[DomainError], **other: str) -> str:
    before = state()
    with pytest.raises(error) as refusal:
        create_branch(**(GOOD | other))
    assert type(refusal.value) is error and state() == before
    assert "%(" not in refusal.value.sentence
    return refusal.value.sentence


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "a",
        "-a",
        "a-",
        "a--b",
        "xn--fiq",
        "1st",
        "Ordos",
        "a.b",
        "a_b",
        "pg_temp",
        "鄂尔多斯",
        "a b",
        "a\n",
        "a" * 31,
    ],
)
def test_a_slug_that_is_no_subdomain_is_refused(db: None, slug: str) -> None:
    assert f"“{slug}”" in refused(BadSlug, slug=slug)


@pytest.mark.parametrize("slug", ["www", "api", "hq", "static", "public", "pg", "pg-toast", "ns1", "admin", "mail"])
def test_a_reserved_slug_is_refused(db: None, slug: str) -> None:
    assert slug in refused(SlugReserved, slug=slug)


@pytest.mark.parametrize("code", ["", "A", "ab", "1A", "A-1", "HQ", "锡林", "A" * 9, "AB\n"])
def test_a_code_that_cannot_stand_before_a_ticket_number_is_refused(db: None, code: str) -> None:
    refused(BadCode, code=code)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_branch_needs_a_name(db: None, name: str) -> None:
    refused(BadName, name=name)


@pytest.mark.parametrize(
    ("taken", "said"),
    [({"code": "LO"}, "LO"), ({"slug": "lotus"}, "lotus"), ({"code": "LO", "slug": "lotus"}, "LO")],
)
def test_a_code_or_slug_of_another_branch_is_refused(db: None, lotus: Branch, taken: dict[str, str], said: str) -> None:
    assert f" {said} " in f" {refused(NameTaken, **taken)} "


def test_a_host_that_leads_elsewhere_is_refused(db: None, lotus: Branch) -> None:
    """A second address of Lotus; without the look a new branch would have no host at all."""
    Domain.objects.create(domain="new-branch.localhost", tenant=lotus.tenant, is_primary=False)
    refused(NameTaken)


def test_an_unfinished_branch_is_not_taken_over_under_another_name(db: None) -> None:
    Tenant.objects.create(schema_name="t_halfway1", code="NE", slug="halfway", name="x", status=Status.PROVISIONING)
    refused(NameTaken)
    refused(NameTaken, code="OTHER", slug="halfway")


def test_the_command_says_it_in_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match="www"):
        call_command("create_branch", "NE", "www", "新分公司")
