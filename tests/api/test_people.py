"""The API about people: me, duty, technicians."""

import pytest

from apps.people.api.me import Me
from apps.people.models import Technician
from apps.wechat.services.consents import give_location_consent
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import client_at, key


def test_me_tells_roles_branch_and_load(lotus_db: Branch, wu: Actor, mei: Actor) -> None:
    me = client_at(lotus_db, wu).get("/api/v1/me").json()
    assert me["branch"]["code"] == "LO" and me["roles"][0]["role"] == "technician"
    assert me["technician"]["cap"] == 3 and me["technician"]["on_duty"] is True
    assert client_at(lotus_db, mei).get("/api/v1/me").json()["kind"] == "customer"
    assert client_at(lotus_db).get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("who", ["wu", "lin", "mei"])
def test_me_is_written_as_its_fields_describe_it(lotus_db: Branch, request: pytest.FixtureRequest, who: str) -> None:
    me = client_at(lotus_db, request.getfixturevalue(who)).get("/api/v1/me").json()
    assert Me.Output(me).data == me


def test_a_technician_goes_off_duty_and_back(lotus_db: Branch, wu: Actor) -> None:
    client = client_at(lotus_db, wu)
    give_location_consent(by=wu, key=key())
    assert client.api("post", "/api/v1/me/duty", {"on_duty": False}).json()["on_duty"] is False
    assert not Technician.objects.get(id=wu.technician_id).on_duty
    client.api("post", "/api/v1/me/duty", {"on_duty": True, "lat": 44.0, "lng": 116.5})
    assert Technician.objects.get(id=wu.technician_id).lat == 44.0


def test_who_is_no_technician_has_no_duty(lotus_db: Branch, lin: Actor) -> None:
    assert client_at(lotus_db, lin).api("post", "/api/v1/me/duty", {"on_duty": True}).status_code == 403


def test_a_dispatcher_sees_the_technicians_of_her_node_only(
    lotus_db: Branch, lin: Actor, gao: Actor, wu: Actor
) -> None:
    def names(who: Actor) -> set[str]:
        return {row["name"] for row in client_at(lotus_db, who).get("/api/v1/technicians").json()["results"]}

    assert names(lin) == {"Wu", "Bo", "Xi", "Yun"} and names(gao) == {"Xi"}
    assert client_at(lotus_db, wu).get("/api/v1/technicians").status_code == 403
