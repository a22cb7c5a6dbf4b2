"""总部 → 微信: headquarters enters a shared account, chooses branches, templates and files; secrets never come out."""

import secrets
from typing import Any

import pytest

from apps.wechat.gateway.models import SharedAccount, SharedMember
from apps.wechat.models import WxAccount
from apps.wechat.tasks import follow_shared
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import BranchClient, client_at, key
from tests.wechat.family import AES_KEY, AUTH, Family, family

__all__ = ["family"]
GIVEN = {
    "appid": "wx00000000000000ab", "original_id": "gh_0123456789ab", "name": "共用服务号",
    "app_secret": secrets.token_hex(16), "token": secrets.token_hex(12), "aes_key": AES_KEY,
}  # fmt: skip


@pytest.fixture
def desk(db: None, headquarters: Branch) -> BranchClient:
    return client_at(headquarters, headquarters.hq)


def post(desk: BranchClient, path: str, **form: object) -> Any:
    return desk.post(f"/hq/wechat/{path}", {**form, "idempotency_key": key()}, headers={"Accept-Language": "en"})


def of(family: Family, step: str = "") -> str:
    return f"{family.account.pk}/{step}"


def test_an_account_is_entered_and_its_page_tells_what_to_enter_at_wechat(desk: BranchClient) -> None:
    answer = post(desk, "", **GIVEN)
    account = SharedAccount.objects.get()
    assert answer["Location"] == f"/hq/wechat/{account.pk}/?done=made"
    page = desk.get(answer["Location"]).content.decode()
    assert f"http://auth.localhost:8000/wx/cb/{account.key}" in page
    for secret in ("app_secret", "token", "aes_key"):
        assert GIVEN[secret] not in page
    assert GIVEN["name"] in desk.get("/hq/wechat/").content.decode()


def test_what_is_wrong_stands_at_its_field_and_secrets_are_not_sent_back(desk: BranchClient) -> None:
    answer = post(desk, "", **GIVEN | {"appid": "nothing"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "An appid is" in page
    assert GIVEN["original_id"] in page
    assert GIVEN["app_secret"] not in page
    assert SharedAccount.objects.count() == 0


def test_an_empty_secret_keeps_what_is_there_and_a_new_aes_key_leaves_the_old_one_valid(
    desk: BranchClient, family: Family
) -> None:
    told = {"name": "新名字", "original_id": family.account.original_id}
    assert post(desk, of(family), **told).status_code == 302
    before = SharedAccount.objects.get()
    assert (before.name, before.app_secret) == ("新名字", family.account.app_secret)
    assert post(desk, of(family), **told, aes_key="k" * 10 + "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456").status_code == 302
    page = desk.get(f"/hq/wechat/{of(family)}", headers={"Accept-Language": "en"}).content.decode()
    assert "the one before is still accepted" in page
    post(desk, of(family, "rotation/"))
    assert SharedAccount.objects.get().previous_aes_key == ""


def test_branches_are_chosen_and_each_is_told(
    desk: BranchClient, family: Family, lotus: Branch, maple: Branch, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    told: list[str] = []
    monkeypatch.setattr(  # the broker
        follow_shared, "apply_async", lambda headers, **more: told.append(headers["_schema_name"])
    )
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, of(family, "branches/"), branch=[maple.tenant.pk])
    assert set(told) == {lotus.tenant.schema_name, maple.tenant.schema_name}
    assert list(SharedMember.objects.values_list("tenant_id", flat=True)) == [maple.tenant.pk]
    for branch, enabled in ((lotus, False), (maple, True)):
        with in_branch(branch.tenant):
            follow_shared()
            assert WxAccount.objects.get(shared=True).enabled is enabled


def test_it_is_switched_off_and_on(desk: BranchClient, family: Family) -> None:
    post(desk, of(family, "switch/"), on="0")
    assert not SharedAccount.objects.get().enabled
    post(desk, of(family, "switch/"), on="1")
    assert SharedAccount.objects.get().enabled


def test_a_proof_of_the_domain_is_served_at_the_central_host_alone(
    desk: BranchClient, family: Family, lotus: Branch
) -> None:
    name = "MP_verify_0123456789abcdef.txt"
    assert post(desk, of(family, "file/"), file_name=name, content="0123456789abcdef").status_code == 302
    answer = client_at(AUTH).get(f"/{name}")
    assert (answer.content, answer["Content-Type"]) == (b"0123456789abcdef", "text/plain; charset=utf-8")
    assert client_at(lotus).get(f"/{name}").status_code == 404
    assert client_at(AUTH).get("/MP_verify_0123456789abcdeF.txt").status_code == 404
    post(desk, of(family, "file-remove/"), file_name=name)
    assert client_at(AUTH).get(f"/{name}").status_code == 404


@pytest.mark.parametrize("name", ["index.html", "../MP_verify_0123456789abcdef.txt", "MP_verify_1.txt"])
def test_no_other_file_is_kept(desk: BranchClient, family: Family, name: str) -> None:
    assert post(desk, of(family, "file/"), file_name=name, content="a").status_code == 422
    assert SharedAccount.objects.get().verify_files == {}


def test_templates_are_judged_by_what_wechat_has_and_reach_every_branch(
    desk: BranchClient, family: Family, lotus: Branch
) -> None:
    known = family.account.templates["new_ticket"]["template_id"]
    assert post(desk, of(family, "templates/"), **{"card-new_ticket": known}).status_code == 302
    chosen = SharedAccount.objects.get().templates
    assert set(chosen) == {"new_ticket"}
    assert chosen["new_ticket"]["keywords"]["fault"].startswith("thing")
    with in_branch(lotus.tenant):
        follow_shared()
        assert WxAccount.objects.get(shared=True).templates == chosen
    answer = post(desk, of(family, "templates/"), **{"card-urged": "nobodys"})
    assert answer.status_code == 422
    assert "The account has no such template" in answer.content.decode()


def test_a_template_wechat_does_not_have_is_named_at_its_card(desk: BranchClient, family: Family) -> None:
    page = post(desk, of(family, "templates/"), **{"card-urged": "nobody-s"}).content.decode()
    assert 'id="card-urged-said"' in page and 'id="card-new_ticket-said"' not in page


def test_the_menu_is_published_or_wechat_is_away(desk: BranchClient, family: Family) -> None:
    assert post(desk, of(family, "menu/"))["Location"].endswith("done=menu")
    family.wx.spoil("menu/create", {"errcode": 40013})
    answer = post(desk, of(family, "menu/"))
    assert answer.status_code == 503
    assert "WeChat does not answer" in answer.content.decode()


def test_messages_without_a_branch_are_counted(desk: BranchClient, family: Family) -> None:
    family.text("你好")
    page = desk.get(f"/hq/wechat/{of(family)}", headers={"Accept-Language": "en"}).content.decode()
    assert "1 message waits" in page


def test_a_viewer_sees_no_such_entry_and_a_branch_no_such_page(
    headquarters: Branch, family: Family, lotus: Branch
) -> None:
    viewer = client_at(headquarters, headquarters.eye)
    assert "/hq/wechat/" not in viewer.get("/hq/").content.decode()
    assert viewer.get("/hq/wechat/").status_code == 403
    assert client_at(lotus, lotus.bai).get("/hq/wechat/").status_code == 404
