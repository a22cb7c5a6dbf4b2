"""Access tokens and tickets: how long they live and when new ones come."""

from typing import Any

import pytest

from tests.sandbox.driver import APPID, OTHER, Sandbox

ASKED = {"grant_type": "client_credential", "appid": APPID, "secret": f"secret-of-{APPID}"}


def stable(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.post("/cgi-bin/stable_token", ASKED | more).json()
    return answer


def plain(sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = sandbox.get("/cgi-bin/token", **(ASKED | more)).json()
    return answer


def errcode_of(sandbox: Sandbox, token: str) -> int:
    return int(sandbox.get("/cgi-bin/getcallbackip", access_token=token).json().get("errcode", 0))


def test_everybody_gets_the_same_stable_token(sandbox: Sandbox) -> None:
    first, second = stable(sandbox), stable(sandbox)
    assert first == second
    assert first["expires_in"] == 7200
    assert "errcode" not in first
    assert len(first["access_token"]) > 255


def test_a_stable_token_is_renewed_five_minutes_early_and_both_work(sandbox: Sandbox) -> None:
    old = stable(sandbox)["access_token"]
    sandbox.later(7200 - 301)
    assert stable(sandbox)["access_token"] == old
    sandbox.later(1)
    new = stable(sandbox)["access_token"]
    assert new != old
    assert (errcode_of(sandbox, old), errcode_of(sandbox, new)) == (0, 0)
    sandbox.later(300)
    assert (errcode_of(sandbox, old), errcode_of(sandbox, new)) == (42001, 0)


def test_a_forced_refresh_ends_the_old_token_but_not_twice_in_half_a_minute(sandbox: Sandbox) -> None:
    old = stable(sandbox)["access_token"]
    new = stable(sandbox, force_refresh=True)["access_token"]
    assert new != old
    assert errcode_of(sandbox, old) == 40001
    assert stable(sandbox, force_refresh=True)["access_token"] == new
    sandbox.later(30)
    assert stable(sandbox, force_refresh=True)["access_token"] != new


def test_the_twenty_first_forced_refresh_of_a_day_is_refused(sandbox: Sandbox) -> None:
    for _ in range(20):
        assert "access_token" in stable(sandbox, force_refresh=True)
        sandbox.later(31)
    assert stable(sandbox, force_refresh=True)["errcode"] == 45009


def test_each_plain_token_replaces_the_one_before_after_five_minutes(sandbox: Sandbox) -> None:
    old, new = plain(sandbox)["access_token"], plain(sandbox)["access_token"]
    assert (errcode_of(sandbox, old), errcode_of(sandbox, new)) == (0, 0)
    sandbox.later(300)
    assert (errcode_of(sandbox, old), errcode_of(sandbox, new)) == (42001, 0)


def test_the_two_families_leave_each_other_alone(sandbox: Sandbox) -> None:
    token = stable(sandbox)["access_token"]
    plain(sandbox)
    plain(sandbox)
    sandbox.later(600)
    assert errcode_of(sandbox, token) == 0


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx9999999999999999"}, 40013),
        ({"secret": "guessed"}, 40125),
    ],
)
def test_a_token_is_refused(sandbox: Sandbox, wrong: dict[str, str], errcode: int) -> None:
    assert stable(sandbox, **wrong)["errcode"] == errcode
    assert plain(sandbox, **wrong)["errcode"] == errcode


def test_a_ticket_stays_the_same_and_is_no_token(sandbox: Sandbox) -> None:
    token = sandbox.token()
    first = sandbox.get("/cgi-bin/ticket/getticket", access_token=token, type="jsapi").json()
    again = sandbox.get("/cgi-bin/ticket/getticket", access_token=token, type="jsapi").json()
    assert first == again
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    assert errcode_of(sandbox, first["ticket"]) == 40001


def test_each_account_has_its_own_ticket(sandbox: Sandbox) -> None:
    assert sandbox.ticket(APPID) != sandbox.ticket(OTHER)
