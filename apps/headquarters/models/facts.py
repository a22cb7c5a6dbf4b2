"""The figures of all branches, by ticket and by day: what reports are read from. Filled by services/facts.py."""

from django.db import models

from apps.headquarters.rules.measures import CLOSED, CREATED, DAILY, DUE


class FactStand(models.Model):
    """How far a branch's figures go. One row per branch; it is the lock under which its figures are changed.

    `fresh_at`: everything up to here is counted in. `checked_at`: the last time all was computed anew and compared.
    """

    branch = models.OneToOneField("tenants.Tenant", on_delete=models.CASCADE, related_name="+")
    fresh_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    customers = models.IntegerField(default=0)


class DirtyTicket(models.Model):
    """A ticket that has changed since it was counted. `marks` grows with every mark: who counts takes away what was
    seen, so that a change meanwhile stays marked.
    """

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.CharField(max_length=16)
    marks = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "ticket"], name="dirtyticket_once")]
        indexes = [models.Index(fields=["branch", "since", "id"], name="dirtyticket_oldest")]


class TicketFact(models.Model):
    """A ticket as far as figures go, and exactly what it has added to DailyFact. No name, no phone, no address.

    `measures`: figure → number (rules/measures.py says on which of the three days each counts).
    """

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.CharField(max_length=16)
    ticket_no = models.CharField(max_length=24)
    type_code = models.CharField(max_length=30)
    grid = models.CharField(max_length=20, blank=True)
    area_class = models.CharField(max_length=1)
    department = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20)
    priority = models.PositiveSmallIntegerField(default=2)
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=False)
    overdue = models.BooleanField(default=False)
    created_day = models.DateField()
    closed_day = models.DateField(null=True)
    due_day = models.DateField(null=True)
    measures = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "ticket"], name="ticketfact_once")]
        indexes = [
            models.Index(fields=["branch", "overdue"], name="ticketfact_open", condition=models.Q(is_open=True)),
            models.Index(fields=["branch", "created_day"], name="ticketfact_by_created"),
            models.Index(fields=["branch", "closed_day"], name="ticketfact_by_closed"),
            models.Index(
                fields=["branch", "due_day"], name="ticketfact_by_due", condition=models.Q(due_day__isnull=False)
            ),
            models.Index(fields=["ticket_no"], name="ticketfact_by_no"),
            models.Index(fields=["-reported_at", "-id"], name="ticketfact_newest"),
        ]

    @property
    def figures(self) -> dict[str, int]:
        """What it adds; see rules/contributions.py."""
        return self.measures

    @property
    def days(self) -> dict[str, str | None]:
        """The day each figure may count on."""
        own = {CREATED: self.created_day, CLOSED: self.closed_day, DUE: self.due_day}
        return {name: day.isoformat() if day else None for name, day in own.items()}


class DailyFact(models.Model):
    """Sums of a branch's tickets of a business day, by type, grid, area class and department; a column per figure.

    The columns are those of rules/measures.py, added below. Always the sum of what TicketFact says was added.
    """

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    type_code = models.CharField(max_length=30)
    grid = models.CharField(max_length=20, blank=True)
    area_class = models.CharField(max_length=1)
    department = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "day", "type_code", "grid", "area_class", "department"], name="dailyfact_once"
            )
        ]
        indexes = [models.Index(fields=["day", "branch"], name="dailyfact_by_day")]


for _measure in DAILY:
    DailyFact.add_to_class(_measure, models.BigIntegerField(default=0, db_default=0))


class FactName(models.Model):
    """What a branch calls its types, grids and departments: figures are kept by code."""

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)  # type_code, grid, department
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "kind", "code"], name="factname_once")]


class FactDifference(models.Model):
    """What the nightly comparison found wrong in a branch's figures, and mended. Only ever added to."""

    branch = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    tickets = models.PositiveIntegerField(default=0)
    sums = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["branch", "-at"], name="factdifference_newest")]
