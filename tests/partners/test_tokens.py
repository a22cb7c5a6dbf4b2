"""Who may call the interfaces: a token of this branch, now, with the scope."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from apps.partners import credentials, services
from apps.partners.errors import BadPartner, NameInUse, PartnerNotFound
from apps.partners.models import Partner
from apps.partners.rules.scopes import SCOPES
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.partners.allies import FAULT, HUB, TROUBLE, WORK, Ally, called, connected

# address, method, body, and the one scope without which it is refused
CALLS: list[tuple[str, str, Any, str]] = [
    ("GET", TROUBLE, None, "tickets"),
    ("GET", TROUBLE + "/{}", None, "tickets"),
    ("GET", WORK, None, "tickets"),
    ("GET", WORK + "/{}", None, "tickets"),
    ("POST", TROUBLE, FAULT, "open"),
    ("PATCH", TROUBLE + "/{}", {"note": [{"text": "hurry"}]}, "open"),
    ("POST", HUB.format("troubleTicket"), {"callback": "https://bss.example.com/"}, "events"),
    ("DELETE", HUB.format("troubleTicket") + "/nobody-s", None, "events"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS)
def test_without_its_scope_a_call_is_refused_and_changes_nothing(
    lotus_db: Branch, method: str, path: str, body: Any, scope: str
) -> None:
    ally = connected(lotus_db, [one for one in SCOPES if one != scope])
    path = path.format(make_ticket().public_id)
    answer = ally.call(method, path, body)
    assert answer.status_code == 403 and answer.json()["code"] == "partners.scope_missing", answer.content
    assert scope in answer.json()["reason"] and Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"), [one for one in CALLS if one[0] != "POST" or one[3] == "open"]
)
def test_with_only_its_scope_a_call_comes_in(lotus_db: Branch, method: str, path: str, body: Any, scope: str) -> None:
    ally = connected(lotus_db, [scope])
    answer = ally.call(method, path.format(make_ticket().public_id), body)
    assert answer.status_code < 500 and answer.status_code != 401 and b"scope_missing" not in answer.content


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS)
@pytest.mark.parametrize("token", ["", "stp_lo_nobody", "stp_ma_nobody", "x" * 5000, "stp_lo_\u00e4"])
def test_without_a_token_nobody_comes_in(
    lotus_db: Branch, token: str, method: str, path: str, body: Any, scope: str
) -> None:
    answer = called(lotus_db, token, method, path.format("nobody-s"), body)
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
    assert answer["Cache-Control"] == "no-store"


def test_a_person_who_is_signed_in_is_no_system(lotus_db: Branch, bai: Actor) -> None:
    assert client_at(lotus_db, bai).get(TROUBLE).status_code == 401


def test_a_token_of_another_branch_is_refused_also_on_its_own_ids(lotus_db: Branch, maple: Branch) -> None:
    """Also with the id that our own system has here."""
    ours, ticket = connected(lotus_db), make_ticket()
    with in_branch(maple.tenant):
        theirs, other = connected(maple), make_ticket()
    for ally, host, name in ((theirs, lotus_db, other), (theirs, lotus_db, ticket), (ours, maple, ticket)):
        assert called(host, ally.token, "GET", f"{TROUBLE}/{name.public_id}").status_code == 401
    assert ours.call("GET", f"{TROUBLE}/{other.public_id}").status_code == 404
    assert ours.call("GET", TROUBLE).json()[0]["id"] == ticket.public_id


def test_a_row_that_was_copied_from_another_branch_lets_nobody_in(lotus_db: Branch, maple: Branch) -> None:
    """The sum is salted with the branch, and the token begins with its code."""
    with in_branch(maple.tenant):
        theirs = connected(maple)
        row = Partner.objects.get()
    row.pk = None
    row.save(force_insert=True)
    assert called(lotus_db, theirs.token, "GET", TROUBLE).status_code == 401
    with pytest.raises(ValueError):
        credentials.signing_key_of(row)


def test_a_token_that_was_revoked_a_second_ago_is_refused(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    assert ally.call("GET", TROUBLE).status_code == 200
    services.revoke_partner(public_id=ally.row.public_id, by=bai, key=key())
    assert ally.call("GET", TROUBLE).status_code == 401
    with pytest.raises(PartnerNotFound):
        services.revoke_partner(public_id=ally.row.public_id, by=bai, key=key())


def test_a_token_ends_by_itself(lotus_db: Branch, ally: Ally) -> None:
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert ally.call("GET", TROUBLE).status_code == 200
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert ally.call("GET", TROUBLE).status_code == 401


def test_a_new_token_takes_the_place_of_the_old_one(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    token = credentials.new_token()
    services.renew_token(
        public_id=ally.row.public_id, days=10, token_hash=token.kept, token_end=token.end, by=bai, key=key()
    )
    assert ally.call("GET", TROUBLE).status_code == 401
    assert called(lotus_db, token.shown, "GET", TROUBLE).status_code == 200


def test_the_rate_is_kept_and_says_how_long_to_wait(lotus_db: Branch) -> None:
    ally = connected(lotus_db, rate=2)
    with clock.frozen(clock.now().replace(second=15)):
        assert [ally.call("GET", TROUBLE).status_code for _ in range(3)] == [200, 200, 429]
    with clock.frozen(clock.now().replace(second=15) + timedelta(minutes=1)):
        assert ally.call("GET", TROUBLE).status_code == 200


def test_without_a_cache_everybody_may_pass(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    ally = connected(lotus_db, rate=1)
    monkeypatch.setattr(type(cache._connections[cache._alias]), "incr", _gone)
    assert [ally.call("GET", TROUBLE).status_code for _ in range(3)] == [200, 200, 200]


def _gone(*_args: Any, **_more: Any) -> None:
    raise ConnectionError


def test_the_last_use_is_kept_to_the_minute(lotus_db: Branch, ally: Ally) -> None:
    at = clock.now()
    for seconds, kept in ((0, 0), (30, 0), (61, 61)):
        with clock.frozen(at + timedelta(seconds=seconds)):
            ally.call("GET", TROUBLE)
        assert Partner.objects.get().last_used_at == at + timedelta(seconds=kept)


def test_neither_token_nor_key_stands_anywhere(lotus_db: Branch, ally: Ally) -> None:
    row = Partner.objects.get()
    told = [str(vars(row)), *map(str, AuditEntry.objects.values_list("details", flat=True))]
    for secret in (ally.token, ally.token[7:-4], ally.signing_key, ally.signing_key[6:]):
        assert not any(secret in one for one in told)


@pytest.mark.parametrize(
    "wrong", [{"title": " "}, {"scopes": ()}, {"scopes": ("all",)}, {"days": 0}, {"days": 731}, {"per_minute": 0}]
)
def test_nonsense_connects_nobody(lotus_db: Branch, bai: Actor, wrong: dict[str, Any]) -> None:
    told = {"title": "BOSS", "scopes": ("tickets",), "days": 30, "per_minute": 60} | wrong
    with pytest.raises(BadPartner) as refusal:
        services.connect_partner(**told, **KEPT, by=bai, key=key())
    assert list(refusal.value.fields) == list(wrong) and not Partner.objects.exists()


KEPT = {"public_id": "a-partner", "token_hash": "0", "token_end": "0", "sealed_key": "x"}


def test_a_name_is_taken_once_until_its_system_has_gone(lotus_db: Branch, ally: Ally, bai: Actor) -> None:
    with pytest.raises(NameInUse):
        connected(lotus_db)
    services.revoke_partner(public_id=ally.row.public_id, by=bai, key=key())
    assert connected(lotus_db).call("GET", TROUBLE).status_code == 200


def test_only_the_administrator_lets_systems_in(lotus_db: Branch, lin: Actor) -> None:
    told = {"title": "BOSS", "scopes": ("tickets",), "days": 30, "per_minute": 60}
    with pytest.raises(NotAllowed):
        services.connect_partner(**told, **KEPT, by=lin, key=key())
