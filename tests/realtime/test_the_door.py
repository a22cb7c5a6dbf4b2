"""Who may open a socket: a signed-in person, from their own branch's page, while the branch is open."""

import pytest
from websockets.exceptions import InvalidStatus

from apps.people.accounts.models import RoleGrant
from steppe.kernel import bells
from tenants.context import in_branch
from tenants.services import suspend_branch
from tests.cast import Branch
from tests.make import client_at
from tests.realtime.conftest import Stage
from tests.realtime.screen import cookie_of, origin_of

pytestmark = pytest.mark.live


def refused(stage: Stage, branch: Branch, **more: object) -> int:
    """The status of a refused handshake."""
    with pytest.raises(InvalidStatus) as refusal:
        stage.screen(branch, "lin", **more)
    return refusal.value.response.status_code


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://maple.localhost:8000",  # a sibling branch
        "http://lotus.localhost",  # another port
        "http://lotus.localhost:8001",
        "https://lotus.localhost:8000",  # another scheme
        "http://lotus.localhost:8000.evil.example",  # ours as a prefix
        "http://evil-lotus.localhost:8000",  # ours as a suffix
        "http://lotus.localhost:8000/",
        "null",
        None,  # no origin at all: not a browser's page
    ],
)
def test_another_origin_is_refused(stage: Stage, lotus: Branch, origin: str | None) -> None:
    assert refused(stage, lotus, origin=origin) in (400, 403)  # the server itself refuses a malformed one


def test_two_origins_are_refused(stage: Stage, lotus: Branch) -> None:
    twice = [("Origin", origin_of(lotus.host)), ("Origin", origin_of(lotus.host))]
    assert refused(stage, lotus, origin=None, more=twice) in (400, 403)


def test_no_cookie_is_refused(stage: Stage, lotus: Branch) -> None:
    assert refused(stage, lotus, cookie=None) == 403


def test_an_invented_cookie_is_refused(stage: Stage, lotus: Branch) -> None:
    assert refused(stage, lotus, cookie="a" * 32) == 403


def test_another_branch_s_cookie_is_refused(stage: Stage, lotus: Branch, maple: Branch) -> None:
    assert refused(stage, lotus, cookie=cookie_of(maple, "lin")) == 403


def test_another_branch_s_session_row_is_refused(stage: Stage, lotus: Branch, maple: Branch) -> None:
    """Even copied into our schema it stays the other branch's: the session names its branch."""
    from django.contrib.sessions.models import Session

    key = cookie_of(maple, "lin")
    with in_branch(maple.tenant):
        copied = Session.objects.get(session_key=key)
    with in_branch(lotus.tenant):
        copied.save(force_insert=True)
    assert refused(stage, lotus, cookie=key) == 403


def test_a_role_that_may_not_listen_is_refused(stage: Stage, lotus: Branch) -> None:
    assert refused(stage, lotus, cookie=cookie_of(lotus, "ku")) == 403


@pytest.mark.parametrize("host", ["nowhere.localhost", "localhost", "hq.localhost", "lotus.localhost.evil.example"])
def test_an_unknown_host_is_refused(stage: Stage, lotus: Branch, host: str) -> None:
    elsewhere = Branch(lotus.tenant, host, lotus.people)
    assert refused(stage, elsewhere, cookie=cookie_of(lotus, "lin")) == 403


@pytest.mark.parametrize("path", ["/ws/", "/ws/live/x", "/", "/live/hints"])
def test_another_address_is_refused(stage: Stage, lotus: Branch, path: str) -> None:
    assert refused(stage, lotus, path=path) == 403


def test_the_socket_s_address_may_end_with_a_slash(stage: Stage, lotus: Branch) -> None:
    assert stage.screen(lotus, "lin", path="/ws/live/").hello["t"] == "hello"


def test_a_page_asked_of_the_socket_s_process_is_not_there(stage: Stage) -> None:
    import httpx

    assert httpx.get(f"http://127.0.0.1:{stage.port}/console/", headers={"Host": "lotus.localhost"}).status_code == 404


def test_a_removed_role_closes_the_socket(stage: Stage, lotus: Branch) -> None:
    gao, lin = stage.screen(lotus, "gao"), stage.screen(lotus, "lin")
    with in_branch(lotus.tenant):
        held = RoleGrant.objects.filter(user_id=lotus.gao.id)
        kept = list(held)
        held.delete()
        bells.rights_changed.ring(lotus.tenant.schema_name, lotus.gao.ref)
        assert gao.goodbye() == "no-access"
        RoleGrant.objects.bulk_create(kept)
    with pytest.raises(TimeoutError):
        lin.next(0.5)  # nobody else is touched


def test_a_changed_scope_closes_the_socket_for_a_fresh_page(stage: Stage, lotus: Branch) -> None:
    gao = stage.screen(lotus, "gao")
    with in_branch(lotus.tenant):
        held = RoleGrant.objects.filter(user_id=lotus.gao.id)
        before = held.get().org_path
        held.update(org_path="/1/")
        bells.rights_changed.ring(lotus.tenant.schema_name, "")
        assert gao.goodbye() == "changed"
        held.update(org_path=before)


def test_signing_out_closes_the_socket(stage: Stage, lotus: Branch) -> None:
    client = client_at(lotus, lotus.lin)
    lin = stage.screen(lotus, "lin", cookie=client.cookies["sessionid"].value)
    client.post("/sign-out/")
    assert lin.goodbye() == "signed-out"


def test_a_suspended_branch_closes_every_socket(own_stage: Stage, lotus: Branch, maple: Branch) -> None:
    stage = own_stage
    stage.realtime()
    lin, chen = stage.screen(lotus, "lin"), stage.screen(maple, "lin")
    suspend_branch(tenant_id=lotus.tenant.pk, by="hq:1")
    assert lin.goodbye() == "signed-out"
    assert refused(stage, lotus) == 403  # though the process still remembers the branch as it was
    with pytest.raises(TimeoutError):
        chen.next(0.5)
