"""Tickets of one branch. The branch is the schema: no branch column anywhere."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language

from apps.tickets.workflow import HELD, OPEN, State

STATES = [state.value for state in State]
WORKING = sorted(state.value for state in HELD)  # sorted: a set has another order in every process
RUNNING = sorted(state.value for state in OPEN)
IN_POOL = ["assigned", "pooled", "submitted"]
GRID_BASE = "grid"  # location_source of a ticket known by its address only: its point is the grid's base, not the door


class TicketType(models.Model):
    """What kind of work: faults (`trouble`) and orders (`work`), with targets in the branch's own words."""

    code = models.CharField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, default="trouble")
    skill = models.CharField(max_length=30, blank=True)
    base_points = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    icon = models.CharField(max_length=20, default="wrench")
    customer_may_report = models.BooleanField(default=False)
    hq_code = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    enabled = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """The type's name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh


class Ticket(models.Model):
    """One fault or order; states and moves in workflow.py, changed only by services.

    Positions are WGS-84 (`datum_in` says how they came). `coarse_address` is what a technician sees before
    accepting. `version` grows by one with every change and is named by every event.
    """

    public_id = models.CharField(max_length=16, unique=True)
    ticket_no = models.CharField(max_length=24, unique=True)
    type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField(default=2)

    customer = models.ForeignKey("people.Customer", null=True, on_delete=models.PROTECT, related_name="tickets")
    contact_name = models.CharField(max_length=40, blank=True)
    contact_phone = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    coarse_address = models.CharField(max_length=80)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    datum_in = models.CharField(max_length=8, blank=True)
    location_source = models.CharField(max_length=10, blank=True)
    area_class = models.CharField(max_length=1, default="A")
    grid = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+")
    org_path = models.CharField(max_length=120, default="/")
    description = models.CharField(max_length=500, blank=True)

    created_by = models.CharField(max_length=40)
    reported_at = models.DateTimeField()
    pooled_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    accept_due_at = models.DateTimeField(null=True)
    resolve_due_at = models.DateTimeField(null=True)
    callback_due_at = models.DateTimeField(null=True)
    accept_overdue = models.BooleanField(default=False)
    resolve_overdue = models.BooleanField(default=False)

    technician = models.ForeignKey("people.Technician", null=True, on_delete=models.PROTECT, related_name="tickets")
    accept_mode = models.CharField(max_length=10, blank=True)
    check_in_distance_m = models.FloatField(null=True)
    solution = models.CharField(max_length=500, blank=True)
    close_code = models.CharField(max_length=20, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    urge_count = models.PositiveSmallIntegerField(default=0)
    return_count = models.PositiveSmallIntegerField(default=0)
    reassign_count = models.PositiveSmallIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=STATES), name="ticket_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status__in=WORKING) | Q(technician__isnull=False),
                name="ticket_held_has_technician",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "pooled"]) | Q(technician__isnull=True),
                name="ticket_pooled_has_no_technician",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="ticket_satisfaction_is_1_to_5",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "accept_due_at", "id"], name="ticket_by_status"),
            models.Index(fields=["technician", "status"], name="ticket_by_technician"),
            models.Index(fields=["customer", "-reported_at"], name="ticket_by_customer"),
            models.Index(fields=["-reported_at"], name="ticket_by_report"),
            models.Index(
                F("accept_due_at"),
                name="ticket_accept_clock",
                condition=Q(status="pooled", accept_overdue=False),
            ),
            models.Index(
                F("resolve_due_at"),
                name="ticket_resolve_clock",
                condition=Q(status__in=RUNNING, resolve_overdue=False),
            ),
            models.Index(
                fields=["accept_due_at", "public_id"], name="ticket_desk_pool", condition=Q(status__in=IN_POOL)
            ),
            models.Index(fields=["closed_at"], name="ticket_ended", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.ticket_no

    @property
    def has_place(self) -> bool:
        """Is the point the customer's, and not the base of the grid?"""
        return self.lat is not None and self.location_source != GRID_BASE

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def overdue(self) -> bool:
        """The flag of the 超时 tab: any clock of an open ticket has run out."""
        return self.is_open and (self.accept_overdue or self.resolve_overdue)

    @property
    def due_at(self):  # type: ignore[no-untyped-def]
        """The clock that is running now: accept in the pool, resolve while working, callback after."""
        if self.status in {State.SUBMITTED, State.POOLED, State.ASSIGNED}:
            return self.accept_due_at
        if self.status in OPEN:
            return self.resolve_due_at
        return self.callback_due_at if self.status == State.AWAITING_CALLBACK else None


class Assignment(models.Model):
    """Who has, or had, a ticket as main assignee. At most one active row per ticket: the grab's last guard."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="assignments")
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at__isnull=True), name="assignment_one_active_per_ticket"
            )
        ]


class TicketEvent(models.Model):
    """The ticket's history: one row per version, append-only; replaying it gives the present state."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="history")
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "version"], name="ticketevent_one_per_version")]


class PushWave(models.Model):
    """One wave of a ticket: when, why, and how many were found."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="waves")
    round = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "round"], name="pushwave_once_per_round")]


class PushCandidate(models.Model):
    """A technician considered in a wave: distance, load, score, and whether a card goes out."""

    wave = models.ForeignKey(PushWave, on_delete=models.CASCADE, related_name="candidates")
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    distance_m = models.FloatField()
    open_count = models.PositiveSmallIntegerField()
    score_m = models.FloatField()
    own_grid = models.BooleanField(default=False)
    chosen = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "technician"], name="pushcandidate_once_per_wave")]


class GrabAttempt(models.Model):
    """Every tap on 抢单 and how it ended: `won`, or the refusal's code."""

    ticket_no = models.CharField(max_length=24, db_index=True)
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=40)
    at = models.DateTimeField()


class Breach(models.Model):
    """A clock that ran out: kept for ever, also when the ticket is finished later. One per clock and due."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="breaches")
    clock = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "clock", "due_at"], name="breach_once_per_due")]


class Photo(models.Model):
    """A picture of a ticket, decoded and re-encoded by us. Uploaded first, then named by the command that uses it."""

    public_id = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="photos")
    owner = models.CharField(max_length=80)
    stage = models.CharField(max_length=10, default="report")
    path = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()


class CallbackRecord(models.Model):
    """One answer after the work: by the callback agent or by the customer's own rating."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="callbacks")
    channel = models.CharField(max_length=10)
    fixed = models.BooleanField()
    score = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()
