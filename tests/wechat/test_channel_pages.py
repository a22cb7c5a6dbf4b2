"""管理 → 微信 → 渠道: SMS, WeCom, names and notices, secrets never shown; each test button says what to fix."""

import pytest

from apps.wechat.calls.channel_vault import sms_keys, wecom_keys
from apps.wechat.models import SmsAccount, WecomAccount, WecomMember, WxAccount
from apps.wechat.rules.cards import standard_templates
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.make import actor, client_at, key
from tests.wechat import stand, ways

PAGE = "/console/wechat/channels/"
SECRET = "a-secret-nobody-reads-again"
SMS = {"app_id": "1400000001", "key_id": "AKIDabcdefgh", "secret": SECRET, "sign_name": "格派维修", "enabled": "1"}
WECOM = {"corpid": "ww1234567890", "agentid": "1000002", "secret": SECRET, "robot_key": "", "enabled": "1"}


@pytest.fixture
def admin(lotus_db):
    return client_at(lotus_db, actor("bai"))


def post(client, path, form):
    return client.post(f"{PAGE}{path}", {**form, "idempotency_key": key()})


def shown(client, path, form):
    return post(client, path, form).content.decode()


def test_the_sms_account_is_kept_sealed_and_its_key_is_never_shown_again(admin):
    form = SMS | {
        "template.code": "900100",
        "facts.code": "code",
        "template.accepted": "7",
        "facts.accepted": "number，link",
    }
    answer = post(admin, "sms/", form)
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}?done=sms#sms")
    account = SmsAccount.objects.get()
    assert sms_keys(account).secret == SECRET and SECRET not in account.secret
    assert account.templates["accepted"] == {"template_id": "7", "facts": ["number", "link"]}
    page = admin.get(PAGE).content.decode()
    assert SECRET not in page and "1400000001" in page and account.secret not in page
    assert SECRET not in str(list(AuditEntry.objects.values()))


def test_facts_are_read_and_shown_in_the_pages_own_language(admin):
    form = SMS | {"template.accepted": "7", "facts.accepted": "工单编号、链接"}
    post(admin, "sms/", form)
    assert SmsAccount.objects.get().templates["accepted"]["facts"] == ["number", "link"]
    assert 'value="工单编号、链接"' in admin.get(PAGE).content.decode()
    assert 'value="number, link"' in admin.get(PAGE, headers={"Accept-Language": "en"}).content.decode()


def test_an_empty_secret_keeps_the_one_there_is(admin):
    post(admin, "sms/", SMS)
    post(admin, "sms/", SMS | {"secret": "", "sign_name": "另一个"})
    account = SmsAccount.objects.get()
    assert (sms_keys(account).secret, account.sign_name) == (SECRET, "另一个")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"app_id": "abc"}, "Only digits"), ({"key_id": "x y"}, "letters and digits"), ({"secret": ""}, "fill this in"),
        ({"sign_name": " "}, "fill this in"), ({"template.code": "12", "facts.code": "code, price"}, "Known facts"),
        ({"template.code": "x"}, "Only digits"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_field_and_nothing_is_kept(admin, change, sentence):
    answer = admin.post(f"{PAGE}sms/", {**SMS, **change, "idempotency_key": key()}, headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert not SmsAccount.objects.exists() and SECRET not in page


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({}, True), ({"corpid": "", "agentid": "", "secret": "", "robot_key": "abcdefgh-1234"}, True),
        ({"corpid": "", "agentid": "", "secret": ""}, False), ({"agentid": "x"}, False), ({"secret": ""}, False),
        ({"robot_key": "a b"}, False),
    ],
)  # fmt: skip
def test_wecom_is_an_application_or_a_robot(admin, change, right):
    answer = post(admin, "wecom/", WECOM | change)
    assert (answer.status_code == 303, WecomAccount.objects.exists()) == (right, right)
    if right:
        keys = wecom_keys(WecomAccount.objects.get())
        assert (keys.secret, keys.robot_key) == ((WECOM | change)["secret"], (WECOM | change)["robot_key"])


def test_names_in_wecom_are_kept_changed_and_taken_away(admin):
    wu, bo = actor("wu").id, actor("bo").id
    post(admin, "members/", {f"member.{wu}": "wu.lotus", f"member.{bo}": "bo"})
    post(admin, "members/", {f"member.{wu}": "bo", f"member.{bo}": ""})
    assert dict(WecomMember.objects.values_list("user_id", "userid")) == {wu: "bo"}


@pytest.mark.parametrize("names", [("same", "SAME"), ("with space", "")])
def test_a_name_two_people_have_or_nobody_can_have_is_refused(admin, names):
    form = {f"member.{actor(who).id}": name for who, name in zip(("wu", "bo"), names, strict=True)}
    assert post(admin, "members/", form).status_code == 422
    assert not WecomMember.objects.exists()


def test_notices_are_chosen_from_what_the_account_has(admin, office, wx):
    wx.tell("accounts", stand.introduce.described(office.account) | {
        "subscribe_templates": [
            {"template_id": "N1", "title": "报修受理通知", "keywords": [["thing2", "故障类型"], ["time4", "报修时间"]]},
            {"template_id": "N2", "title": "别的", "keywords": [["thing2", "天气"]]},
        ]
    })  # fmt: skip
    assert post(admin, "notices/", {"notice.accepted": "N1"}).status_code == 303
    kept = WxAccount.objects.get().notices
    assert kept == {
        "accepted": {"template_id": "N1", "title": "报修受理通知", "keywords": {"fault": "thing2", "time": "time4"}}
    }
    for wrong in ("N2", "N9"):
        assert post(admin, "notices/", {"notice.completed": wrong}).status_code == 422
    assert WxAccount.objects.get().notices == kept
    post(admin, "notices/", {"notice.accepted": ""})
    assert WxAccount.objects.get().notices == {}


# -- the test buttons -------------------------------------------------------------------------------------------------


def test_a_working_gateway_sends_a_message_and_ends_the_pause(admin, wx):
    ways.open_sms(wx)
    SmsAccount.objects.update(trouble="something", paused_until=ways.clock.now() + ways.timedelta(minutes=5))
    page = shown(admin, "sms/test/", {"phone": "13912345678"})
    assert "banner-good" in page
    assert len(wx.cards(channel="sms", to="13912345678")) == 1
    account = SmsAccount.objects.get()
    assert (account.trouble, account.paused_until) == ("", None) and account.checked_at


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ({"sms_error": "AuthFailure.SignatureFailure"}, "SecretKey"),
        ({"sms_code": "FailedOperation.InsufficientBalanceInSmsPackage"}, "used up"),
        ({"sms_code": "FailedOperation.SignatureIncorrectOrUnapproved"}, "signature"),
        ({"sms_code": "FailedOperation.TemplateIncorrectOrUnapproved"}, "template"),
        ({"sms_code": "Brand.NewWord"}, "Brand.NewWord"),
        ({"http": 502}, "No clear answer"),
    ],
)
def test_a_gateway_that_does_not_work_says_what_to_fix(admin, wx, action, sentence):
    ways.open_sms(wx)
    wx.spoil(ways.SMS, action)
    form = {"phone": "13912345678", "idempotency_key": key()}
    page = admin.post(f"{PAGE}sms/test/", form, headers={"Accept-Language": "en"}).content.decode()
    assert "banner-loud" in page and sentence in page


@pytest.mark.parametrize(
    "code", ["InvalidParameterValue.IncorrectPhoneNumber", "FailedOperation.PhoneNumberInBlacklist"]
)
def test_a_number_that_does_not_work_is_no_trouble_of_the_account(admin, wx, code):
    ways.open_sms(wx)
    wx.spoil(ways.SMS, {"sms_code": code})
    assert code in shown(admin, "sms/test/", {"phone": "13912345678"})
    assert SmsAccount.objects.get().trouble == ""


def test_a_wecom_that_works_says_so_and_shows_the_administrator_a_card(admin, wx, office):
    ways.open_wecom(wx, "bai")
    stand.bind(wx, office.account, "bai")
    assert "banner-good" in shown(admin, "wecom/test/", {})
    assert len(wx.cards(channel="wecom", to="lotus.bai")) == 1


@pytest.mark.parametrize(
    ("errcode", "sentence"), [(40001, "Secret"), (40013, "CorpID"), (60020, "企业可信IP"), (48002, "权限")]
)
def test_a_wecom_that_does_not_work_says_what_to_fix(admin, wx, errcode, sentence):
    ways.open_wecom(wx)
    wx.spoil("qyapi/cgi-bin/gettoken", {"errcode": errcode})
    page = shown(admin, "wecom/test/", {})
    assert "banner-loud" in page and sentence in page and f"{errcode} " in page


@pytest.mark.parametrize("path", ["sms/test/", "wecom/test/"])
def test_what_is_not_set_up_cannot_be_tested(admin, path):
    assert "banner-loud" in shown(admin, path, {"phone": "13912345678"})


@pytest.mark.parametrize("who", ["lin", "cai", "hui", "wu"])
def test_nobody_else_comes_in(lotus_db, who):
    client = client_at(lotus_db, actor(who))
    assert client.get(PAGE).status_code == 403
    assert post(client, "sms/", SMS).status_code == 403
    assert not SmsAccount.objects.exists()


def test_the_same_key_twice_is_one_change(admin):
    form = {**SMS, "idempotency_key": key()}
    admin.post(f"{PAGE}sms/", form)
    admin.post(f"{PAGE}sms/", form)
    assert AuditEntry.objects.filter(action="wechat.set_sms").count() == 1


def test_the_other_branch_keeps_its_own(admin, maple, lotus_db):
    post(admin, "sms/", SMS)
    with in_branch(maple.tenant):
        assert not SmsAccount.objects.exists()
        page = client_at(maple, actor("bai")).get(PAGE).content.decode()
        assert SMS["app_id"] not in page


def test_an_account_without_notices_or_a_branch_without_an_account_has_the_page_too(admin, office):
    assert admin.get(PAGE).status_code == 200
    WxAccount.objects.update(notices={"accepted": standard_templates("n")["accepted"] | {"broken": 47003}})
    assert "n_accepted" in admin.get(PAGE).content.decode()
