"""The administrator enters the account: formats, write-only secrets, another appid, the rotated key, off and on."""

import pytest

from apps.wechat import services
from apps.wechat.errors import BadAccount, HeadquartersKeepsIt, NoAccount, NothingToTakeOut
from apps.wechat.models import WxAccount
from apps.wechat.rules.account_form import judge
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry, IdempotencyKey
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.wechat import desk, stand
from tests.wechat.desk import GUIDE


def test_an_account_is_entered_and_no_secret_comes_back(lotus_db: Branch) -> None:
    told, client = desk.new_account(), desk.admin(lotus_db)
    answer = desk.post(client, "account", **told)
    assert answer.status_code == 303 and answer["Location"].endswith("#at-keys")
    page = client.get(GUIDE).content.decode()
    assert desk.opened().secret == told["app_secret"] and desk.opened().aes_keys == (told["aes_key"],)
    api = client.get("/api/v1/wechat/account").content.decode()
    desk.assert_hidden(told, page, api, answer.content.decode())
    assert told["appid"] in page and told["appid"] in api and "/wx/cb/" in page
    assert desk.stand_of(page, "keys") == "good" and desk.stand_of(page, "token") == "todo"
    assert str(IdempotencyKey.objects.values_list("response", flat=True)).find(told["token"]) < 0


def test_an_empty_secret_keeps_what_is_there(lotus_db: Branch) -> None:
    told, client = desk.enter(lotus_db), desk.admin(lotus_db)
    plain = {name: told[name] for name in ("appid", "original_id")}
    assert desk.post(client, "account", **plain, name="new name").status_code == 303
    assert desk.read().name == "new name" and desk.opened().secret == told["app_secret"]
    assert desk.opened().token == told["token"] and desk.opened().aes_keys == (told["aes_key"],)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("appid", "", "missing"), ("appid", "wx123", "form"), ("appid", "WX0123456789abcdef", "form"),
        ("original_id", "0123456789ab", "form"), ("name", "", "missing"), ("name", "x" * 61, "form"),
        ("app_secret", "short", "form"), ("app_secret", "a" * 32, "weak"), ("token", "a-b", "form"),
        ("token", "x1" * 8, "weak"), ("aes_key", "k" * 42, "form"), ("aes_key", "A" * 43, "weak"),
        ("aes_key", "", "anew"), ("token", "", "anew"), ("app_secret", "", "anew"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_field_and_no_secret_is_repeated(
    lotus_db: Branch, field: str, value: str, rule: str
) -> None:
    told = desk.new_account(**{field: value})
    assert judge(told, known=False) == {field: rule}
    answer = desk.post(desk.admin(lotus_db), "account", **told)
    page = answer.content.decode()
    assert answer.status_code == 422 and not WxAccount.objects.exists()
    assert page.count('aria-invalid="true"') == 1 and f'id="id_{field}-error"' in page
    for name in desk.SECRETS:
        assert not told[name] or f'value="{told[name]}"' not in page


def test_another_appid_is_another_account_and_needs_all_its_secrets(lotus_db: Branch) -> None:
    told, other = desk.enter(lotus_db), "wxfedcba9876543210"
    with pytest.raises(BadAccount) as refused:
        services.enter_account(**told | {"appid": other, "token": ""}, by=actor("bai"), key=key())
    assert set(refused.value.fields) == {"token"} and desk.read().appid == told["appid"]
    desk.enter(lotus_db, appid=other)
    assert desk.read().appid == other and WxAccount.objects.count() == 2
    assert not WxAccount.objects.get(appid=told["appid"]).enabled


def test_twice_with_one_key_is_once_and_a_new_token_must_be_proved_anew(lotus_db: Branch) -> None:
    told, once = desk.new_account(), key()
    first = services.enter_account(**told, by=actor("bai"), key=once)
    assert services.enter_account(**told, by=actor("bai"), key=once).replayed and not first.replayed
    WxAccount.objects.update(verified_at="2026-01-01T00:00:00Z", checks={"token": {"ok": True}, "callback": {}})
    services.enter_account(**told | {"token": services.suggest()["token"]}, by=actor("bai"), key=key())
    assert desk.read().verified_at is None and set(desk.read().checks) == {"token"}


def test_a_suggestion_is_another_one_each_time_and_kept_nowhere(lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    pages = [client.get(f"{GUIDE}?suggest=1").content.decode() for _ in range(2)]
    made = [page[page.index('name="aes_key"') :].partition('value="')[2][:43] for page in pages]
    assert made[0] != made[1] and all(len(one) == 43 and one.isalnum() for one in made)
    assert not judge(desk.new_account(aes_key=made[0]), known=False)
    assert not WxAccount.objects.exists()


def test_both_keys_open_a_real_callback_until_the_former_is_taken_out(office, lotus_db: Branch) -> None:
    client, old = desk.admin(lotus_db), office.secrets.aes_keys[0]
    new = services.suggest()["aes_key"]
    assert desk.post(client, "key", aes_key=new).status_code == 303

    def said(aes_key: str) -> int:
        xml = stand.event_xml(office.secrets, "VIEW", EventKey=aes_key[:6])
        query, body = stand.delivery(office.secrets, xml, aes_key=aes_key)
        return client_at(lotus_db).post(f"{office.door}?{query}", body, content_type="text/xml").status_code

    assert (said(old), said(new)) == (200, 200)
    page = client.get(GUIDE).content.decode()
    assert old not in page and new not in page and desk.stand_of(page, "keys") == "doubt"
    assert desk.read().rotated_at and "/key/take-out/" in page
    assert desk.post(client, "key/take-out").status_code == 303
    assert (said(old), said(new)) == (403, 200)
    rows = str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert old not in rows and new not in rows


def test_the_same_key_again_is_refused_and_there_must_be_one_to_take_out(office) -> None:
    bai = actor("bai")
    with pytest.raises(BadAccount):
        services.rotate_aes_key(aes_key="k" * 43, by=bai, key=key())
    new = services.suggest()["aes_key"]
    services.rotate_aes_key(aes_key=new, by=bai, key=key())
    with pytest.raises(BadAccount):
        services.rotate_aes_key(aes_key=new, by=bai, key=key())
    services.take_out_previous_key(by=bai, key=key())
    with pytest.raises(NothingToTakeOut):
        services.take_out_previous_key(by=bai, key=key())


def test_switched_off_nothing_is_heard_and_on_again_it_is(office, lotus_db: Branch) -> None:
    client = desk.admin(lotus_db)
    query, body = stand.delivery(office.secrets, stand.event_xml(office.secrets, "VIEW"))
    desk.post(client, "switch", enabled="0")
    assert client_at(lotus_db).post(f"{office.door}?{query}", body, content_type="text/xml").status_code == 403
    assert desk.stand_of(client.get(GUIDE).content.decode(), "keys") == "doubt"
    desk.post(client, "switch", enabled="1")
    assert client_at(lotus_db).post(f"{office.door}?{query}", body, content_type="text/xml").status_code == 200


def test_an_account_of_headquarters_is_not_changed_here(office, lotus_db: Branch) -> None:
    WxAccount.objects.update(shared=True)
    with pytest.raises(HeadquartersKeepsIt):
        services.switch_account(enabled=False, by=actor("bai"), key=key())
    page = desk.admin(lotus_db).get(GUIDE).content.decode()
    assert "/console/wechat/account/" not in page


def test_only_the_administrator_and_only_of_this_branch(office, lotus_db: Branch, maple: Branch, lin: Actor) -> None:
    with pytest.raises(NotAllowed):
        services.enter_account(**desk.new_account(), by=lin, key=key())
    assert client_at(lotus_db, lin).get(GUIDE).status_code == 403
    assert f'href="{GUIDE}"' not in client_at(lotus_db, lin).get("/console/").content.decode()
    page = client_at(maple, maple.bai).get(GUIDE).content.decode()
    assert office.account.appid not in page and desk.stand_of(page, "keys") == "todo"
    with in_branch(maple.tenant), pytest.raises(NoAccount):
        services.switch_account(enabled=False, by=actor("bai"), key=key())
    assert desk.read().enabled


def test_the_api_enters_the_account_and_gives_no_secret_back(lotus_db: Branch) -> None:
    told, client, once = desk.new_account(), desk.admin(lotus_db), key()
    assert client.get("/api/v1/wechat/account").status_code == 404
    answers = [client.api("put", "/api/v1/wechat/account", told, key=once) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200] and answers[1]["Idempotent-Replay"] == "true"
    shown = client.get("/api/v1/wechat/account")
    desk.assert_hidden(told, shown.content.decode(), answers[0].content.decode())
    assert shown.json()["steps"][0] | {"sentence": ""} == {
        "name": "keys", "stand": "good", "sentence": "", "tried": None,
    }  # fmt: skip
    wrong = client.api("put", "/api/v1/wechat/account", told | {"token": "x"})
    assert wrong.status_code == 422 and set(wrong.json()["fields"]) == {"token"}
