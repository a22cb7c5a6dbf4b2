"""The people every test knows, in two branches with colliding ids.

Lin dispatches and calls back for all of Lotus, Cai is her clerk, Hui another callback agent. Wu and Bo repair at
Lotus in one sub-branch, on duty, broadband and tv. Gao dispatches another sub-branch of Lotus and must see no more
than that. Chen dispatches at Maple and must see nothing of Lotus at all. Maple has the same people with the same
ids, user names and phones; only their names differ, so that a wrong schema shows.
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from apps.people import roles as r
from apps.people import selectors, services
from apps.people.accounts.models import User
from apps.people.models import Customer, OrgUnit
from steppe.kernel.actors import Actor
from tenants.context import branch_by_schema, in_branch, in_public
from tenants.models import Tenant
from tenants.services import create_branch, ensure_headquarters

PASSWORD = "only-for-the-tests-1"
TOWN = (43.9330, 116.0860)  # the first grid's base, WGS-84
NEAR = (43.9340, 116.0870)
FAR = (44.5800, 117.6100)

# code, kind, parent, class, keywords, place: ids come out as 1..7 in both branches
UNITS = (
    ("ROOT", "branch", None, "A", [], None),
    ("EAST", "sub_branch", "ROOT", "A", [], None),
    ("WEST", "sub_branch", "ROOT", "A", [], None),
    ("E1", "grid", "EAST", "A", ["Birch", "白桦"], TOWN),
    ("E2", "grid", "EAST", "D", ["Larch", "落叶松"], (43.99, 116.20)),
    ("W1", "grid", "WEST", "B", ["Willow", "柳树"], FAR),
    ("CARE", "department", "ROOT", "A", [], None),
)

# user name, name at Lotus, name at Maple, role, unit
PEOPLE = (
    ("lin", "Lin", "Chen", r.DISPATCHER, "ROOT"),
    ("cai", "Cai", "Deng", r.CLERK, "EAST"),
    ("wu", "Wu", "Feng", r.TECHNICIAN, "EAST"),
    ("bo", "Bo", "Guan", r.TECHNICIAN, "EAST"),
    ("gao", "Gao", "Hou", r.DISPATCHER, "WEST"),
    ("hui", "Hui", "Jin", r.CALLBACK_AGENT, "ROOT"),
    ("yun", "Yun", "Kang", r.GRID_LEADER, "EAST"),
    ("an", "An", "Luo", r.AGENT, "ROOT"),
    ("ku", "Ku", "Mao", r.STOREKEEPER, "ROOT"),
    ("ji", "Ji", "Ning", r.ACCOUNTANT, "ROOT"),
    ("de", "De", "Ouyang", r.DEPT_MANAGER, "ROOT"),
    ("bai", "Bai", "Pan", r.BRANCH_ADMIN, "ROOT"),
    ("xi", "Xi", "Qin", r.TECHNICIAN, "WEST"),
)
MORE_GRANTS = (("lin", r.CALLBACK_AGENT, "ROOT"),)
SUSPENDED = ("ex", "Ex", "Ren", r.BRANCH_ADMIN, "ROOT")

# user name, grid, skills, cap, place
TECHNICIANS = (
    ("wu", "E1", ["broadband", "tv"], 3, NEAR),
    ("bo", "E1", ["broadband", "tv"], 3, (43.9360, 116.0900)),
    ("xi", "W1", ["broadband"], 3, FAR),
    ("yun", "E1", ["broadband", "tv", "line"], 3, (43.9400, 116.1000)),
)
CUSTOMERS = (("Mei", "Su", "13900001001"), ("Na", "Tan", "13900001002"))
# Issues in one step keep other tests short; tests/inventory/test_hand_over.py has them in two.
POLICY = {"technician_cap": 3, "service": [0, 1440], "issue_needs_receiver": False}


@dataclass(frozen=True)
class Branch:
    """One branch as tests use it: where it is reached and who is there."""

    tenant: Tenant
    host: str
    people: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def fill() -> None:
    """Headquarters and the two branches, once, into an empty migrated database."""
    from django.core.management import call_command

    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    ensure_headquarters()
    with in_public():
        _account("hq", "Hq", r.HQ_ADMIN, "/")
        _account("eye", "Eye", r.HQ_VIEWER, "/")
    for which, (code, slug, zh, en) in enumerate((("LO", "lotus", "莲花", "Lotus"), ("MA", "maple", "枫树", "Maple"))):
        tenant = create_branch(code=code, slug=slug, name=zh, name_en=en, policy=POLICY)
        with in_branch(tenant):
            _people(which)


def load(slug: str) -> Branch:
    """The branch and its people as actors, from the database in use."""
    with in_public():
        tenant = Tenant.objects.get(slug=slug)
    with in_branch(branch_by_schema(tenant.schema_name)):
        people = {user.username: selectors.actor_for_user(user.pk) for user in User.objects.all()}
        found = {name: actor for name, actor in people.items() if actor is not None}
        for (name, _, _), customer in zip(CUSTOMERS, Customer.objects.order_by("id"), strict=False):
            found[name.lower()] = Actor(kind="customer", id=customer.pk, name=customer.name)
    return Branch(tenant, f"{slug}.localhost", found)


def load_headquarters() -> Branch:
    """Headquarters' people."""
    with in_public():
        tenant = Tenant.objects.get(slug="hq")
        people = {user.username: selectors.actor_for_user(user.pk) for user in User.objects.all()}
    return Branch(tenant, "hq.localhost", {name: actor for name, actor in people.items() if actor})


def _people(which: int) -> None:
    units: dict[str, OrgUnit] = {}
    for code, kind, parent, area, words, place in UNITS:
        at = {"lat": place[0], "lng": place[1]} if place else {}
        above = units[parent] if parent else None
        units[code] = services.add_org_unit(
            kind=kind, code=code, name=code.title(), parent=above, area_class=area, keywords=words, **at
        )
    users = {}
    for username, *names, role, unit in (*PEOPLE, SUSPENDED):
        users[username] = _account(username, names[which], role, units[unit].path)
    for username, role, unit in MORE_GRANTS:
        services.add_user(username=username, name="", password="", grants=[(role, units[unit].path)])
    services.set_active(user_id=users[SUSPENDED[0]].pk, active=False)
    for username, grid, skills, cap, (lat, lng) in TECHNICIANS:
        technician = services.add_technician(
            user=users[username], org_unit=units[grid], skills=skills, cap=cap, lat=lat, lng=lng
        )
        technician.on_duty = username != "yun"
        technician.save(update_fields=["on_duty"])
    for *names, phone in CUSTOMERS:
        services.customer_for_contact(name=names[which], phone=phone)


def _account(username: str, name: str, role: str, path: str) -> User:
    """Password hashing is cheap in test settings; the phone collides on purpose."""
    user = services.add_user(
        username=username, name=name, password="-", grants=[(role, path)], work_no=f"W-{username}", phone="13900009999"
    )
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))
    return user
