"""The ticket itself, who has it, what was charged, and its history."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from apps.tickets.rules.workflow import HELD, OPEN, State

STATES = [state.value for state in State]
WORKING = sorted(state.value for state in HELD)  # sorted: a set has another order in every process
RUNNING = sorted(state.value for state in OPEN)
UNFINISHED = sorted([*RUNNING, "awaiting_callback"])
IN_POOL = ["assigned", "pooled", "submitted"]
FEW = ("parent", "merged_into", "incident", "repeat_of", "bundle")  # tickets have one of these
GRID_BASE = "grid"  # location_source of a ticket known by its address only: its point is the grid's base, not the door


class Ticket(models.Model):
    """One fault or order; states and moves in workflow.py, changed only by services.

    Positions are WGS-84 (`datum_in` says how they came). `coarse_address` is what a technician sees before
    accepting. `version` grows by one with every change and is named by every event.
    """

    public_id = models.CharField(max_length=16, unique=True)
    ticket_no = models.CharField(max_length=24, unique=True)
    type = models.ForeignKey("tickets.TicketType", on_delete=models.PROTECT, related_name="+")
    type_version = models.ForeignKey("tickets.TypeVersion", on_delete=models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    channel = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField(default=2)
    fields = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    symptom_code = models.CharField(max_length=30, blank=True, db_default="")
    cause_code = models.CharField(max_length=30, blank=True, db_default="")
    responsibility = models.CharField(max_length=20, blank=True, db_default="")
    account_no = models.CharField(max_length=30, blank=True, db_default="")
    node_code = models.CharField(max_length=30, blank=True, db_default="")

    customer = models.ForeignKey(
        "people.Customer", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    contact_name = models.CharField(max_length=40, blank=True)
    contact_phone = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    coarse_address = models.CharField(max_length=80)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    datum_in = models.CharField(max_length=8, blank=True)
    location_source = models.CharField(max_length=10, blank=True)
    area_class = models.CharField(max_length=1, default="A")
    grid = models.ForeignKey("people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(
        "people.OrgUnit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    org_path = models.CharField(max_length=120, default="/")
    description = models.CharField(max_length=500, blank=True)

    created_by = models.CharField(max_length=40)
    reported_at = models.DateTimeField()
    pooled_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    first_finished_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    # The clocks. `terms` are the targets it runs by (rules/clocks.py); everything below is a cache of its history.
    terms = models.JSONField(default=dict)
    accept_due_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    arrive_due_at = models.DateTimeField(null=True)
    resolve_due_at = models.DateTimeField(null=True)
    callback_due_at = models.DateTimeField(null=True)
    hold_due_at = models.DateTimeField(null=True)
    dept_due_at = models.DateTimeField(null=True)
    overdue_clocks = ArrayField(models.CharField(max_length=10), default=list, db_default=[])
    was_overdue = models.BooleanField(default=False, db_default=False)
    next_clock_at = models.DateTimeField(null=True)
    next_wave_at = models.DateTimeField(null=True)
    waiting_bonus_pct = models.PositiveSmallIntegerField(default=0, db_default=0)

    technician = models.ForeignKey(
        "people.Technician", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    accept_mode = models.CharField(max_length=10, blank=True)
    remote = models.BooleanField(default=False, db_default=False)
    appointment_start = models.DateTimeField(null=True)
    appointment_end = models.DateTimeField(null=True)
    hold_class = models.CharField(max_length=14, blank=True, db_default="")
    held_from = models.CharField(max_length=20, blank=True, db_default="")
    pending_request = models.CharField(max_length=12, blank=True, db_default="")
    check_in_distance_m = models.FloatField(null=True)
    solution = models.CharField(max_length=500, blank=True)
    close_code = models.CharField(max_length=20, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    urge_count = models.PositiveSmallIntegerField(default=0)
    return_count = models.PositiveSmallIntegerField(default=0)
    reassign_count = models.PositiveSmallIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    transfer_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    reschedule_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    urged_at = models.DateTimeField(null=True)
    callback_mode = models.CharField(max_length=8, blank=True, db_default="")
    unreached_count = models.PositiveSmallIntegerField(default=0, db_default=0)

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False)
    mandatory = models.BooleanField(default=False, db_default=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    incident = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reports", db_index=False)
    is_incident = models.BooleanField(default=False, db_default=False)
    repeat_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats", db_index=False)
    bundle = models.ForeignKey(
        "tickets.TripBundle", null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )

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
            # `include`: the numbers of the tabs are counted in the index alone (docs/bench.md).
            models.Index(fields=["status", "accept_due_at", "id"], name="ticket_by_status", include=["org_path"]),
            # An index of Django's own would hold every ticket, written anew with each change of it.
            *(models.Index(fields=[at], name=f"ticket_by_{at}", condition=Q(**{f"{at}__isnull": False})) for at in FEW),
            models.Index(
                fields=["technician", "status"], name="ticket_by_technician", condition=Q(technician__isnull=False)
            ),
            models.Index(fields=["customer", "-reported_at"], name="ticket_by_customer"),
            models.Index(fields=["-reported_at"], name="ticket_by_report", include=["status", "org_path"]),
            models.Index(fields=["channel", "-reported_at"], name="ticket_by_channel", include=["status", "org_path"]),
            models.Index(
                fields=["priority", "-reported_at"], name="ticket_by_priority", include=["status", "org_path"]
            ),
            models.Index(fields=["-reported_at"], name="ticket_once_overdue", condition=Q(was_overdue=True)),
            models.Index(F("next_clock_at"), name="ticket_next_clock", condition=Q(next_clock_at__isnull=False)),
            models.Index(F("next_wave_at"), name="ticket_next_wave", condition=Q(next_wave_at__isnull=False)),
            models.Index(
                F("resolve_due_at"), name="ticket_overdue", condition=Q(status__in=RUNNING) & ~Q(overdue_clocks=[])
            ),
            models.Index(
                fields=["department", "status"], name="ticket_by_department", condition=Q(department__isnull=False)
            ),
            models.Index(fields=["grid", "-reported_at"], name="ticket_by_grid"),
            models.Index(fields=["node_code", "-reported_at"], name="ticket_by_node", condition=~Q(node_code="")),
            models.Index(
                Coalesce("accept_due_at", "reported_at"),
                "public_id",
                name="ticket_desk_pool",
                condition=Q(status__in=IN_POOL),
            ),
            models.Index(fields=["contact_phone"], name="ticket_open_by_phone", condition=Q(status__in=UNFINISHED)),
            models.Index(
                fields=["account_no"],
                name="ticket_open_by_account",
                condition=Q(status__in=UNFINISHED) & ~Q(account_no=""),
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
    def comes_by_appointment(self) -> bool:
        """Was a time agreed on at which somebody comes, and nobody is there yet?"""
        return self.is_open and self.appointment_start is not None and self.arrived_at is None

    @property
    def overdue(self) -> bool:
        """The flag of the 超时 tab: any clock of an open ticket has run out."""
        return self.is_open and bool(self.overdue_clocks)

    @property
    def due_at(self):  # type: ignore[no-untyped-def]
        """The clock that is running now: accept in the pool, resolve while working, callback after."""
        if self.status in {State.SUBMITTED, State.POOLED, State.ASSIGNED}:
            return self.accept_due_at
        if self.status in OPEN:
            return self.resolve_due_at
        return self.callback_due_at if self.status == State.AWAITING_CALLBACK else None


class Assignment(models.Model):
    """Who has, or had, a ticket: the main assignee, or one who assists.

    At most one active main row per ticket: the grab's last guard. `share_pct` divides the work points.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="assignments")
    technician = models.ForeignKey("people.Technician", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, default="main", db_default="main")
    share_pct = models.PositiveSmallIntegerField(default=100, db_default=100)
    mode = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(ended_at__isnull=True, role="main"),
                name="assignment_one_active_per_ticket",
            ),
            models.UniqueConstraint(
                fields=["ticket", "technician"],
                condition=Q(ended_at__isnull=True),
                name="assignment_once_per_technician",
            ),
        ]


class Charge(models.Model):
    """One line of what the customer pays, in fen; reported only, the operator's billing is the book of record."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="charges")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    unit_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    waived = models.BooleanField(default=False)
    waived_why = models.CharField(max_length=200, blank=True)
    receipt_no = models.CharField(max_length=40, blank=True)
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gte=0), name="charge_not_negative")]


class TicketEvent(models.Model):
    """The ticket's history: one row per version, append-only; replaying it gives the present state."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="history", db_index=False)
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
