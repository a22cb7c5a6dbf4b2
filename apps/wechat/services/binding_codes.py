"""Binding a WeChat to a member of staff: a code beside the signed-in person, a phone that claims it, two yeses.

Nothing is bound by a scan alone. Every step is a conditional update, so of two phones one has the code, and of two
yeses at the same time the second one binds.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.people import selectors as people
from apps.wechat import selectors
from apps.wechat.calls.client import client_for
from apps.wechat.errors import AlreadyBound, UnknownPerson, WeChatError
from apps.wechat.gateway import people as gateway
from apps.wechat.identity_errors import (
    CodeOver,
    CodeTaken,
    PersonHasWeChat,
    TooManyWrongCodes,
    WeChatTaken,
    WrongCode,
)
from apps.wechat.inbound import answers
from apps.wechat.links import page_url
from apps.wechat.models import BindCode, Scene, StaffBinding, WrongTry, WxAccount
from apps.wechat.permissions import ACCOUNT_KEEPERS
from apps.wechat.rules import codes, scenes
from apps.wechat.sums import keyed
from steppe.kernel import clock, journal_store
from steppe.kernel.actors import SYSTEM, Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed, Unauthenticated
from tenants.context import current_branch

TRIES_WITHIN = timedelta(minutes=10)
DRAWN = {"action_name": "QR_STR_SCENE", "expire_seconds": int(codes.LIFE.total_seconds())}


def code_behind(key: str, by: Actor) -> str:
    """The code that `begin` with this key showed this person. Pure arithmetic: it is kept nowhere."""
    return codes.letters_of(keyed("bind.code", by.ref, key))


def begin(*, user_id: int, by: Actor, key: str) -> Receipt:
    """Show a new code for this person: the own one, or (an administrator) anybody's; a former one is over.

    Raises NoAccount, UnknownPerson, PersonHasWeChat, NotAllowed. WeChat is asked afterwards for what the QR draws;
    where it does not answer, the code is typed.
    """
    code_sum = _sum_of(code_behind(key, by))
    scene_name = keyed("bind.scene", by.ref, key)[:40]
    receipt = _begin(user_id=user_id, code_sum=code_sum, scene_name=scene_name, by=by, key=key)
    if not receipt.replayed:
        _draw(receipt.entity_id)
    return receipt


@command("wechat.begin_binding")
def _begin(*, user_id: int, code_sum: str, scene_name: str, by: Actor) -> Receipt:
    _may_speak_for(by, user_id)
    account, person = selectors.required_account(), people.user_by_id(user_id)
    if person is None or not person.is_active:
        raise UnknownPerson
    if StaffBinding.objects.filter(account=account, user_id=user_id).exists():
        raise PersonHasWeChat
    now, until = clock.now(), clock.now() + codes.LIFE
    _alive().filter(user_id=user_id).update(ended_at=now, outcome="replaced")
    scene = Scene.objects.create(
        account=account, name=scene_name, kind=scenes.BIND, expires_at=until, made_at=now, made_by=by.ref
    )
    code = BindCode.objects.create(
        account=account, user_id=user_id, code_sum=code_sum, scene=scene, made_at=now, expires_at=until
    )
    return Receipt("bind_code", code.pk, facts={"user_id": user_id})


def claim_by_scene(account: WxAccount, openid: str, scene_name: str) -> bool:
    """A phone scanned the QR code: it claims the code and gets a link to the page that asks for its yes.

    A step in the transaction of the callback. False, and nothing is said, for a scene that is no living code.
    """
    rows = BindCode.objects.filter(account=account, scene__name=scene_name).select_related("user", "account")
    code = rows.filter(ended_at__isnull=True, expires_at__gt=clock.now()).first()
    if code is None:
        return False
    refused = _why_not(code, openid) or (None if _take(code, openid, SYSTEM) else CodeTaken())
    with override(code.user.language):
        url = page_url("/wx/bind")
        told = refused.sentence if refused else _link_words() % {"url": url}
    cause = keyed("bind.answer", code.pk, openid, bool(refused))
    answers.write(
        account=account, openid=openid, cause=cause, about="bind", text=told, until=clock.now() + answers.AFTER_TAP
    )
    return True


def claim_by_code(*, account: WxAccount, openid: str, typed: str, by: Actor, key: str) -> Receipt:
    """The phone types the code. Raises WrongCode, TooManyWrongCodes, CodeTaken, WeChatTaken, PersonHasWeChat.

    Each try counts before it is looked at: tries at the same time see each other.
    """
    who = keyed("bind.tries", account.pk, openid)
    this = WrongTry.objects.create(who_sum=who, at=clock.now())
    tries = WrongTry.objects.filter(who_sum=who, at__gt=clock.now() - TRIES_WITHIN).count()
    refusal: WrongCode | TooManyWrongCodes | None = None
    code_id = None
    if tries > codes.MOST_WRONG:
        refusal = TooManyWrongCodes(seconds=int(TRIES_WITHIN.total_seconds()))
    else:
        code_id = _found(account, codes.typed(typed))
    if code_id is None:
        refusal = refusal or WrongCode(left=codes.MOST_WRONG - tries)
        journal_store.write_refusal("wechat.claim_binding", by, {}, refusal.code)
        raise refusal
    receipt = _claim(code_id=code_id, openid=openid, by=by, key=key)
    this.delete()
    return receipt


@command("wechat.claim_binding")
def _claim(*, code_id: int, openid: str, by: Actor) -> Receipt:
    code = BindCode.objects.select_related("user").get(pk=code_id)
    if refused := _why_not(code, openid):
        raise refused
    if not _take(code, openid, None):
        raise CodeTaken
    return Receipt("bind_code", code_id, facts={"user_id": code.user_id})


def phone_agrees(*, code_id: int, openid: str, by: Actor, key: str) -> Receipt:
    """“是我，绑定” on the phone that claimed the code. Raises CodeOver, AlreadyBound. `bound` in the facts."""
    return _settled(_phone_agrees(code_id=code_id, openid=openid, by=by, key=key))


def person_agrees(*, code_id: int, by: Actor, key: str) -> Receipt:
    """The signed-in person (or an administrator) says that the phone is theirs. Raises as `phone_agrees`."""
    return _settled(_person_agrees(code_id=code_id, by=by, key=key))


@command("wechat.phone_agrees")
def _phone_agrees(*, code_id: int, openid: str, by: Actor) -> Receipt:
    if not openid or not _alive().filter(pk=code_id, openid=openid).update(phone_agreed_at=clock.now()):
        raise CodeOver
    return _bind_if_both(code_id)


@command("wechat.person_agrees")
def _person_agrees(*, code_id: int, by: Actor) -> Receipt:
    _may_speak_for(by, _whose(code_id))
    if not _alive().filter(pk=code_id).exclude(openid="").update(person_agreed_at=clock.now()):
        raise CodeOver
    return _bind_if_both(code_id)


@command("wechat.refuse_binding")
def refuse_binding(*, code_id: int, openid: str = "", by: Actor) -> Receipt:
    """Either side says no: the phone that claimed it, the person, or an administrator. The code is over for good."""
    rows = _alive().filter(pk=code_id)
    if openid:
        rows = rows.filter(openid=openid)
    else:
        _may_speak_for(by, _whose(code_id))
    if not rows.update(ended_at=clock.now(), outcome="refused"):
        raise CodeOver
    return Receipt("bind_code", code_id)


def _bind_if_both(code_id: int) -> Receipt:
    """The second yes sees the first one's commit: the row is locked by its own update."""
    both = _alive().filter(pk=code_id, phone_agreed_at__isnull=False, person_agreed_at__isnull=False)
    bound = both.update(ended_at=clock.now(), outcome="bound")
    code = BindCode.objects.select_related("user", "account").get(pk=code_id)
    if bound:
        _write_binding(code)
    return Receipt("bind_code", code_id, facts={"user_id": code.user_id, "bound": bool(bound)})


def _write_binding(code: BindCode) -> None:
    if not code.user.is_active:
        raise UnknownPerson
    try:
        with transaction.atomic():
            StaffBinding.objects.create(account=code.account, user=code.user, openid=code.openid)
    except IntegrityError:
        raise AlreadyBound from None
    with override(code.user.language):
        told = _("Your WeChat is bound now. New tickets reach you here. Was that not you? Tell your administrator.")
    tell(code.account, code.openid, f"bound:{code.pk}", told)


def tell(account: WxAccount, openid: str, cause: str, text: str) -> None:
    """A word to a phone, if its window is open; else nothing. A step in an open transaction."""
    until = clock.now() + answers.AFTER_MESSAGE
    answers.write(account=account, openid=openid, cause=keyed("tell", cause), about="binding", text=text, until=until)


def _settled(receipt: Receipt) -> Receipt:
    """After the commit: the shared account learns whose the person is, and whether cards can reach them."""
    if receipt.facts.get("bound") and not receipt.replayed:
        code = BindCode.objects.select_related("account").get(pk=receipt.entity_id)
        if code.account.shared:
            gateway.serve(
                openid=code.openid, appid=code.account.appid, tenant=current_branch(), by=gateway.BINDING
            )  # fmt: skip
        _note_following(code)
    return receipt


def _note_following(code: BindCode) -> None:
    try:
        told = client_for(code.account).get("user/info", params={"openid": code.openid})
    except WeChatError:
        return  # the first card will show it
    rows = StaffBinding.objects.filter(account=code.account, openid=code.openid)
    rows.update(followed=bool(told.get("subscribe")))


def _draw(code_id: int) -> None:
    code = BindCode.objects.select_related("scene", "account").get(pk=code_id)
    assert code.scene is not None
    info = DRAWN | {"action_info": {"scene": {"scene_str": code.scene.name}}}
    try:
        url = client_for(code.account).post("qrcode/create", data=info).get("url")
    except WeChatError:
        return  # the code beside it can be typed
    if isinstance(url, str) and len(url) <= 200:
        Scene.objects.filter(pk=code.scene.pk).update(url=url)


def _take(code: BindCode, openid: str, by: Actor | None) -> bool:
    """Is the code this phone's now? Of two phones one. The phone has ten minutes from here."""
    now = clock.now()
    free = _alive().filter(pk=code.pk, openid="")
    if free.update(openid=openid, claimed_at=now, expires_at=now + codes.LIFE):
        if by:
            journal_store.write_note("wechat.claim_binding", by, {}, entity="bind_code", entity_id=code.pk)
        return True
    return _alive().filter(pk=code.pk, openid=openid).exists()


def _why_not(code: BindCode, openid: str) -> WeChatTaken | PersonHasWeChat | None:
    """One person, one WeChat: why these two cannot be bound. Two queries."""
    bound = StaffBinding.objects.filter(account_id=code.account_id)
    if bound.filter(openid=openid).exclude(user_id=code.user_id).exists():
        return WeChatTaken()
    return PersonHasWeChat() if bound.filter(user_id=code.user_id).exists() else None


def _alive() -> "QuerySet[BindCode]":
    return BindCode.objects.filter(ended_at__isnull=True, expires_at__gt=clock.now())


def _found(account: WxAccount, typed: str) -> int | None:
    rows = _alive().filter(account=account, code_sum=_sum_of(typed))
    return rows.values_list("pk", flat=True).first()


def _whose(code_id: int) -> int:
    found = BindCode.objects.filter(pk=code_id).values_list("user_id", flat=True).first()
    if found is None:
        raise CodeOver
    return found


def _may_speak_for(by: Actor, user_id: int) -> None:
    """The person, or who looks after the branch's account."""
    if by.kind == "anonymous":
        raise Unauthenticated
    if not (by.kind == "staff" and (by.id == user_id or by.holds(*ACCOUNT_KEEPERS))):
        raise NotAllowed


def _sum_of(code: str) -> str:
    return keyed("bind.sum", code)


def _link_words() -> str:
    return _(
        'This WeChat is to be bound to a staff account. <a href="%(url)s">Look whose it is, and say yes or no</a>.'
        " Nothing is bound before both sides say yes."
    )
