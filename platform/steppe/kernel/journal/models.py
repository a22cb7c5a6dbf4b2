"""The journal of one branch (and one of headquarters): keys, audit, outbox, stream, cursors.

Written by plain SQL in `journal_store` and `stream`; these models name the tables and serve the reads.
"""

import uuid

from django.db import models
from django.db.models import Q


class IdempotencyKey(models.Model):
    """A client's own key for one write. `response` is null only while its command runs."""

    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotencykey_once_per_actor")]


class AuditEntry(models.Model):
    """Who did what, when, with which outcome (`done` or the refusal's code). Append-only by trigger."""

    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=40, db_index=True)
    actor_name = models.CharField(max_length=80)
    entity = models.CharField(max_length=30)
    entity_id = models.BigIntegerField()
    outcome = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["entity", "entity_id"], name="auditentry_by_entity")]


class OutboxEvent(models.Model):
    """One event. `seq` is null until the relay has numbered it, densely, after the commit."""

    seq = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=60)
    entity = models.CharField(max_length=30)
    entity_id = models.BigIntegerField()
    public_id = models.CharField(max_length=40)
    version = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    actor = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "journal_outbox"
        indexes = [models.Index(fields=["id"], condition=Q(seq__isnull=True), name="outbox_unnumbered")]


class EventStream(models.Model):
    """The branch's stream: one row. `epoch` changes only when a restore makes old numbers meaningless."""

    epoch = models.UUIDField(default=uuid.uuid4)
    head = models.BigIntegerField(default=0)

    class Meta:
        db_table = "journal_stream"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="stream_has_one_row")]


class SubscriberCursor(models.Model):
    """How far one subscriber has read this branch's stream."""

    subscriber = models.CharField(max_length=60, unique=True)
    seq = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "journal_cursor"


class ParkedEvent(models.Model):
    """An event a subscriber could not take after many tries; waits for a person, blocks nobody."""

    subscriber = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    error = models.TextField()
    parked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "seq"], name="parkedevent_once")]
