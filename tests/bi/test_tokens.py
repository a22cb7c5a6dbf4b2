"""Personal tokens: who makes them, what they open, and when they stop."""

from datetime import timedelta
from typing import Any

import pytest

from apps.bi import services
from apps.bi.access.models import ReportToken
from apps.bi.errors import BadToken, TokenNameInUse, TokenNotFound, TooManyTokens
from apps.bi.services.tokens import MOST
from apps.people.accounts.models import RoleGrant, User
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.bi.reading import FEED, Reading, reading
from tests.cast import Branch
from tests.make import client_at, key, make_ticket

ADDRESSES = ("", "$metadata", "Tickets", "Tickets/$count", "Tickets('x')")


@pytest.fixture
def token(lotus_db: Branch, ji: Actor) -> Reading:
    return reading(lotus_db, ji)


def test_a_token_comes_in_as_bearer_and_as_the_password_of_basic(token: Reading) -> None:
    assert token.get("").status_code == 200
    assert token.get("", basic=True).status_code == 200


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "told",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nobody-s",
        "Bearer rpt_lo_nobody",
        "Bearer rpt_ma_nobody",
        "Bearer rpt_hq_x",
        "Basic",
        "Basic !!!",
        "Basic bm9ib2R5",
        "Basic OnJwdF9sb194",
        "Digest rpt_lo_x",
        "Bearer rpt_lo_ä",
        "Bearer " + "x" * 6000,
    ],
)
def test_without_a_token_nobody_comes_in_and_is_told_how(lotus_db: Branch, path: str, told: str) -> None:
    answer = client_at(lotus_db).get(FEED + path, headers={"Authorization": told} if told else {})
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Basic ")
    assert answer.json()["error"]["code"] == "bi.no_token"


def test_a_session_does_not_read_reports_and_a_token_opens_nothing_else(
    lotus_db: Branch, ji: Actor, token: Reading
) -> None:
    assert client_at(lotus_db, ji).get(FEED).status_code == 401
    ticket = make_ticket()
    for path in (
        "/api/v1/tickets/",
        f"/api/v1/tickets/{ticket.public_id}/",
        "/console/",
        "/console/connect/",
        "/tmf-api/troubleTicket/v4/troubleTicket",
        "/files/photos/x",
    ):
        answer = token.get(path)
        assert answer.status_code in {302, 303, 401, 403, 404}, (path, answer.status_code)
        assert "/sign-in/" in answer.get("Location", "/sign-in/"), path


def test_it_stands_nowhere_but_as_a_sum(token: Reading) -> None:
    row = ReportToken.objects.values().get()
    assert token.token not in str(row) and row["token_end"] == token.token[-4:]
    assert token.token not in str(list(AuditEntry.objects.values()))


def test_revoked_expired_closed_or_without_the_role_it_is_refused_at_once(lotus_db: Branch, ji: Actor) -> None:
    one, two, three, four = (reading(lotus_db, ji, title=str(n)) for n in range(4))
    services.revoke_token(public_id=one.row.public_id, by=ji, key=key())
    assert [each.get("").status_code for each in (one, two)] == [401, 200]
    ReportToken.objects.filter(pk=two.row.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    assert two.get("").status_code == 401 and three.get("").status_code == 200
    roles = list(RoleGrant.objects.filter(user_id=ji.id).values_list("role", flat=True))
    RoleGrant.objects.filter(user_id=ji.id).update(role="clerk")
    assert three.get("").status_code == 401
    RoleGrant.objects.filter(user_id=ji.id).update(role=roles[0])
    assert four.get("").status_code == 200
    User.objects.filter(pk=ji.id).update(is_active=False)
    assert four.get("").status_code == 401


def test_the_last_use_is_seen_to_the_minute(token: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    token.get("")
    assert ReportToken.objects.get().last_used_at == moment
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(seconds=30))
    token.get("")
    assert ReportToken.objects.get().last_used_at == moment
    monkeypatch.setattr(clock, "now", lambda: moment + timedelta(seconds=61))
    token.get("")
    assert ReportToken.objects.get().last_used_at == moment + timedelta(seconds=61)


def test_too_many_calls_of_a_minute_wait(token: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.bi.tokens_read.PER_MINUTE", 2)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert [token.get("").status_code for _ in range(3)] == [200, 200, 429]


def test_only_who_reads_reports_makes_one(lotus_db: Branch) -> None:
    for who in ("wu", "yun", "cai", "an", "lin", "hui", "ku"):
        with pytest.raises(NotAllowed):
            reading(lotus_db, lotus_db.people[who])
    for who in ("ji", "de", "bai"):
        assert reading(lotus_db, lotus_db.people[who]).get("").status_code == 200


@pytest.mark.parametrize(("title", "days"), [("", 5), (" ", 5), ("x" * 61, 5), ("x", 0), ("x", 367)])
def test_what_makes_no_sense_is_refused(lotus_db: Branch, ji: Actor, title: str, days: int) -> None:
    with pytest.raises(BadToken):
        reading(lotus_db, ji, title=title, days=days)


def test_a_name_is_used_once_and_again_after_it_was_revoked(lotus_db: Branch, ji: Actor, bai: Actor) -> None:
    one = reading(lotus_db, ji)
    with pytest.raises(TokenNameInUse):
        reading(lotus_db, ji)
    reading(lotus_db, bai)  # somebody else's
    services.revoke_token(public_id=one.row.public_id, by=ji, key=key())
    assert reading(lotus_db, ji).get("").status_code == 200


def test_twenty_are_enough(lotus_db: Branch, ji: Actor) -> None:
    for n in range(MOST):
        reading(lotus_db, ji, title=str(n))
    with pytest.raises(TooManyTokens):
        reading(lotus_db, ji, title="one more")


def test_who_takes_one_back(lotus_db: Branch, ji: Actor, de: Actor, bai: Actor) -> None:
    """The own one, and the administrator anybody's; twice with one key is once."""
    one, two = reading(lotus_db, ji, title="1"), reading(lotus_db, ji, title="2")
    with pytest.raises(TokenNotFound):
        services.revoke_token(public_id=one.row.public_id, by=de, key=key())
    services.revoke_token(public_id=one.row.public_id, by=bai, key=key())
    again = key()
    for _ in range(2):
        services.revoke_token(public_id=two.row.public_id, by=ji, key=again)
    with pytest.raises(TokenNotFound):
        services.revoke_token(public_id=two.row.public_id, by=ji, key=key())


def test_the_same_ids_at_the_other_branch_open_nothing(
    lotus_db: Branch, maple: Branch, token: Reading, ji: Actor
) -> None:
    """Even the very row, copied: a token is salted with its branch."""
    row: dict[str, Any] = ReportToken.objects.values().get()
    with in_branch(maple.tenant):
        ReportToken.objects.create(**row)
        assert client_at(maple).get(FEED, headers={"Authorization": f"Bearer {token.token}"}).status_code == 401
        renamed = token.token.replace("rpt_lo_", "rpt_ma_")
        assert client_at(maple).get(FEED, headers={"Authorization": f"Bearer {renamed}"}).status_code == 401
