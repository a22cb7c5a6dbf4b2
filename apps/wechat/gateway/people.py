"""Which branch a person of a shared account belongs to. Public schema, in transactions of their own.

The stronger reason stays: what a binding says is not changed by a choice, and a mere visit changes nothing.
"""

from django.db import transaction

from apps.wechat.gateway.models import Inbox, SharedMember, SharedPerson
from steppe.kernel import clock
from tenants.context import in_public
from tenants.models import Tenant

VISIT, SCENE, CHOICE, BINDING = "visit", "scene", "choice", "binding"
WEIGHT = {VISIT: 0, SCENE: 1, CHOICE: 1, BINDING: 2}


def serve(*, openid: str, appid: str, tenant: Tenant, by: str) -> bool:
    """From now on this branch answers the person, unless another has the stronger reason; waiting callbacks are its.

    False, and nothing written, when the account is none that this branch shares. Idempotent. One transaction in
    `public`, so call it before or after the branch's own, never inside. Locks: the person's row.
    """
    with in_public(), transaction.atomic(durable=True):
        member = SharedMember.objects.filter(account__appid=appid, tenant_id=tenant.pk).first()
        if member is None:
            return False
        person = _locked(member, openid, by)
        if _yields(person, tenant.pk, by):
            person.tenant_id, person.by, person.at = tenant.pk, by, clock.now()
        if tenant.pk not in person.known_in:
            person.known_in = [*person.known_in, tenant.pk]
        person.save(update_fields=["tenant", "by", "at", "known_in"])
        _hand_on(appid, openid, person.tenant_id)
    return True


def forget_person(*, openid: str, appid: str, tenant: Tenant) -> None:
    """The branch does not know the person any more (unbound, erased). One transaction in `public`, never inside one."""
    with in_public(), transaction.atomic(durable=True):
        rows = SharedPerson.objects.select_for_update().filter(account__appid=appid, openid=openid)
        person = rows.first()
        if person is None or tenant.pk not in (person.tenant_id, *person.known_in):
            return
        left = [one for one in person.known_in if one != tenant.pk]
        if person.tenant_id != tenant.pk:
            rows.update(known_in=left)
        elif left:  # somebody else still knows them: asked there first, as after a visit
            rows.update(known_in=left, tenant_id=left[-1], by=VISIT, at=clock.now())
        else:
            person.delete()


def branch_of(account_id: int, openid: str) -> Tenant | None:
    """Whose the person is, while that branch uses the account. One query in `public`."""
    members = SharedMember.objects.filter(account_id=account_id).values("tenant_id")
    with in_public():
        rows = SharedPerson.objects.filter(account_id=account_id, openid=openid, tenant_id__in=members)
        person = rows.select_related("tenant").first()
    return person.tenant if person else None


def uses(appid: str, tenant: Tenant) -> bool:
    """Does this branch use the shared account, and is it switched on? One query in `public`."""
    with in_public():
        rows = SharedMember.objects.filter(account__appid=appid, account__enabled=True, tenant_id=tenant.pk)
        return rows.exists()


def _locked(member: SharedMember, openid: str, by: str) -> SharedPerson:
    fresh = {"tenant_id": member.tenant_id, "by": by, "at": clock.now(), "known_in": [member.tenant_id]}
    SharedPerson.objects.get_or_create(account_id=member.account_id, openid=openid, defaults=fresh)
    return SharedPerson.objects.select_for_update().get(account_id=member.account_id, openid=openid)


def _yields(person: SharedPerson, tenant_id: int, by: str) -> bool:
    """Does the present reason give way to the new one? A branch that has left the account has none."""
    if not SharedMember.objects.filter(account_id=person.account_id, tenant_id=person.tenant_id).exists():
        return True
    if by == VISIT or person.tenant_id == tenant_id:
        return WEIGHT[by] > WEIGHT[person.by]
    return WEIGHT[by] >= WEIGHT[person.by]


def _hand_on(appid: str, openid: str, tenant_id: int) -> None:
    """What waited for somebody to know the branch is due there now; its sweep finds it, or a wake-up sooner."""
    schema = Tenant.objects.values_list("schema_name", flat=True).get(pk=tenant_id)
    waiting = Inbox.objects.filter(appid=appid, schema_name="", done_at__isnull=True, payload__FromUserName=openid)
    waiting.update(schema_name=schema, next_try_at=clock.now(), attempts=0, outcome="", error="")
