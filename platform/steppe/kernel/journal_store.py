"""The journal's writes in plain SQL: two statements per command, because every grab pays for them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction

from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.db import connection, prepared
from steppe.kernel.errors import Busy, DomainError, KeyReused
from steppe.kernel.hashing import canonical

if TYPE_CHECKING:
    from steppe.kernel.commands import Receipt, Work

AUDIT_LIMIT = 2000  # characters of arguments kept; personal fields are struck out before
PERSONAL = {
    "phone",
    "contact_phone",
    "name",
    "contact_name",
    "address",
    "account_no",
    "description",
    "password",
    "photo",
    "content",
    "lat",
    "lng",
    "openid",
    "secret",
    "app_secret",
    "token",
    "aes_key",
    "previous_aes_key",
    "robot_key",
}

_CLAIM = """
INSERT INTO journal_idempotencykey (actor, key, request_hash, created_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (actor, key) DO NOTHING RETURNING id
"""
_STORED = "SELECT request_hash, response FROM journal_idempotencykey WHERE actor = %s AND key = %s"
_AUDIT = """
INSERT INTO journal_auditentry (action, actor, actor_name, entity, entity_id, outcome, details, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_ANSWER = "UPDATE journal_idempotencykey SET response = %s WHERE actor = %s AND key = %s"
_OUTBOX_HEAD = (
    "INSERT INTO journal_outbox (kind, entity, entity_id, public_id, version, facts, actor, occurred_at) VALUES "
)
_OUTBOX_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s)"


def claim_key(by: Actor, key: str, request_hash: str) -> dict[str, Any] | None:
    """Take the key, or return the stored answer of the request that took it.

    Raises KeyReused for the same key with another request. Locks: the key's row until commit.
    """
    with prepared(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [by.ref, key, request_hash, clock.now()])
        if cursor.fetchone():
            return None
        cursor.execute(_STORED, [by.ref, key])
        row = cursor.fetchone()
    if row is None or row[1] is None:
        raise Busy
    if row[0] != request_hash:
        raise KeyReused
    return json.loads(row[1]) if isinstance(row[1], str) else row[1]


def write_outcome(work: "Work", key: str, receipt: "Receipt", args: dict[str, Any]) -> None:
    """Audit, outbox and stored answer in one round trip, the last thing a command does."""
    answer = {name: value for name, value in vars(receipt).items() if name != "replayed"}
    sql = [f"WITH audit AS ({_AUDIT} RETURNING 1)"]
    params = _audit_params(work.name, work.by, receipt.entity, receipt.entity_id, "done", args)
    if work.events:
        rows = ", ".join([_OUTBOX_ROW] * len(work.events))
        sql.append(f", outbox AS ({_OUTBOX_HEAD}{rows} RETURNING 1)")
        params += _outbox_params(work)
    with prepared(), connection.cursor() as cursor:
        cursor.execute(" ".join([*sql, _ANSWER]), [*params, json.dumps(answer), work.by.ref, key])


def write_note(name: str, by: Actor, args: dict[str, Any], *, entity: str, entity_id: int) -> None:
    """One audit row for something that is done without being a command (a sign-in)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_AUDIT, _audit_params(name, by, entity, entity_id, "done", args))


def write_refusal(name: str, by: Actor, args: dict[str, Any], code: str) -> None:
    """One audit row for a refused command, in a transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_AUDIT, _audit_params(name, by, "", 0, code, args))


@contextmanager
def refusals_noted(name: str, by: Actor, args: dict[str, Any]) -> Iterator[None]:
    """What is refused inside the block leaves one audit row, and is refused all the same."""
    try:
        yield
    except DomainError as refusal:
        write_refusal(name, by, args, refusal.code)
        raise


def _audit_params(name: str, by: Actor, entity: str, entity_id: int, outcome: str, args: dict[str, Any]) -> list[Any]:
    shown = canonical(_without_personal(json.loads(canonical(args))))
    details = json.dumps({"args": shown[:AUDIT_LIMIT]}, ensure_ascii=False)
    return [name, by.ref, by.name, entity, entity_id, outcome, details, clock.now()]


def _without_personal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "…" if name in PERSONAL else _without_personal(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_personal(part) for part in value]
    return value


def _outbox_params(work: "Work") -> list[Any]:
    now = clock.now()
    return [
        value
        for e in work.events
        for value in (
            e.kind,
            e.entity,
            e.entity_id,
            e.public_id,
            e.version,
            json.dumps(e.facts),
            work.by.ref,
            now,
        )
    ]
