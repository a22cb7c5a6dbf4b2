"""Writes about people. The slot functions demand an open transaction: they are steps of ticket commands."""

from datetime import timedelta
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from apps.people import geo
from apps.people.accounts.models import RoleGrant, SignInAttempt, User
from apps.people.errors import (
    BadPhone,
    CapReached,
    OffDuty,
    TechnicianNotFound,
    TooManySignIns,
    WrongPassword,
)
from apps.people.models import Customer, OrgUnit, Technician
from apps.people.phone import normal_phone
from apps.people.roles import BRANCH_ROLES, HQ_ROLES
from steppe.kernel import bells, clock, journal_store
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.db import connection
from steppe.kernel.errors import DomainError, Invalid, NotAllowed
from steppe.kernel.names import PUBLIC

FREE_TRIES = 5
MAX_DELAY_S = 300


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
) -> User:
    """A personal account with roles; headquarters' roles exist only in `public`, a branch's only there.

    Give the password, or an already `encoded` one (imports: hashing a hundred costs seconds).
    """
    allowed = HQ_ROLES if connection.schema_name == PUBLIC else BRANCH_ROLES
    if wrong := [role for role, _ in grants if role not in allowed]:
        raise Invalid({"role": wrong})
    with transaction.atomic():
        user, made = User.objects.get_or_create(
            username=username, defaults={"name": name, "work_no": work_no, "phone": phone}
        )
        if made:
            user.password = encoded or make_password(password)
            user.save(update_fields=["password"])
        for role, path in grants:
            RoleGrant.objects.get_or_create(user=user, role=role, org_path=path)
    return user


def add_technician(*, user: User, org_unit: OrgUnit, skills: list[str], cap: int, lat: float, lng: float) -> Technician:
    """Makes an account a technician of a grid; idempotent by account."""
    defaults = {"org_unit": org_unit, "skills": skills, "cap": cap, "lat": lat, "lng": lng}
    return Technician.objects.get_or_create(user=user, defaults=defaults)[0]


def sign_in(*, username: str, password: str, address: str) -> User:
    """The account behind these credentials; every try leaves an audit row.

    Raises WrongPassword (the same for an unknown name) or TooManySignIns: after five failures the wait
    doubles per (account, address), so that nobody can lock somebody else out from another address.
    """
    told = {"username": username[:40], "from": address[:45]}
    try:
        user = _account_behind(username=username, password=password, address=address)
    except DomainError as refusal:
        journal_store.write_refusal("people.sign_in", ANONYMOUS, told, refusal.code)
        raise
    by = Actor(kind="hq" if connection.schema_name == PUBLIC else "staff", id=user.pk, name=user.name)
    journal_store.write_note("people.sign_in", by, told, entity="user", entity_id=user.pk)
    return user


def _account_behind(*, username: str, password: str, address: str) -> User:
    attempt, _ = SignInAttempt.objects.get_or_create(username=username[:40], address=address[:45])
    if attempt.blocked_until and attempt.blocked_until > clock.now():
        raise TooManySignIns(seconds=int((attempt.blocked_until - clock.now()).total_seconds()) + 1)
    user = User.objects.filter(username=username).first()
    if user is None:
        User().set_password(password)  # the same work for an unknown name: time tells nothing
    if user is None or not user.check_password(password) or not user.is_active:
        _count_failure(attempt)
        raise WrongPassword
    SignInAttempt.objects.filter(pk=attempt.pk).update(failures=0, blocked_until=None)
    return user


def _count_failure(attempt: SignInAttempt) -> None:
    SignInAttempt.objects.filter(pk=attempt.pk).update(failures=F("failures") + 1)
    attempt.refresh_from_db(fields=["failures"])
    over = attempt.failures - FREE_TRIES
    if over >= 0:
        wait = timedelta(seconds=min(MAX_DELAY_S, 5 * 2**over))
        SignInAttempt.objects.filter(pk=attempt.pk).update(blocked_until=clock.now() + wait)


def set_active(*, user_id: int, active: bool) -> None:
    """Switch an account on or off; its sessions and sockets end at the next request or frame."""
    User.objects.filter(id=user_id).update(is_active=active)
    news = partial(bells.rights_changed.ring, connection.schema_name, f"staff:{user_id}")
    transaction.on_commit(news, robust=True)


@command("people.set_duty")
def set_duty(*, on_duty: bool, lat: float | None = None, lng: float | None = None, by: Actor) -> Receipt:
    """Start or stop listening for tickets; a position is kept only while on duty (PIPL: own consent)."""
    if by.technician_id is None:
        raise NotAllowed
    fields: dict[str, object] = {"on_duty": on_duty}
    if not on_duty:
        fields |= _base_of(by.technician_id)
    if on_duty and lat is not None and lng is not None and geo.valid(lat, lng):
        fields |= {"lat": lat, "lng": lng, "located_at": clock.now()}
    Technician.objects.filter(id=by.technician_id).update(**fields)
    return Receipt("technician", by.technician_id, facts={"on_duty": on_duty})


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
    number = _number(phone)
    told = {"name": name, "address": address, "account_no": account_no}
    found = Customer.objects.filter(phone=number).order_by("id").first()
    if found is None:
        return Customer.objects.create(phone=number, **told)
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
    number = _number(phone)
    found = Customer.objects.filter(phone=number).order_by("id").first()
    return found or Customer.objects.create(phone=number, name=name, address=address)


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
