"""A customer proves by a text message that a phone number is theirs."""

from datetime import timedelta
from hmac import compare_digest

from django.db.models import F

from apps.people.errors import BadPhone
from apps.people.phone import normal_phone
from apps.wechat.errors import SmsAway
from apps.wechat.identity_errors import CodesUsedUpToday, CodeTooSoon, PhoneCodeOver, WrongPhoneCode
from apps.wechat.models import CustomerIdentity, PhoneCode
from apps.wechat.push import texts
from apps.wechat.rules import codes, consent_texts
from apps.wechat.services import consents, joining
from apps.wechat.sums import keyed
from steppe.kernel import clock, journal_store
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed


def send_code(*, identity_id: int, phone: str, by: Actor, key: str) -> Receipt:
    """Send a code to this number. Raises BadPhone, CodeTooSoon, CodesUsedUpToday, SmsAway (then nothing is counted).

    The code is made from the request's key and ours and kept nowhere; the same request sends no second message.
    """
    number = normal_phone(phone)
    if number is None:
        raise BadPhone({"phone": [str(BadPhone.message)]})
    code = codes.digits_of(keyed("phone.code", by.ref, key))
    receipt = _note_code(identity_id=identity_id, phone=number, code_sum=_sum_of(identity_id, code), by=by, key=key)
    if not receipt.replayed:
        _send(receipt.entity_id, number, code)
    return receipt


def prove(*, identity_id: int, code: str, by: Actor, key: str) -> Receipt:
    """The person types the code: the WeChat belongs to the customer of that number now (`customer` in the facts).

    Raises WrongPhoneCode, PhoneCodeOver. A try counts before it is looked at, also of two at the same time.
    """
    row = _newest(identity_id)
    if row is None or not PhoneCode.objects.filter(pk=row.pk, tries__lt=codes.MOST_WRONG).update(tries=F("tries") + 1):
        raise PhoneCodeOver
    if not compare_digest(row.code_sum, _sum_of(identity_id, codes.typed(code))):
        journal_store.write_refusal("wechat.prove_phone", by, {}, WrongPhoneCode.code)
        raise WrongPhoneCode(left=max(0, codes.MOST_WRONG - row.tries - 1))
    return _prove(code_id=row.pk, identity_id=identity_id, by=by, key=key)


@command("wechat.send_phone_code")
def _note_code(*, identity_id: int, phone: str, code_sum: str, by: Actor) -> Receipt:
    identity = _own(identity_id, by)
    now = clock.now()
    _within_limits(identity, phone)
    PhoneCode.objects.filter(identity=identity, used_at__isnull=True).update(expires_at=now)
    row = PhoneCode.objects.create(
        identity=identity, phone=phone, code_sum=code_sum, made_at=now, expires_at=now + codes.LIFE
    )
    return Receipt("phone_code", row.pk)


@command("wechat.prove_phone")
def _prove(*, code_id: int, identity_id: int, by: Actor) -> Receipt:
    identity = _own(identity_id, by)
    if not PhoneCode.objects.filter(pk=code_id, used_at__isnull=True).update(used_at=clock.now()):
        raise PhoneCodeOver
    phone = PhoneCode.objects.values_list("phone", flat=True).get(pk=code_id)
    customer_id = joining.join_by_phone(identity, phone)
    consents.note(f"customer:{customer_id}", consent_texts.PHONE, consent_texts.text(consent_texts.PHONE).version)
    return Receipt("customer", customer_id, facts={"customer": customer_id})


def waiting(identity_id: int) -> PhoneCode | None:
    """The code that may be typed now. One query."""
    row = _newest(identity_id)
    return row if row and row.tries < codes.MOST_WRONG else None


def _own(identity_id: int, by: Actor) -> CustomerIdentity:
    """The identity, locked: two requests of one person take turns. Raises NotAllowed for anybody else's."""
    identity = CustomerIdentity.objects.select_for_update(of=("self",)).filter(pk=identity_id).first()
    if identity is None or by.kind != "customer" or by.id != identity.customer_id:
        raise NotAllowed
    return identity


def _within_limits(identity: CustomerIdentity, phone: str) -> None:
    now = clock.now()
    mine = PhoneCode.objects.filter(identity=identity, made_at__gt=now - codes.DAY)
    last = mine.order_by("-made_at").values_list("made_at", flat=True).first()
    if last and (left := codes.PAUSE_S - (now - last).total_seconds()) > 0:
        raise CodeTooSoon(seconds=max(1, round(left)))
    at_this_number = PhoneCode.objects.filter(phone=phone, made_at__gt=now - codes.DAY)
    if mine.count() >= codes.PER_DAY or at_this_number.count() >= codes.PER_DAY:
        raise CodesUsedUpToday(seconds=int(timedelta(days=1).total_seconds()))


def _send(code_id: int, phone: str, code: str) -> None:
    try:
        texts.send_code(phone=phone, code=code)
    except SmsAway:
        PhoneCode.objects.filter(pk=code_id).delete()
        raise


def _newest(identity_id: int) -> PhoneCode | None:
    rows = PhoneCode.objects.filter(identity=identity_id, used_at__isnull=True, expires_at__gt=clock.now())
    return rows.order_by("-made_at").first()


def _sum_of(identity_id: int, code: str) -> str:
    return keyed("phone.sum", identity_id, code)
