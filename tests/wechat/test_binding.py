"""Binding a WeChat to a member of staff: a code, a phone that claims it, two yeses. Never by a scan alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils.translation import override

from apps.people import services as people
from apps.people.accounts.models import User
from apps.wechat import services
from apps.wechat.errors import AlreadyBound, UnknownPerson
from apps.wechat.identity_errors import (
    CodeOver,
    CodeTaken,
    PersonHasWeChat,
    TooManyWrongCodes,
    WeChatTaken,
    WrongCode,
)
from apps.wechat.models import BindCode, ChatAnswer, Draft, Scene, StaffBinding
from apps.wechat.rules import codes
from apps.wechat.services import binding_codes
from steppe.kernel import clock
from steppe.kernel.actors import ANONYMOUS
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry, IdempotencyKey
from tenants.context import in_branch
from tests.make import actor, key
from tests.wechat import chat, stand
from tests.wechat.binding import CAIS, STRANGERS, begun, bound, claim, person_says_yes, phone_says_yes


@pytest.mark.parametrize("first", ["phone", "person"])
def test_it_is_bound_when_both_sides_said_yes_whoever_is_first(office, cai, first):
    _code, letters = begun(cai)
    code_id = claim(office.account, letters)
    yes = {"phone": lambda: phone_says_yes(code_id), "person": lambda: person_says_yes(code_id, cai)}
    assert yes.pop(first)().facts["bound"] is False
    assert bound(cai) == []
    (other,) = yes.values()
    assert other().facts["bound"] is True
    assert bound(cai) == [CAIS]
    assert BindCode.objects.get().outcome == "bound"


def test_a_code_is_read_as_it_is_spoken(office, cai):
    _code, letters = begun(cai)
    assert len(letters) == 8 and not set(letters) & set("01OIL")
    claim(office.account, f" {letters[:4].lower()}-{letters[4:]} ")


def test_a_claim_alone_binds_nobody(office, cai):
    code, letters = begun(cai)
    claim(office.account, letters)
    assert bound(cai) == []
    assert BindCode.objects.get(pk=code.pk).claimed_at is not None


def test_the_qr_code_is_a_random_scene_that_wechat_has_drawn(office, wx, cai):
    code, letters = begun(cai)
    scene = Scene.objects.get(kind="bind")
    assert scene.url.startswith("http") and len(scene.name) == 40 and letters not in scene.name
    (call,) = wx.calls("/cgi-bin/qrcode/create")
    assert code.scene_id == scene.pk and call["path"].endswith("/qrcode/create")


def test_where_wechat_is_away_the_code_can_still_be_typed(office, wx, cai):
    wx.spoil("qrcode/create", {"http": 502}, times=None)
    code, letters = begun(cai)
    assert code.scene.url == ""
    assert claim(office.account, letters) == code.pk


def test_a_scan_claims_the_code_and_gets_a_link_and_nothing_else(office, cai):
    code, _letters = begun(cai)
    assert binding_codes.claim_by_scene(office.account, CAIS, code.scene.name) is True
    said = ChatAnswer.objects.get(openid=CAIS)
    assert "/wx/bind" in said.text and cai.name not in said.text
    assert bound(cai) == []


def test_a_scan_by_a_second_phone_is_told_so(office, cai):
    code, _letters = begun(cai)
    binding_codes.claim_by_scene(office.account, CAIS, code.scene.name)
    binding_codes.claim_by_scene(office.account, STRANGERS, code.scene.name)
    assert "/wx/bind" not in ChatAnswer.objects.get(openid=STRANGERS).text
    assert BindCode.objects.get(pk=code.pk).openid == CAIS


def test_a_scene_that_is_no_living_code_says_nothing(office, cai):
    code, _letters = begun(cai)
    with clock.frozen(clock.now() + codes.LIFE + timedelta(seconds=1)):
        assert binding_codes.claim_by_scene(office.account, CAIS, code.scene.name) is False
    assert binding_codes.claim_by_scene(office.account, CAIS, "nobody-s") is False
    assert not ChatAnswer.objects.exists()


def test_who_scans_a_code_whose_time_is_over_reads_how_to_get_a_new_one(office, lotus, cai):
    code, _letters = begun(cai)
    with clock.frozen(clock.now() + codes.LIFE + timedelta(seconds=1)):
        chat.event(office, lotus, "SCAN", CAIS, EventKey=code.scene.name)
    said = chat.last_answer(CAIS).text
    assert chat.page_in(said) == "/wx/binding" and "/h5/report" not in said
    assert not Draft.objects.exists()


def test_a_claimed_code_is_no_second_phones(office, cai):
    code, letters = begun(cai)
    claim(office.account, letters)
    claim(office.account, letters)  # the same phone once more is harmless
    with pytest.raises(CodeTaken):
        claim(office.account, letters, STRANGERS)
    with pytest.raises(CodeOver):
        phone_says_yes(code.pk, STRANGERS)
    assert BindCode.objects.get().openid == CAIS


def test_a_code_is_good_for_ten_minutes(office, cai):
    _code, letters = begun(cai)
    with clock.frozen(clock.now() + codes.LIFE + timedelta(seconds=1)):
        with pytest.raises(WrongCode):
            claim(office.account, letters)


def test_a_yes_after_its_time_binds_nobody(office, cai):
    _code, letters = begun(cai)
    code_id = claim(office.account, letters)
    person_says_yes(code_id, cai)
    with clock.frozen(clock.now() + codes.LIFE + timedelta(seconds=1)):
        with pytest.raises(CodeOver):
            phone_says_yes(code_id)
    assert bound(cai) == []


def test_five_wrong_tries_and_the_right_code_helps_no_more(office, cai):
    _code, letters = begun(cai)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refusal:
            claim(office.account, "22222222")
        assert refusal.value.params == {"left": left}
    with pytest.raises(TooManyWrongCodes):
        claim(office.account, letters)
    claim(office.account, letters, STRANGERS)  # another phone has tries of its own


def test_the_tries_come_back_after_ten_minutes(office, cai):
    for _ in range(5):
        with pytest.raises(WrongCode):
            claim(office.account, "22222222")
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        _code, letters = begun(cai)
        claim(office.account, letters)


@pytest.mark.parametrize("side", ["phone", "person"])
def test_either_side_refuses_and_it_is_over(office, cai, side):
    _code, letters = begun(cai)
    code_id = claim(office.account, letters)
    openid = CAIS if side == "phone" else ""
    by = ANONYMOUS if side == "phone" else cai
    binding_codes.refuse_binding(code_id=code_id, openid=openid, by=by, key=key())
    for yes in (lambda: phone_says_yes(code_id), lambda: person_says_yes(code_id, cai)):
        with pytest.raises(CodeOver):
            yes()
    assert bound(cai) == []


def test_a_phone_that_has_not_claimed_it_refuses_nothing(office, cai):
    code, _letters = begun(cai)
    with pytest.raises(CodeOver):
        binding_codes.refuse_binding(code_id=code.pk, openid=STRANGERS, by=ANONYMOUS, key=key())


def test_nobody_agrees_before_a_phone_has_asked(office, cai):
    code, _letters = begun(cai)
    with pytest.raises(CodeOver):
        person_says_yes(code.pk, cai)
    with pytest.raises(CodeOver):
        phone_says_yes(code.pk, "")


def test_a_colleague_speaks_for_nobody(office, cai, lin):
    code, letters = begun(cai)
    claim(office.account, letters)
    with pytest.raises(NotAllowed):
        person_says_yes(code.pk, lin)
    with pytest.raises(NotAllowed):
        binding_codes.refuse_binding(code_id=code.pk, by=lin, key=key())
    with pytest.raises(NotAllowed):
        binding_codes.begin(user_id=cai.id, by=lin, key=key())


def test_an_administrator_reads_out_a_code_and_confirms_it(office, cai, bai):
    _code, letters = begun(bai, cai.id)
    code_id = claim(office.account, letters)
    phone_says_yes(code_id)
    assert person_says_yes(code_id, bai).facts == {"user_id": cai.id, "bound": True}
    assert bound(cai) == [CAIS]


def test_a_new_code_ends_the_one_before(office, cai):
    _first, letters = begun(cai)
    begun(cai)
    with pytest.raises(WrongCode):
        claim(office.account, letters)


def test_the_same_request_shows_the_same_code(office, cai):
    this = key()
    one, two = (binding_codes.begin(user_id=cai.id, by=cai, key=this) for _ in range(2))
    assert one.entity_id == two.entity_id and two.replayed
    assert BindCode.objects.count() == 1


def test_a_wechat_of_another_person_is_refused_with_what_to_do(office, cai):
    _code, letters = begun(cai)
    with pytest.raises(WeChatTaken) as refusal:
        claim(office.account, letters, office.openids["wu"])
    with override("en"):
        assert "Unbind it there first" in refusal.value.sentence


def test_rebinding_needs_an_unbinding_first(office, wu):
    with pytest.raises(PersonHasWeChat):
        begun(wu)
    services.unbind_staff(user_id=wu.id, by=wu, key=key())
    _code, letters = begun(actor("wu"))
    code_id = claim(office.account, letters, "o-lotus-wu-new")
    phone_says_yes(code_id, "o-lotus-wu-new")
    person_says_yes(code_id, actor("wu"))
    assert bound(wu) == ["o-lotus-wu-new"]


def test_who_is_bound_by_another_way_meanwhile_is_bound_once(office, cai):
    _code, letters = begun(cai)
    code_id = claim(office.account, letters)
    phone_says_yes(code_id)
    services.bind_at_once(account=office.account, user_id=cai.id, openid="o-other")
    with pytest.raises(AlreadyBound):
        person_says_yes(code_id, cai)
    assert bound(cai) == ["o-other"]


def test_who_is_switched_off_meanwhile_is_not_bound(office, cai):
    _code, letters = begun(cai)
    code_id = claim(office.account, letters)
    person_says_yes(code_id, cai)
    people.set_active(user_id=cai.id, active=False)
    with pytest.raises(UnknownPerson):
        phone_says_yes(code_id)
    assert bound(cai) == []


def test_who_was_switched_off_gets_no_code(office, bai):
    with pytest.raises(UnknownPerson):
        begun(bai, User.objects.get(username="ex").pk)


def test_only_sums_are_kept_and_the_audit_names_no_phone(office, cai):
    code, letters = begun(cai)
    code_id = claim(office.account, letters)
    phone_says_yes(code_id)
    person_says_yes(code_id, cai)
    row = BindCode.objects.get(pk=code.pk)
    assert letters not in str(vars(row)) and len(row.code_sum) == 64
    audit = list(AuditEntry.objects.filter(action__startswith="wechat.").values_list("action", "details"))
    assert {"wechat.begin_binding", "wechat.claim_binding", "wechat.phone_agrees", "wechat.person_agrees"} <= {
        action for action, _ in audit
    }
    kept = str(audit) + str(list(IdempotencyKey.objects.values_list("response", flat=True)))
    assert letters not in kept and CAIS not in kept


def test_another_branchs_code_is_unknown(office, wx, maple, cai):
    with in_branch(maple.tenant):
        stand.open_account(wx)
        _code, letters = begun(actor("cai"))
    with pytest.raises(WrongCode):
        claim(office.account, letters)


def test_two_phones_at_once_and_one_has_the_code(committed, wx, lotus):
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        code, letters = begun(actor("cai"))
    together, phones = Barrier(6), [f"o-lotus-phone-{number}" for number in range(6)]

    def run(openid):
        try:
            with in_branch(lotus.tenant):
                together.wait(10)
                return claim(account, letters, openid)
        except CodeTaken:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(run, phones))
    assert found.count(code.pk) == 1
    with in_branch(lotus.tenant):
        assert BindCode.objects.get().openid == phones[found.index(code.pk)]


def test_both_yeses_at_the_same_moment_bind_once(committed, wx, lotus):
    with in_branch(lotus.tenant):
        account = stand.open_account(wx)
        cai = actor("cai")
        _code, letters = begun(cai)
        code_id = claim(account, letters)
    together = Barrier(2)

    def run(yes):
        try:
            with in_branch(lotus.tenant):
                together.wait(10)
                return yes().facts["bound"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(run, [lambda: phone_says_yes(code_id), lambda: person_says_yes(code_id, cai)]))
    assert sorted(told) == [False, True]
    with in_branch(lotus.tenant):
        assert StaffBinding.objects.count() == 1
