"""Cases that go from one branch to another."""

from django.db import models


class Handover(models.Model):
    """A case between two branches (domain.md §3.6): the one record both share. No name, no phone, no door in it.

    asked → agreed → offered → accepted → done; refused by the target it is `agreed` again; or declined by headquarters,
    withdrawn by the source (which may also say no when asked), overtaken because the ticket ended there. `begun`:
    headquarters asked, and `wish` is where it sends the case once the source agrees. `moving`: the branches do not know
    of it yet (services/driving.py tells them). `trouble`: why the last try to do so failed.
    """

    STATES = ("asked", "agreed", "offered", "accepted", "done", "declined", "withdrawn", "overtaken")

    link_id = models.CharField(max_length=16, unique=True)
    source = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+")
    source_ticket = models.CharField(max_length=16)
    source_ticket_no = models.CharField(max_length=24)
    target = models.ForeignKey("tenants.Tenant", null=True, on_delete=models.PROTECT, related_name="+")
    target_ticket = models.CharField(max_length=16, blank=True)
    target_ticket_no = models.CharField(max_length=24, blank=True)
    wish = models.CharField(max_length=8, blank=True)
    offer = models.JSONField()
    state = models.CharField(max_length=10, default="agreed")
    moving = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=0)  # how often it was routed
    hops = models.PositiveSmallIntegerField(default=1)  # how often this case was handed over, this time included
    answer = models.CharField(max_length=300, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    begun = models.BooleanField(db_default=False)
    asked_by = models.CharField(max_length=60, blank=True, db_default="")
    asked_at = models.DateTimeField(null=True)  # unknown of those that were agreed before it was noted
    agreed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-changed_at"], name="handover_by_state"),
            models.Index(fields=["source"], name="handover_moving", condition=models.Q(moving=True)),
            models.Index(fields=["target_ticket"], name="handover_came_as"),
            models.Index(fields=["source_ticket"], name="handover_went_as"),
        ]


class HandoverStep(models.Model):
    """What happened to a hand-over, by whom and where; append-only."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=12)
    by_name = models.CharField(max_length=60, blank=True)
    branch = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
