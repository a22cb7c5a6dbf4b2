"""The page 连接: addresses and steps for who reads reports, keys shown once, the reader for the administrator."""

import re
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from apps.bi import roles_sql, services
from apps.bi.access.models import DatabaseReader, ReportToken
from apps.bi.rules import sets
from apps.bi.rules.shapes import BRANCH, HEADQUARTERS
from apps.bi.words import SETS
from steppe.kernel.actors import Actor
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tests.bi.doors import OTHER, Door, clear, give
from tests.bi.reading import FEED, reading
from tests.cast import Branch
from tests.databases import Database
from tests.make import client_at, key
from tests.queries import asking

PAGE = "/console/connect/"
SHOWN = re.compile(r'doors-secret">([^<]+)<')


def test_it_shows_this_branchs_own_addresses(lotus_db: Branch, ji: Actor, maple: Branch) -> None:
    text = client_at(lotus_db, ji).get(PAGE).content.decode()
    for told in (
        "http://lotus.localhost/odata/v4/",
        lotus_db.tenant.schema_name,
        roles_sql.role_name("LO"),
        "jdbc:postgresql://",
    ):
        assert told in text, told
    assert "maple" not in text and maple.tenant.schema_name not in text
    for one in sets.sets_of(BRANCH):
        assert one.name in text and one.view in text
    for tool in ("Excel", "Power BI", "Superset", "FineBI"):
        assert f"<summary>{tool}</summary>" in text
    assert (
        'action="/console/connect/reader/"' not in text
        and "no-store" in client_at(lotus_db, ji).get(PAGE)["Cache-Control"]
    )


def test_every_set_has_a_name_for_people() -> None:
    assert set(SETS) == {one.name for one in sets.ALL}


def test_a_token_is_shown_once_and_works(lotus_db: Branch, ji: Actor) -> None:
    client, sent = client_at(lotus_db, ji), {"title": "Excel", "days": "30", "idempotency_key": key()}
    answer = client.post(PAGE + "tokens/", sent)
    [token] = [one for one in SHOWN.findall(answer.content.decode()) if one.startswith("rpt_lo_")]
    assert client_at(lotus_db).get(FEED, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert token not in client.get(PAGE).content.decode() and token[-4:] in client.get(PAGE).content.decode()
    again = client.post(PAGE + "tokens/", sent)
    assert again.status_code == 422 and "rpt_lo_" not in "".join(SHOWN.findall(again.content.decode()))
    assert ReportToken.objects.count() == 1


def test_what_was_typed_stays_with_its_mistakes(lotus_db: Branch, ji: Actor) -> None:
    answer = client_at(lotus_db, ji).post(
        PAGE + "tokens/", {"title": "My table", "days": "9999", "idempotency_key": key()}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="My table"' in text and 'id="e-days"' in text and "e-title" not in text


def test_one_sees_and_revokes_the_own_ones_and_the_administrator_all(
    lotus_db: Branch, ji: Actor, de: Actor, bai: Actor
) -> None:
    token = reading(lotus_db, ji, title="Ji's own table")
    address = f"{PAGE}tokens/{token.row.public_id}/revoke/"
    assert "own table" not in client_at(lotus_db, de).get(PAGE).content.decode()
    assert client_at(lotus_db, de).post(address, {"idempotency_key": key()}).status_code == 404
    assert "own table" in client_at(lotus_db, bai).get(PAGE).content.decode()
    assert client_at(lotus_db, bai).post(address, {"idempotency_key": key()}).status_code == 303
    assert token.get("").status_code == 401


def test_the_password_is_shown_once_and_opens_the_views(committed: Database, lotus: Branch, bai: Actor) -> None:
    try:
        client = client_at(lotus, bai)
        answer = client.post(PAGE + "reader/", {"idempotency_key": key()})
        role, password = SHOWN.findall(answer.content.decode())[:2]
        with Door(committed, role).open(password) as reader:
            assert reader.execute("SELECT count(*) FROM bi_grid_v1").fetchone() == (7,)
        page = client.get(PAGE).content.decode()
        assert password not in page and 'action="/console/connect/reader/revoke/"' in page
        with in_branch(lotus.tenant):
            assert password not in str(list(AuditEntry.objects.values())) + str(list(DatabaseReader.objects.values()))
        assert client.post(PAGE + "reader/revoke/", {"idempotency_key": key()}).status_code == 303
        with pytest.raises(psycopg.OperationalError):
            Door(committed, role).open(password)
    finally:
        clear(lotus)


def test_who_is_no_administrator_makes_no_password(lotus_db: Branch, ji: Actor, de: Actor) -> None:
    for who in (ji, de):
        for path in ("reader/", "reader/revoke/"):
            assert client_at(lotus_db, who).post(PAGE + path, {"idempotency_key": key()}).status_code == 403


def test_a_refusal_of_the_server_is_said_on_the_page(
    lotus_db: Branch, bai: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles_sql, "_MAY_MAKE", "SELECT false")
    answer = client_at(lotus_db, bai, HTTP_ACCEPT_LANGUAGE="en").post(PAGE + "reader/", {"idempotency_key": key()})
    assert answer.status_code == 409 and "docs/bi.md" in answer.content.decode()


def test_headquarters_has_the_same_over_its_own_sets(db: None, headquarters: Branch, lotus: Branch) -> None:
    text = client_at(headquarters, headquarters.eye).get("/hq/connect/").content.decode()
    assert "http://hq.localhost/odata/v4/" in text and "bi_hq_day_v1" in text and "bi_ticket_v1" not in text
    assert "/hq/connect/reader/" not in text
    assert "/hq/connect/reader/" in client_at(headquarters, headquarters.hq).get("/hq/connect/").content.decode()
    for one in sets.sets_of(HEADQUARTERS):
        assert one.view in text
    sent: dict[str, Any] = {"title": "Power BI", "days": "30", "idempotency_key": key()}
    answer = client_at(headquarters, headquarters.eye).post("/hq/connect/tokens/", sent)
    [token] = [one for one in SHOWN.findall(answer.content.decode()) if one.startswith("rpt_hq_")]
    told = {"Authorization": f"Bearer {token}"}
    assert client_at(headquarters).get(FEED + "Branches", headers=told).status_code == 200
    assert client_at(lotus).get(FEED, headers=told).status_code == 401


def test_the_page_asks_so_often(lotus_db: Branch, ji: Actor, bai: Actor) -> None:
    for n in range(3):
        reading(lotus_db, ji, title=str(n))
    for who, times in ((ji, JI), (bai, BAI)):
        client = client_at(lotus_db, who)
        client.get(PAGE)
        with asking(times):
            client.get(PAGE)


JI, BAI = 5, 12  # one and six of them are the numbers in the bar


def test_the_command_gives_a_password_where_there_is_no_page(committed: Database, lotus: Branch, capsys: Any) -> None:
    try:
        call_command("bi_reader", "lotus")
        role, password = capsys.readouterr().out.split()
        Door(committed, role).open(password).close()
        with in_branch(lotus.tenant):
            assert give(OTHER) == role
        call_command("bi_reader", "lotus", remove=True)
        assert role in capsys.readouterr().out and not roles_sql.exists(role)
        call_command("bi_reader", "hq")
        call_command("bi_reader", "hq", revoke=True)
        for wrong in (["nobody"], ["lotus", "--revoke"]):
            with pytest.raises(CommandError):
                call_command("bi_reader", *wrong)
        with in_public():
            assert DatabaseReader.objects.get().revoked_at is not None
    finally:
        clear(lotus)


def test_a_token_command_with_one_key_is_done_once(lotus_db: Branch, ji: Actor) -> None:
    told = {"public_id": "one", "title": "x", "days": 3, "token_hash": "h", "token_end": "abcd"}
    again = key()
    for _ in range(2):
        services.make_token(**told, by=ji, key=again)
    assert ReportToken.objects.count() == 1
