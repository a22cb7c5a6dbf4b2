"""Writes about people. The slot functions demand an open transaction: they are steps of ticket commands."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from apps.people import consents, geo
from apps.people.accounts.models import RoleGrant, User
from apps.people.errors import BadPhone, CapReached, OffDuty, TechnicianNotFound
from apps.people.models import Customer, DutySpan, OrgUnit, Technician
from apps.people.phone import normal_phone
from apps.people.roles import BRANCH_ADMIN, BRANCH_ROLES, HQ_ADMIN, HQ_ROLES
from steppe.kernel import bells, clock, journal_store
from steppe.kernel.actors import SYSTEM, Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection, rows_of
from steppe.kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from steppe.kernel.light import columns, whole
from steppe.kernel.names import PUBLIC

_CUSTOMER = f"""
WITH found AS (SELECT {columns(Customer, "c")} FROM people_customer c WHERE c.phone = %s ORDER BY c.id LIMIT 1),
made AS (
    INSERT INTO people_customer AS c (phone, name, account_no, address, created_at, proved_phone, preferred_language)
    SELECT %s, %s, %s, %s, %s, '', 'zh' WHERE NOT EXISTS (SELECT 1 FROM found)
    RETURNING {columns(Customer, "c")}
)
SELECT * FROM found UNION ALL SELECT * FROM made
"""  # noqa: S608 (names of the model's own columns)
WEAK_AFTER = timedelta(minutes=5)  # a chat may tell a position every few seconds


def add_org_unit(*, kind: str, code: str, name: str, parent: OrgUnit | None = None, **place: object) -> OrgUnit:
    """A node under its parent; idempotent by code."""
    with transaction.atomic():
        unit, made = OrgUnit.objects.get_or_create(
            code=code, defaults={"kind": kind, "name": name, "parent": parent, "path": f"?{code}", **place}
        )
        if made:
            unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
            unit.save(update_fields=["path"])
    return unit


def add_user(
    *,
    username: str,
    name: str,
    grants: list[tuple[str, str]],
    password: str = "",
    encoded: str = "",
    work_no: str = "",
    phone: str = "",
    by: Actor = SYSTEM,
) -> User:
    """A personal account with roles; headquarters' roles exist only in `public`, a branch's only there.

    Give the password, or an already `encoded` one (imports: hashing a hundred costs seconds). Idempotent by name:
    an account that exists gets the roles it lacks. Raises NotAllowed, Invalid.
    """
    told = {"username": username, "grants": grants}
    with journal_store.refusals_noted("people.add_user", by, told), transaction.atomic():
        require(by, _account_keepers())
        _check_grants(grants)
        user, made = User.objects.get_or_create(
            username=username, defaults={"name": name, "work_no": work_no, "phone": phone}
        )
        if made:
            user.password = encoded or make_password(password)
            user.save(update_fields=["password"])
        if _grant(user, grants) or made:
            _rights_changed("people.add_user", by, told, user.pk)
    return user


def _check_grants(grants: list[tuple[str, str]]) -> None:
    """Known roles, at nodes that exist; headquarters has one node only. At most one query."""
    hq = connection.schema_name == PUBLIC
    if wrong := [role for role, _ in grants if role not in (HQ_ROLES if hq else BRANCH_ROLES)]:
        raise Invalid({"role": wrong})
    paths = {path for _, path in grants}
    known = {"/"} if hq else set(OrgUnit.objects.filter(path__in=paths).values_list("path", flat=True))
    if wrong := sorted(paths - known):
        raise Invalid({"org_path": wrong})


def _grant(user: User, grants: list[tuple[str, str]]) -> bool:
    """Is any of these roles a new one?"""
    made = [RoleGrant.objects.get_or_create(user=user, role=role, org_path=path)[1] for role, path in grants]
    return any(made)


def add_technician(*, user: User, org_unit: OrgUnit, skills: list[str], cap: int, lat: float, lng: float) -> Technician:
    """Makes an account a technician of a grid; idempotent by account."""
    defaults = {"org_unit": org_unit, "skills": skills, "cap": cap, "lat": lat, "lng": lng}
    return Technician.objects.get_or_create(user=user, defaults=defaults)[0]


def set_active(*, user_id: int, active: bool, by: Actor = SYSTEM) -> None:
    """Switch an account on or off; its sessions and sockets end at the next request or frame."""
    told = {"user": user_id, "active": active}
    with journal_store.refusals_noted("people.set_active", by, told), transaction.atomic():
        require(by, _account_keepers())
        if not User.objects.filter(id=user_id).update(is_active=active):
            raise NotFound
        _rights_changed("people.set_active", by, told, user_id)


def remove_role(*, user_id: int, role: str, org_path: str, by: Actor = SYSTEM) -> None:
    """Take a role away; pages refuse at once, open sockets look again. Not held: nothing happens."""
    told = {"user": user_id, "role": role, "org_path": org_path}
    with journal_store.refusals_noted("people.remove_role", by, told), transaction.atomic():
        require(by, _account_keepers())
        if RoleGrant.objects.filter(user_id=user_id, role=role, org_path=org_path).delete()[0]:
            _rights_changed("people.remove_role", by, told, user_id)


def sign_out_everywhere(*, user_id: int, by: Actor) -> None:
    """End every session of an account, one's own or (for who keeps the accounts) another's."""
    told = {"user": user_id}
    with journal_store.refusals_noted("people.sign_out_everywhere", by, told), transaction.atomic():
        if not (by.kind in {"staff", "hq"} and by.id == user_id):
            require(by, _account_keepers())
        if not User.objects.filter(id=user_id).update(session_epoch=F("session_epoch") + 1):
            raise NotFound
        _rights_changed("people.sign_out_everywhere", by, told, user_id)


def _account_keepers() -> tuple[str, ...]:
    return (HQ_ADMIN,) if connection.schema_name == PUBLIC else (BRANCH_ADMIN,)


def _rights_changed(what: str, by: Actor, told: dict[str, Any], user_id: int) -> None:
    """The audit row with the change, the bell after its commit."""
    journal_store.write_note(what, by, told, entity="user", entity_id=user_id)
    kind = "hq" if connection.schema_name == PUBLIC else "staff"
    news = partial(bells.rights_changed.ring, connection.schema_name, f"{kind}:{user_id}")
    transaction.on_commit(news, robust=True)


@command("people.set_duty")
def set_duty(*, on_duty: bool, lat: float | None = None, lng: float | None = None, by: Actor) -> Receipt:
    """Start or stop listening for tickets; a position is kept only on duty, and only of who has agreed to it."""
    if by.technician_id is None:
        raise NotAllowed
    fields: dict[str, object] = {"on_duty": on_duty}
    if not on_duty:
        fields |= _base_of(by.technician_id)
    placed = on_duty and lat is not None and lng is not None and geo.valid(lat, lng)
    if placed and consents.stands(by.ref, consents.LOCATION):
        fields |= {"lat": lat, "lng": lng, "located_at": clock.now()}
    Technician.objects.filter(id=by.technician_id).update(**fields)
    _note_duty(by.technician_id, on_duty)
    return Receipt("technician", by.technician_id, facts={"on_duty": on_duty})


def _note_duty(technician_id: int, on_duty: bool) -> None:
    """The hours on duty, once however often the button is pressed. The technician's row is locked by its UPDATE."""
    going = DutySpan.objects.filter(technician_id=technician_id, ended_at__isnull=True)
    if not on_duty:
        going.update(ended_at=clock.now())
    elif not going.exists():
        DutySpan.objects.create(technician_id=technician_id, started_at=clock.now())


def note_position(*, technician_id: int, lat: float, lng: float, at: datetime) -> bool:
    """Where a chat says the technician was at `at` (WGS-84): the weakest source there is.

    Kept only on duty, only while nothing newer is known, and once in five minutes. One conditional UPDATE in the
    caller's transaction; whether the technician has agreed is the caller's question. False when nothing was kept.
    """
    if not geo.valid(lat, lng):
        return False
    stale = Q(located_at__isnull=True) | Q(located_at__lt=at - WEAK_AFTER)
    rows = Technician.objects.filter(stale, id=technician_id, on_duty=True, user__is_active=True)
    return bool(rows.update(lat=lat, lng=lng, located_at=at))


def _base_of(technician_id: int) -> dict[str, object]:
    """The place of somebody off duty: the grid's base, where it has one; no moment. One query."""
    grid = OrgUnit.objects.get(technicians=technician_id)
    base = {} if grid.lat is None or grid.lng is None else {"lat": grid.lat, "lng": grid.lng}
    return {"located_at": None, **base}


# One more open ticket, if duty and cap allow: a part of another room's statement (apps.tickets.services.pool).
TAKE_SLOT = """
UPDATE people_technician SET open_count = open_count + 1
 WHERE id = %(technician)s AND on_duty AND open_count < cap RETURNING id, skills
"""


def take_slot(*, technician_id: int, forced: bool = False) -> None:
    """Count one more open ticket for the technician. Locks the technician's row until commit.

    Raises TechnicianNotFound (also for a switched-off account), OffDuty, CapReached; `forced` (by a dispatcher)
    passes over duty and cap.
    """
    assert connection.in_atomic_block
    rows = Technician.objects.filter(id=technician_id)
    rows = rows.filter(user__is_active=True) if forced else rows.filter(on_duty=True, open_count__lt=F("cap"))
    if not rows.update(open_count=F("open_count") + 1):
        raise why_no_slot(technician_id)


def level_caps(*, before: int, now: int) -> int:
    """The branch's usual cap has changed: it counts for everybody who has no cap of their own; how many."""
    return Technician.objects.filter(cap=before).update(cap=now)


def free_slot(*, technician_id: int) -> None:
    """Count one open ticket less. Locks the technician's row until commit."""
    assert connection.in_atomic_block
    Technician.objects.filter(id=technician_id, open_count__gt=0).update(open_count=F("open_count") - 1)


def lock_technicians(*ids: int | None) -> None:
    """Lock these technicians' rows, ascending, as the lock order demands.

    Without the key: a push wave that names these people must not wait for them, its ticket locked already.
    """
    wanted = sorted({i for i in ids if i})
    rows = Technician.objects.select_for_update(no_key=True).filter(id__in=wanted)
    list(rows.order_by("id").values_list("id", flat=True))


def why_no_slot(technician_id: int) -> DomainError:
    """After a slot was refused: the true reason, in words. One query."""
    found = Technician.objects.select_related("user").filter(id=technician_id).first()
    if found is None or not found.user.is_active:
        return TechnicianNotFound()
    if not found.on_duty:
        return OffDuty(name=found.user.name)
    return CapReached(name=found.user.name, cap=found.cap)


def customer_for_contact(*, name: str, phone: str, address: str = "", account_no: str = "") -> Customer:
    """The customer with this phone (and account), made when new. Raises BadPhone."""
    told = {"name": name, "address": address, "account_no": account_no}
    found = _found_or_made(_number(phone), **told)
    news = {field: value for field, value in told.items() if value and value != getattr(found, field)}
    for field, value in news.items():
        setattr(found, field, value)
    if news:
        found.save(update_fields=list(news))
    return found


def customer_by_word(*, name: str, phone: str, address: str = "") -> Customer:
    """The customer with this phone as we know them, made when new: a stranger's word overwrites nothing.

    Raises BadPhone.
    """
    return _found_or_made(_number(phone), name=name, address=address)


def _found_or_made(number: str, *, name: str, address: str, account_no: str = "") -> Customer:
    """The first customer with this number, as they stand in the books, or a new one. One query."""
    made = (number, name, account_no, address, clock.now())
    return whole(Customer, rows_of(_CUSTOMER, number, *made)[0])


def new_customer(*, name: str = "") -> Customer:
    """A customer known so far only by a WeChat identity."""
    return Customer.objects.create(name=name)


def update_contact(*, customer_id: int, name: str, phone: str, address: str) -> Customer:
    """What the customer told in a report, kept for the next one; a blank keeps what we know. Raises BadPhone."""
    number = _number(phone)
    customer = Customer.objects.get(id=customer_id)
    customer.name = name or customer.name
    customer.phone = number
    customer.address = address or customer.address
    customer.save(update_fields=["name", "phone", "address"])
    return customer


def _number(phone: str) -> str:
    number = normal_phone(phone)
    if number is None:
        raise BadPhone({"phone": [str(BadPhone.message)]})
    return number
