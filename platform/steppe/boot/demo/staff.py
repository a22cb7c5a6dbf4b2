"""Organisation and people of a demo branch, made by the same services an administrator uses."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from apps.people import roles as r
from apps.people import services as people
from apps.people.models import OrgUnit, Technician
from steppe.boot.demo.names import People
from steppe.boot.demo.places import Branch, Grid, Unit

PASSWORD = "steppe-demo-2026"  # noqa: S105 - printed by `make up`; the demo listens on this machine only

# user name, role, name in the demo's story
OFFICE = (
    ("dispatcher", (r.DISPATCHER,), "张敏"),
    ("dispatcher2", (r.DISPATCHER,), "李静"),
    ("clerk", (r.CLERK,), "王芳"),
    ("agent", (r.AGENT,), "赵丽"),
    ("callback", (r.CALLBACK_AGENT,), "陈霞"),
    ("store", (r.STOREKEEPER,), "刘军"),
    ("accountant", (r.ACCOUNTANT,), "孙秀英"),
    ("manager", (r.DEPT_MANAGER,), "高志刚"),
    ("admin", (r.BRANCH_ADMIN,), "林晓东"),
)
SKILLS = ("broadband", "tv", "cpe", "line")
DEPARTMENTS = (
    ("ops", "运维部"), ("market", "市场部"), ("service", "客服部"), ("stores", "物资部"), ("engineering", "工程部"),
    ("enterprise", "集客部"),
)  # fmt: skip
CREW = (("eng01", "韩铁柱"), ("eng02", "白玉山"))  # the engineering department's own, with their van


@dataclass
class Cast:
    """Who there is, as the story needs them."""

    root: OrgUnit
    grids: list[tuple[Unit, Grid, OrgUnit]] = field(default_factory=list)
    technicians: dict[int, list[Technician]] = field(default_factory=dict)  # by grid id
    office: dict[str, int] = field(default_factory=dict)  # user ids


def hire(branch: Branch) -> Cast:
    """Root, departments, units, grids, office and technicians; idempotent."""
    root = people.add_org_unit(kind="branch", code="root", name=branch.name)
    departments = {
        code: people.add_org_unit(kind="department", code=code, name=name, parent=root) for code, name in DEPARTMENTS
    }
    cast, encoded, names = Cast(root), make_password(PASSWORD), People(branch.slug)
    for username, roles, name in OFFICE:
        user = people.add_user(
            username=username, name=name, encoded=encoded, grants=[(role, root.path) for role in roles],
            work_no=f"{branch.code}{len(cast.office) + 1:03d}", phone=names.phone(),
        )  # fmt: skip
        cast.office[username] = user.pk
    for unit in branch.units:
        _open_unit(branch, unit, cast, names, encoded)
    _man_engineering(branch, departments["engineering"], names, encoded)
    return cast


def _man_engineering(branch: Branch, node: OrgUnit, names: People, encoded: str) -> None:
    """A department with people of its own: what is transferred or spawned there, they accept and do."""
    place = branch.units[0]
    people.add_user(
        username="engineer", name="马建设", encoded=encoded, grants=[(r.DEPT_MANAGER, node.path)],
        work_no=f"{branch.code}090", phone=names.phone(),
    )  # fmt: skip
    for number, (username, name) in enumerate(CREW, start=1):
        user = people.add_user(
            username=username, name=name, encoded=encoded, grants=[(r.TECHNICIAN, node.path)],
            work_no=f"{branch.code}09{number}", phone=names.phone(),
        )  # fmt: skip
        people.add_technician(
            user=user, org_unit=node, skills=list(SKILLS), cap=5, lat=place.lat + 0.001 * number, lng=place.lng
        )


def _open_unit(branch: Branch, unit: Unit, cast: Cast, names: People, encoded: str) -> None:
    node = people.add_org_unit(
        kind="sub_branch", code=unit.code, name=unit.name, parent=cast.root, lat=unit.lat, lng=unit.lng
    )
    for number, grid in enumerate(unit.grids, start=1):
        lat, lng = unit.lat + grid.offset[0], unit.lng + grid.offset[1]
        place = people.add_org_unit(
            kind="grid", code=f"{unit.code}-{number:02d}", name=grid.name, parent=node, area_class=grid.area_class,
            keywords=list(grid.estates), lat=lat, lng=lng,
        )  # fmt: skip
        cast.grids.append((unit, grid, place))
        cast.technicians[place.pk] = [
            _technician(branch, cast, node, place, names, encoded, seat) for seat in range(grid.technicians)
        ]


def _technician(
    branch: Branch, cast: Cast, node: OrgUnit, grid: OrgUnit, names: People, encoded: str, seat: int
) -> Technician:
    number = sum(len(crew) for crew in cast.technicians.values()) + seat + 1
    name = {1: "巴特尔", 2: "李强"}.get(number) or names.name()
    grants = [(r.TECHNICIAN, node.path)] + ([(r.GRID_LEADER, grid.path)] if seat == 0 else [])
    user = people.add_user(
        username=f"tech{number:02d}", name=name, encoded=encoded, grants=grants,
        work_no=f"{branch.code}{100 + number}", phone=names.phone(),
    )  # fmt: skip
    angle = (seat * 0.006) + 0.002
    return people.add_technician(
        user=user,
        org_unit=grid,
        skills=list(SKILLS),
        cap=5,
        lat=(grid.lat or 0) + angle,
        lng=(grid.lng or 0) - angle,
    )
