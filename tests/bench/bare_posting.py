"""The least a posting could cost: exactly its rows, by somebody who need not ask, judge or look up anything."""

import json

from django.db import connection, transaction

from apps.inventory.models import Document
from steppe.kernel import clock
from steppe.kernel.actors import Actor

_KEY = "INSERT INTO journal_idempotencykey (actor, key, request_hash, created_at) VALUES (%s, %s, %s, now())"
_SHELF = """
UPDATE inventory_balance SET quantity = quantity + %s, changed_at = now() WHERE place_id = %s AND item_id = %s
RETURNING quantity
"""
_ENTRY = """
INSERT INTO inventory_entry (key, document_id, ticket, by, by_name, at) VALUES (%s, %s, '', %s, %s, %s) RETURNING id
"""
_MOVEMENTS = """
INSERT INTO inventory_movement (entry_id, place_id, item_id, delta, balance, value, at)
VALUES (%s, %s, %s, %s, %s, 0, %s), (%s, %s, %s, %s, %s, 0, %s)
"""
_PAPER = "UPDATE inventory_document SET state = 'posted', version = 2, posted_by = %s, posted_at = %s WHERE id = %s"
_JOURNAL = """
WITH audit AS (
    INSERT INTO journal_auditentry (action, actor, actor_name, entity, entity_id, outcome, details, at)
    VALUES ('inventory.post_document', %(by)s, %(name)s, 'stock_document', %(id)s, 'done', %(facts)s, now())),
outbox AS (
    INSERT INTO journal_outbox (kind, entity, entity_id, public_id, version, facts, actor, occurred_at) VALUES
    ('inventory.posted', 'stock_entry', %(id)s, %(number)s, 1, %(facts)s, %(by)s, now()),
    ('inventory.document_changed', 'stock_document', %(id)s, %(number)s, 2, %(facts)s, %(by)s, now()))
UPDATE journal_idempotencykey SET response = %(facts)s WHERE actor = %(by)s AND key = %(number)s
"""


def post_bare(document: Document, by: Actor) -> None:
    """One line of one metre from the document's source to its target; constraints and triggers look as always."""
    now, item = clock.now(), document.lines.model.objects.values_list("item_id", flat=True).get(document=document)
    facts = json.dumps(
        {"number": document.number, "state": "posted", "document": document.kind, "ticket": "", "value": 0}
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_KEY, [by.ref, document.number, "0" * 64])
        after = []
        for place, delta in sorted(((document.source_id, -1), (document.target_id, 1))):
            cursor.execute(_SHELF, [delta, place, item])
            after.append((place, delta, cursor.fetchone()[0]))
        cursor.execute(_ENTRY, [f"{document.number}/post", document.pk, by.ref, by.name, now])
        [entry] = cursor.fetchone()
        cursor.execute(_MOVEMENTS, [x for place, delta, left in after for x in (entry, place, item, delta, left, now)])
        cursor.execute(_PAPER, [by.ref, now, document.pk])
        told = {"by": by.ref, "name": by.name, "id": document.pk, "number": document.number, "facts": facts}
        cursor.execute(_JOURNAL, told)
