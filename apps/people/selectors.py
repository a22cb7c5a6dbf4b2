"""Reads about people, for other rooms."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from apps.people.accounts.models import User
from apps.people.accounts.models import session_hash as session_hash_of
from apps.people.geo import distance_m
from apps.people.models import Customer, OrgUnit, Technician
from apps.people.permissions import TECHNICIAN_VIEWERS
from steppe.kernel.actors import Actor, Grant, require
from steppe.kernel.db import array_of, connection, prepared, rows_by_keys, rows_of
from steppe.kernel.light import columns, light, whole
from steppe.kernel.names import PUBLIC

_ACTOR = """
SELECT u.id, u.name, u.is_active, u.password, u.session_epoch, t.id,
       coalesce(json_agg(json_build_array(g.role, g.org_path)) FILTER (WHERE g.id IS NOT NULL), '[]')
  FROM accounts_user u
  LEFT JOIN accounts_rolegrant g ON g.user_id = u.id
  LEFT JOIN people_technician t ON t.user_id = u.id
 WHERE u.id = %s GROUP BY u.id, t.id
"""
_HQ_ACTOR = (
    _ACTOR.replace("u.session_epoch, t.id", "u.session_epoch, NULL::bigint")
    .replace("LEFT JOIN people_technician t ON t.user_id = u.id", "")
    .replace(", t.id", "")
)


_NAMED = ("id", "kind", "code", "name", "path")
_UNITS_NAMED = "SELECT id, kind, code, name, path FROM people_orgunit WHERE id = ANY(%s::bigint[])"
_SLOTS = "SELECT id, on_duty, open_count, cap, skills FROM people_technician WHERE id = ANY(%s::bigint[])"
_UNITS_BY_CODE = _UNITS_NAMED.replace("id = ANY(%s::bigint[])", "code = ANY(%s::text[])")
_GRIDS = f"SELECT {columns(OrgUnit, 'u')} FROM people_orgunit u WHERE u.kind = 'grid' ORDER BY u.id"  # noqa: S608 (columns)
_TREE = f"SELECT {columns(OrgUnit, 'u')} FROM people_orgunit u ORDER BY u.path"  # noqa: S608 (columns)
_NAMES_TO_CHOOSE = """
SELECT t.id, t.user_id, u.name FROM people_technician t
  JOIN accounts_user u ON u.id = t.user_id JOIN people_orgunit o ON o.id = t.org_unit_id
 WHERE u.is_active ORDER BY o.path, t.id
"""
_TECHNICIANS_NAMED = """
SELECT t.id, t.user_id, u.name FROM people_technician t JOIN accounts_user u ON u.id = t.user_id
 WHERE t.id = ANY(%s::bigint[])
"""
# Both in one answer; a technician's row has an account instead of a kind, a code and a path.
_NAMES = """
SELECT id, kind, code, name, path, NULL::bigint FROM people_orgunit WHERE id = ANY(%s::bigint[])
UNION ALL
SELECT t.id, '', '', u.name, '', t.user_id FROM people_technician t JOIN accounts_user u ON u.id = t.user_id
 WHERE t.id = ANY(%s::bigint[])
"""


def actor_for_user(user_id: int, *, session_hash: str | None = None) -> Actor | None:
    """The person with their present grants; None when switched off. One query, never cached.

    With `session_hash` also None when the password has changed, or all were signed out, since that session was opened.
    """
    hq = connection.schema_name == PUBLIC
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_HQ_ACTOR if hq else _ACTOR, [user_id])
        row = cursor.fetchone()
    if row is None or not row[2]:
        return None
    if session_hash is not None and not constant_time_compare(session_hash, session_hash_of(row[3], row[4])):
        return None
    grants = tuple(Grant(role, path) for role, path in _grants(row[6]))
    return Actor(kind="hq" if hq else "staff", id=row[0], name=row[1], grants=grants, technician_id=row[5])


def _grants(value: Any) -> list[tuple[str, str]]:
    return json.loads(value) if isinstance(value, str) else value


def actor_for_customer(customer_id: int) -> Actor | None:
    """The customer behind a WeChat session. One query."""
    customer = Customer.objects.filter(id=customer_id).first()
    return Actor(kind="customer", id=customer.id, name=customer.name) if customer else None


def actor_for_technician(technician_id: int) -> Actor | None:
    """The technician as an actor (WeChat, bench). Two queries."""
    user_id = Technician.objects.filter(id=technician_id).values_list("user_id", flat=True).first()
    return actor_for_user(user_id) if user_id else None


@dataclass(frozen=True)
class Candidate:
    """A technician who could go; `distance_m` as the crow flies, WGS-84."""

    technician_id: int
    name: str
    org_unit_id: int
    org_path: str
    org_name: str
    open_count: int
    cap: int
    on_duty: bool
    skills: tuple[str, ...]
    distance_m: float


_NEAREST = """
SELECT t.id, u.name, t.org_unit_id, o.path, o.name, t.open_count, t.cap, t.on_duty, t.skills,
       ll_to_earth(t.lat, t.lng) <-> ll_to_earth(%(lat)s, %(lng)s) AS metres
  FROM people_technician t
  JOIN accounts_user u ON u.id = t.user_id
  JOIN people_orgunit o ON o.id = t.org_unit_id
 WHERE u.is_active
"""
# The OR keeps the rights a question about each person found, nearest first, until there are enough: as a join they
# would be looked up for everybody. Planned each time: what nobody knows the skills of is thought to find one person,
# and everybody is measured and sorted (2.5 ms instead of 0.3 and 0.4 of planning).
_ONLY = {
    "on_duty": "AND t.on_duty",
    "skills": "AND t.skills @> %(skills)s::varchar[]",
    "with_room": "AND t.open_count < t.cap",
    "without": "AND t.id <> ALL (%(without)s::bigint[])",
    "under": "AND starts_with(o.path, %(under)s)",
    "reach": """AND (%(reach)s = '' OR EXISTS (
       SELECT 1 FROM accounts_rolegrant g
        WHERE g.user_id = u.id AND g.role = ANY (%(roles)s::varchar[]) AND starts_with(%(reach)s, g.org_path)))""",
}
_BY_DISTANCE = "ORDER BY ll_to_earth(t.lat, t.lng) <-> ll_to_earth(%(lat)s, %(lng)s) LIMIT %(limit)s"
# Who stands at one node is few: found by the node and sorted then. In the index of places they would be looked for
# among everybody of the branch, and the `+ 0` keeps the planner from it.
_AT_A_NODE = """
   AND o.path = %(also)s
 ORDER BY (ll_to_earth(t.lat, t.lng) <-> ll_to_earth(%(lat)s, %(lng)s)) + 0 LIMIT %(also_limit)s
"""


def nearest_technicians(
    *,
    lat: float,
    lng: float,
    skills: Sequence[str],
    limit: int = 20,
    off_duty: bool = False,
    any_skill: bool = False,
    with_room: bool = False,
    without: Sequence[int] = (),
    reach: str = "",
    roles: Sequence[str] = (),
    under: str = "",
    also: str = "",
    also_limit: int = 0,
) -> list[Candidate]:
    """Technicians by exact distance; by default only those on duty with all these skills. One query (KNN index).

    `with_room` leaves out who is full, `without` these people: in the query, so that the next free ones are found.
    With `reach` (a node's path) only who holds one of `roles` at or above that node; with `under` only who stands at
    or below that one. Besides the nearest, the nearest `also_limit` of who stands at the node `also`, however far.
    """
    given = {
        "on_duty": not off_duty, "skills": [] if any_skill else list(skills), "with_room": with_room,
        "without": list(without), "under": under, "reach": reach,
    }  # fmt: skip
    wanted = [condition for name, condition in _ONLY.items() if given[name]]
    params = given | {"lat": lat, "lng": lng, "limit": limit, "roles": list(roles)}
    fitting = "\n".join((_NEAREST, *wanted))
    asked = f"{fitting} {_BY_DISTANCE}"
    if also:
        asked = f"({asked}) UNION ({fitting} {_AT_A_NODE}) ORDER BY metres"
        params |= {"also": also, "also_limit": also_limit}
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        rows = cursor.fetchall()
    return [_candidate(row) for row in rows]


def _candidate(row: tuple[Any, ...]) -> Candidate:
    values = (*row[:8], tuple(row[8]), round(row[9], 1))
    return Candidate(*values)


def freest_technicians(*, limit: int = 20) -> list[Candidate]:
    """Who is on duty and has least to do, where there is no point to measure from (every distance is 0). One query."""
    rows = Technician.objects.select_related("user", "org_unit").filter(user__is_active=True)
    return [
        Candidate(
            one.pk, one.user.name, one.org_unit_id, one.org_unit.path, one.org_unit.name, one.open_count, one.cap,
            one.on_duty, tuple(one.skills), 0.0,
        )
        for one in rows.order_by("-on_duty", "open_count", "id")[:limit]
    ]  # fmt: skip


def point_above(path: str) -> tuple[float, float] | None:
    """The base of the nearest node on this path that has one; a whole branch is no place. One query."""
    units = OrgUnit.objects.filter(lat__isnull=False, lng__isnull=False).exclude(kind="branch")
    above = [unit for unit in units if path.startswith(unit.path)]
    nearest = max(above, key=lambda unit: len(unit.path), default=None)
    return (nearest.lat or 0.0, nearest.lng or 0.0) if nearest else None


def grid_for(*, lat: float | None, lng: float | None, address: str) -> OrgUnit | None:
    """The grid of an address: by keyword in the text, else the nearest base. One query.

    Estates of the same name stand in many towns: with a point the nearest of them is meant.
    """
    grids = [whole(OrgUnit, row) for row in rows_of(_GRIDS)]
    named = [grid for grid in grids if any(word and word in address for word in grid.keywords)]
    if lat is None or lng is None:
        return named[0] if named else None
    placed = [grid for grid in named or grids if grid.lat is not None and grid.lng is not None]
    return min(placed, key=lambda grid: _flat(grid, lat, lng)) if placed else next(iter(named), None)


def _flat(grid: OrgUnit, lat: float, lng: float) -> float:
    return distance_m(lat, lng, grid.lat or 0.0, grid.lng or 0.0)


def grids_below(paths: Iterable[str]) -> list[OrgUnit]:
    """The grids at or below these nodes, each with the unit above it, in the order of the tree. One query."""
    below = tuple(paths)
    grids = OrgUnit.objects.select_related("parent").filter(kind="grid").order_by("path")
    return [grid for grid in grids if grid.path.startswith(below)]


def org_unit(unit_id: int) -> OrgUnit:
    """One node. One query."""
    return OrgUnit.objects.get(id=unit_id)


def unit_by_code(code: str) -> OrgUnit | None:
    """The node with this code, if there is one. One query."""
    return OrgUnit.objects.filter(code=code).first()


def org_tree() -> list[OrgUnit]:
    """All nodes in the order of the tree. One query."""
    return [whole(OrgUnit, row) for row in rows_of(_TREE)]


def units_by_id(ids: Iterable[int]) -> dict[int, OrgUnit]:
    """These nodes of the organisation. One query, none for nobody."""
    return OrgUnit.objects.in_bulk(set(ids))


def units_by_code(codes: Iterable[str]) -> dict[str, OrgUnit]:
    """These nodes by their codes, with kind, code, name and path alone. One query, none for nobody."""
    found = rows_by_keys(_UNITS_BY_CODE, {code for code in codes if code})
    return {values[2]: light(OrgUnit, _NAMED, values) for values in found}


def technicians_by_id(ids: Iterable[int]) -> dict[int, Technician]:
    """These technicians with their names and grids. One query, none for nobody."""
    return Technician.objects.select_related("user", "org_unit").in_bulk(set(ids))


def units_named(ids: Iterable[int]) -> dict[int, OrgUnit]:
    """These nodes with kind, code, name and path alone: for the rows of a list. One query, none for nobody."""
    return {values[0]: light(OrgUnit, _NAMED, values) for values in rows_by_keys(_UNITS_NAMED, ids)}


def named(units: Iterable[int], crew: Iterable[int]) -> tuple[dict[int, OrgUnit], dict[int, Technician]]:
    """`units_named` and `technicians_named` at once. One query, none for nobody."""
    nodes, people = list(set(units)), list(set(crew))
    if not nodes or not people:
        return units_named(nodes), technicians_named(people)
    rows = rows_of(_NAMES, array_of(nodes), array_of(people))
    return (
        {row[0]: light(OrgUnit, _NAMED, row[:5]) for row in rows if row[5] is None},
        {row[0]: _named(row[0], row[5], row[3]) for row in rows if row[5] is not None},
    )


def technicians_named(ids: Iterable[int]) -> dict[int, Technician]:
    """These technicians with their names alone: for the rows of a list. One query, none for nobody."""
    return {pk: _named(pk, user_id, name) for pk, user_id, name in rows_by_keys(_TECHNICIANS_NAMED, ids)}


def _named(pk: int, user_id: int, name: str) -> Technician:
    found = light(Technician, ("id", "user_id"), (pk, user_id))
    found._state.fields_cache = {"user": light(User, ("id", "name"), (user_id, name))}
    return found


def technician(technician_id: int) -> Technician:
    """One technician with name and grid. One query."""
    return Technician.objects.select_related("user", "org_unit").get(id=technician_id)


def slots_of(technician_id: int) -> dict[str, Any]:
    """Is this technician on duty, with how many tickets of how many, able to do what. One query."""
    row = rows_by_keys(_SLOTS, [technician_id])[0]
    return dict(zip(("id", "on_duty", "open_count", "cap", "skills"), row, strict=True))


def technicians_for(actor: Actor) -> list[Technician]:
    """The technicians at or below the actor's node. Raises NotAllowed. One query."""
    require(actor, TECHNICIAN_VIEWERS)
    paths = actor.scopes(TECHNICIAN_VIEWERS)
    return [one for one in technicians() if any(one.org_unit.path.startswith(path) for path in paths)]


def path_of_technician(technician_id: int) -> str | None:
    """Where in the organisation the technician stands; None for nobody. One query."""
    return Technician.objects.filter(id=technician_id).values_list("org_unit__path", flat=True).first()


def technicians_holding(role: str, path: str) -> list[int]:
    """Who holds this role at the node or above it and goes out as a technician too, in order. One query."""
    held = Technician.objects.filter(user__is_active=True, user__grants__role=role).order_by("id")
    rows = held.values_list("id", "user__grants__org_path")
    return list(dict.fromkeys(found for found, at in rows if path.startswith(at)))


def holders_of(roles: Iterable[str]) -> list[tuple[int, str]]:
    """Who holds one of these roles, and at which node: user ids and paths, those switched off left out. One query."""
    held = User.objects.filter(is_active=True, grants__role__in=tuple(roles)).order_by("id")
    return list(held.values_list("id", "grants__org_path"))


def staff_holding(role: str) -> list[int]:
    """Everybody who holds this role somewhere in the branch, by user id, in order. One query."""
    held = User.objects.filter(is_active=True, grants__role=role).order_by("id").distinct()
    return list(held.values_list("id", flat=True))


def technicians() -> list[Technician]:
    """All technicians of the branch, for the dispatcher's side panel. One query."""
    return list(
        Technician.objects.select_related("user", "org_unit")
        .filter(user__is_active=True)
        .order_by("org_unit__path", "id")
    )


def technicians_to_choose() -> list[Technician]:
    """Each who works here, with the name alone, in the order of `technicians`. One query."""
    return [_named(*row) for row in rows_of(_NAMES_TO_CHOOSE)]


def crew_below(paths: Iterable[str]) -> list[Technician]:
    """Everybody who works or has worked at or below these nodes, switched off or not. One query."""
    below = tuple(paths)
    rows = Technician.objects.select_related("user", "org_unit").order_by("org_unit__path", "id")
    return [one for one in rows if below and one.org_unit.path.startswith(below)]


def grids_of_technicians() -> dict[int, int]:
    """The grid each technician works in, by technician; who works in none is missing. One query."""
    rows = Technician.objects.filter(org_unit__kind="grid").order_by()
    return dict(rows.values_list("id", "org_unit_id"))


def customer(customer_id: int) -> Customer:
    """One customer. One query."""
    return Customer.objects.get(id=customer_id)


def customers_of_phone(phone: str) -> list[int]:
    """Everybody who is known by this number, the first one first: typed or proved. One query."""
    return list(Customer.objects.filter(phone=phone).order_by("id").values_list("id", flat=True)) if phone else []


def how_many_customers(before: datetime | None = None) -> int:
    """Everybody who has ever reported here (before a moment). One query."""
    rows = Customer.objects.all() if before is None else Customer.objects.filter(created_at__lt=before)
    return rows.count()


def user_by_id(user_id: int) -> User | None:
    """One account, active or not. One query."""
    return User.objects.filter(id=user_id).first()


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """The names behind the journal's `staff:12`, for a page that says who did something. One query, none for nobody."""
    ids = {int(number) for kind, _colon, number in (ref.partition(":") for ref in refs) if kind == "staff"}
    rows = User.objects.filter(id__in=ids).values_list("id", "name") if ids else ()
    return {f"staff:{user_id}": name for user_id, name in rows}


def staff_names() -> dict[str, str]:
    """What everybody is called who ever had an account, by the journal's `staff:12`. One query."""
    return {f"staff:{user_id}": name for user_id, name in User.objects.order_by("id").values_list("id", "name")}


def customer_who_calls(*, phone: str = "", account_no: str = "") -> Customer | None:
    """The customer with exactly this account number, else with this phone. One query."""
    wanted = Q(phone=phone) if phone else Q(pk__in=[])
    if account_no:
        wanted |= Q(account_no=account_no)
    found = list(Customer.objects.filter(wanted).order_by("id")[:20])
    return next((one for one in found if account_no and one.account_no == account_no), next(iter(found), None))


def staff_by_name(name: str) -> int | None:
    """Whose user name this is, else whose work number; None where nobody's or more than one person's. One query."""
    found = list(User.objects.filter(Q(username=name) | Q(work_no=name), is_active=True)[:3])
    named = [one.pk for one in found if one.username == name] or [one.pk for one in found]
    return named[0] if name and len(named) == 1 else None


def accounts() -> list[User]:
    """Everybody who may sign in at this branch, by name. One query."""
    return list(User.objects.filter(is_active=True).order_by("name", "id"))
