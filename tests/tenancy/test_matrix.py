"""Every address × method × person, generated from the URL resolver and the policy file (reliability.md §6.2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from apps.people.accounts.models import RoleGrant, User
from apps.people.models import Technician
from apps.tickets.models import Photo, Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tenants.context import in_branch
from tests import make
from tests.cast import PASSWORD, Branch
from tests.databases import Filled
from tests.make import BranchClient, client_at, key, make_ticket
from tests.tenancy.inventory import URLCONFS, Route, routes, rows
from tests.tenancy.samples import SAMPLES, Sample, filled
from tests.tickets.steps import ask

# One person for each role; the dispatcher's second role is taken away for this test.
ROLES = {
    "technician": "wu", "grid_leader": "yun", "clerk": "cai", "agent": "an", "dispatcher": "lin",
    "callback_agent": "hui", "storekeeper": "ku", "accountant": "ji", "dept_manager": "de", "branch_admin": "bai",
}  # fmt: skip
OUTSIDERS = ("anonymous", "suspended", "other_branch", "tampered")  # whoever is none of ours counts as anonymous
MEI = "13900001001"
BRANCH = sorted(rows("branch"))
TAKES_A_NAME = {route.name for route in routes("branch") if "public_id" in route.params}
OF_A_TICKET = [cell for cell in BRANCH if cell[0] in TAKES_A_NAME]
HQ = sorted(rows("headquarters"))


@pytest.fixture(scope="module", autouse=True)
def cookies(filled: Filled, _world: dict[str, Branch]) -> Iterator[dict[str, str]]:
    """By whose: seventeen people sign in once, not once for each address. Also, everybody holds exactly one role."""
    with filled(lambda: _signed_in(_world["lotus"], _world["maple"])) as found:
        yield found


def _signed_in(lotus: Branch, maple: Branch) -> dict[str, str]:
    with in_branch(lotus.tenant):
        RoleGrant.objects.filter(user__username="lin", role="callback_agent").delete()
        Technician.objects.update(on_duty=True)  # every technician may grab
        ex = Actor("staff", User.objects.get(username="ex").pk, "Ex")
    clients = {name: client_at(lotus, person) for name, person in lotus.people.items()} | {
        "suspended": client_at(lotus, ex),
        "other_branch": client_at(maple, maple.bai),
        "tampered": client_at(lotus, maple.bai, session_of=maple),  # in our schema, opened for the other branch
    }
    return {name: client.cookies["sessionid"].value for name, client in clients.items()}


@pytest.mark.parametrize("site", URLCONFS)
def test_every_address_has_its_row_and_every_row_its_address(site: str) -> None:
    known = {route.name for route in routes(site)}
    listed = {name for name, _ in rows(site)}
    assert not known - listed, f"no row in policy.yaml for {sorted(known - listed)}"
    assert not listed - known, f"rows without an address: {sorted(listed - known)}"


@pytest.mark.parametrize("site", URLCONFS)
def test_every_method_of_a_class_has_its_row(site: str) -> None:
    listed = {(name, method) for name, method in rows(site)}
    offered = {(r.name, m) for r in routes(site) if r.methods is not None and not r.redirects for m in r.methods}
    assert not offered - listed
    assert not {cell for cell in listed if cell[0] in {name for name, _ in offered}} - offered


def test_every_role_of_the_house_is_asked() -> None:
    from apps.people.roles import BRANCH_ROLES

    assert set(ROLES) == set(BRANCH_ROLES)


@pytest.mark.parametrize(("name", "method"), BRANCH, ids=lambda part: part)
def test_the_branchs_site_lets_in_whom_the_policy_names(
    lotus_db: Branch, cookies: dict[str, str], name: str, method: str
) -> None:
    row, question = rows("branch")[name, method], _Question.of(lotus_db, name, method)
    wrong = []
    for who in (*OUTSIDERS, "customer", "no_role", *ROLES):
        asked = "anonymous" if who in OUTSIDERS else who
        with _undone():
            outcome = question.ask(_client(lotus_db, cookies, who), asked)
        if not _fits(outcome, row, asked, question.sample):
            wrong.append(f"{who}: {outcome}, expected {'in' if asked in row['who'] else 'out'}")
    assert not wrong, f"{method} {name}\n" + "\n".join(wrong)


@pytest.mark.parametrize(("name", "method"), OF_A_TICKET, ids=lambda part: part)
def test_tickets_of_another_team_are_not_there(
    lotus_db: Branch, cookies: dict[str, str], name: str, method: str
) -> None:
    """Gao dispatches and Xi repairs at another sub-branch, Na is another customer: the same role, not their ticket."""
    question = _Question.of(lotus_db, name, method)
    for who in ("gao", "xi", "na"):
        with _undone():
            outcome = question.ask(_with(lotus_db, cookies[who]), "")
        assert outcome in {"hidden", "denied"}, f"{who}: {outcome}"


@pytest.mark.parametrize(("name", "method"), OF_A_TICKET, ids=lambda part: part)
def test_a_name_nobody_has_is_not_found_for_anybody(
    lotus_db: Branch, cookies: dict[str, str], name: str, method: str
) -> None:
    question = _Question.of(lotus_db, name, method)
    for username in (*ROLES.values(), "mei"):
        with _undone():
            outcome = question.ask(_with(lotus_db, cookies[username]), "", public_id="no-such-name")
        assert outcome in {"hidden", "denied"}, f"{username}: {outcome}"


def test_methods_nobody_listed_change_nothing(lotus_db: Branch, bai: Actor, wu: Actor, mei: Actor) -> None:
    ticket, wrong = make_ticket(), []
    unlisted = [
        (route, method)
        for route in routes("branch")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if not route.redirects and route.name != "set_language" and (route.name, method) not in rows("branch")
    ]
    clients = {"h5/": client_at(lotus_db, mei), "w/": client_at(lotus_db, wu), "": client_at(lotus_db, bai)}
    for route, method in unlisted:
        client = next(one for prefix, one in clients.items() if route.path.startswith(prefix))
        known = next((one.params for (name, _), one in SAMPLES.items() if name == route.name and one.params), {})
        with _undone():
            outcome = _send(client, route, method, Sample(json={}, params=known), ticket.public_id, {})
        if outcome not in {"no method", "denied", "hidden"}:
            wrong.append(f"{method} {route.path}: {outcome}")
    assert not wrong, wrong


@pytest.mark.parametrize(("name", "method"), HQ, ids=lambda part: part)
def test_headquarters_site_lets_in_whom_the_policy_names(
    db: None, lotus: Branch, headquarters: Branch, name: str, method: str
) -> None:
    row, sample = rows("headquarters")[name, method], SAMPLES.get((name, method), Sample())
    route, wrong = _route("headquarters", name), []
    people = {"anonymous": None, "hq_admin": headquarters.hq, "hq_viewer": headquarters.eye}
    if name == "people:sign_in" and method == "POST":
        sample = Sample(form={"username": "hq", "password": PASSWORD})
    for who, actor in people.items():
        with _undone():
            outcome = _send(client_at(headquarters, actor), route, method, sample, "", {})
        if not _fits(outcome, row, who, sample):
            wrong.append(f"{who}: {outcome}")
    assert not wrong, wrong


def test_a_branchs_people_are_strangers_at_headquarters_and_the_other_way_round(
    db: None, lotus: Branch, headquarters: Branch
) -> None:
    at_hq, at_lotus = client_at(headquarters), client_at(lotus)
    at_hq.cookies["sessionid"] = client_at(lotus, lotus.bai).cookies["sessionid"].value
    at_lotus.cookies["sessionid"] = client_at(headquarters, headquarters.hq).cookies["sessionid"].value
    assert _outcome(at_hq.get("/hq/")) == "sign-in"
    assert _outcome(at_lotus.get("/console/")) == "sign-in"


@dataclass
class _Question:
    """One address and method, with the ticket (or picture) it is about: Wu's, Yun's, and the one Mei reported."""

    route: Route
    method: str
    sample: Sample
    customer: Actor
    about: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, branch: Branch, name: str, method: str) -> "_Question":
        """The tickets are walked to their state."""
        question = cls(_route("branch", name), method, SAMPLES.get((name, method), Sample()), branch.mei)
        if "public_id" in question.route.params:
            question.about = {name: question._ticket(name) for name in ("wu", "yun", "mei")}
        return question

    def ask(self, client: BranchClient, who: str, public_id: str = "") -> str:
        """What happens when this person asks."""
        whose = {"grid_leader": "yun", "customer": "mei"}.get(who, "wu")
        name, values = self.about.get(whose, ("", {"<technician>": 1}))
        return _send(client, self.route, self.method, self.sample, public_id or name, values)

    def _names(self, what: str) -> bool:
        return what in (self.sample.json or self.sample.form or {}).values()

    def _ticket(self, whose: str) -> tuple[str, dict[str, Any]]:
        holder, by = (whose, None) if whose != "mei" else ("wu", self.customer)
        ticket = make_ticket(status=self.sample.status, to=holder, by=by, contact_phone=MEI)
        soon = (clock.now() + timedelta(hours=3)).isoformat()
        if self.sample.asked:
            pause = {"hold_class": "customer", "resume_at": clock.now() + timedelta(hours=3)}
            kind, asked = ("reopen", {}) if self.sample.status == "closed" else ("hold", pause)
            ticket.version = ask(kind, ticket.public_id, by=make.actor("an" if not asked else "lin"), **asked).version
        other = make_ticket(contact_phone=MEI, by=by).public_id if self._names("<ticket>") else ""
        values = {
            "<version>": ticket.version, "<technician>": _technician(holder), "<other>": _technician("bo"),
            "<soon>": soon, "<ticket>": other,
            "<file>": _photo_of(ticket, "added") if self._names("<file>") else "",
        }  # fmt: skip
        return (_photo_of(ticket) if self.sample.photo else ticket.public_id), values


def _route(site: str, name: str) -> Route:
    return next(route for route in routes(site) if route.name == name)


@contextmanager
def _undone() -> Iterator[None]:
    """Each person asks the same question of the same data. A plain savepoint: commands demand to be outermost."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def _client(lotus: Branch, cookies: dict[str, str], who: str) -> BranchClient:
    if who == "no_role":
        RoleGrant.objects.filter(user_id=lotus.bai.id).delete()
    if who == "anonymous":
        return client_at(lotus)
    return _with(lotus, cookies[{"customer": "mei", "no_role": "bai", **ROLES}.get(who, who)])


def _with(lotus: Branch, cookie: str) -> BranchClient:
    client = client_at(lotus)
    client.cookies["sessionid"] = cookie
    return client


def _send(client: BranchClient, route: Route, method: str, sample: Sample, name: str, values: dict[str, Any]) -> str:
    given = sample.params | ({"public_id": name} if "public_id" in route.params else {})
    urlconf = next(conf for site, conf in URLCONFS.items() if route in routes(site))
    named = {param: given.get(param, "1" if param.endswith("_id") else "whatever") for param in route.params}
    path = reverse(route.name, kwargs=named, urlconf=urlconf)
    if sample.json is not None:
        return _outcome(client.api(method, path, filled(sample.json, values) if method != "GET" else None))
    form = filled(sample.form or {}, values) | {"idempotency_key": key()} if method == "POST" else sample.query
    if route.name.startswith("tickets-api:photos"):
        form.pop("idempotency_key", None)
    return _outcome(getattr(client, method.lower())(path, form, key=key() if method == "POST" else None))


def _outcome(response: Any) -> str:
    """What happened, as the policy speaks of it. A fault of ours is never an outcome."""
    assert response.status_code < 500 or response.status_code == 503, response.content[:2000]
    status, to = response.status_code, response.get("Location", "")
    if status == 401 or (status in {302, 303} and to.startswith("/sign-in/")):
        return "sign-in"
    return {403: "denied", 404: "hidden", 405: "no method", 503: "away"}.get(status, "in")


def _fits(outcome: str, row: dict[str, Any], who: str, sample: Sample) -> bool:
    if row["sees"] == "proof":  # without the proof nobody comes in
        return outcome in {"denied", "hidden", "sign-in"}
    if who in row["who"]:
        return outcome in sample.lands
    return outcome == "sign-in" if who == "anonymous" else outcome in {"denied", "hidden", "sign-in"}


def _technician(username: str) -> int:
    return Technician.objects.get(user__username=username).pk


def _photo_of(ticket: Ticket, stage: str = "report") -> str:
    path = default_storage.save("matrix/a.jpg", ContentFile(b"jpeg"))
    facts = {"width": 1, "height": 1, "sha256": "", "uploaded_at": clock.now(), "owner": "staff:0", "stage": stage}
    return Photo.objects.create(public_id=f"photo-of-{ticket.pk:06d}", ticket=ticket, path=path, **facts).public_id
