"""Systems of others: who they are, where they may be called, what they opened, and what was sent to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.partners.rules.scopes import EVENT_TYPES, SCOPES


class Partner(models.Model):
    """A system that may ask this branch. The token stands here as a sum only; the signing key is sealed.

    `last_used_at` is kept to the minute. A revoked partner stays, because tickets and deliveries name it.
    """

    public_id = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=60)
    scopes = ArrayField(models.CharField(max_length=10))
    token_hash = models.CharField(max_length=64, unique=True)
    token_end = models.CharField(max_length=4)
    signing_key = models.CharField(max_length=200)
    per_minute = models.PositiveIntegerField(default=60)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scopes__contained_by=list(SCOPES)), name="partner_scopes_are_known"),
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at=None), name="partner_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AllowedHost(models.Model):
    """`name` or `name:port`: a host this branch may call. What is not listed is never called."""

    host = models.CharField(max_length=260, unique=True)
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=60)


class OpenedTicket(models.Model):
    """A ticket that a partner opened under a name of its own: the same name is the same ticket, for ever.

    `body_hash`: the sum of what was told, so that another report under a used name is refused instead of lost.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="opened", db_index=False)
    external_id = models.CharField(max_length=100)
    ticket = models.CharField(max_length=16, unique=True)
    body_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "external_id"], name="openedticket_named_once")]


class Listener(models.Model):
    """An address that wants to hear of events. At twenty `failures` in a row it is paused and nobody is called."""

    public_id = models.CharField(max_length=16, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="listeners")
    callback = models.CharField(max_length=300)
    query = models.CharField(max_length=300, blank=True)
    event_types = ArrayField(models.CharField(max_length=40))
    failures = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "callback", "event_types"], condition=Q(ended_at=None), name="listener_once"
            ),
            models.CheckConstraint(condition=Q(event_types__contained_by=list(EVENT_TYPES)), name="listener_types"),
        ]


class Status(models.TextChoices):
    """pending → sending → delivered; pending again after a failure; → dead after the last try."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"


class Delivery(models.Model):
    """One event for one listener; written with the cursor of the subscriber, so once whatever is replayed.

    `event_id` is the name the partner knows it by, the same for every try. `body` is what is signed and sent, to the
    byte. `attempts` grows with every claim and fences off a worker that was given up; `tries` counts since the last
    press of the retry button. `answer`: the beginning of what came back, or why nothing did.
    """

    event_id = models.UUIDField(unique=True)
    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="deliveries")
    event_type = models.CharField(max_length=40)
    about = models.CharField(max_length=16)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    occurred_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], name="delivery_due", condition=Q(status__in=["pending", "sending"])
            ),
            models.Index(fields=["-id", "status"], name="delivery_newest"),
        ]
