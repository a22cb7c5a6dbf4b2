"""A branch's organisation, its technicians, its customers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q


class OrgUnit(models.Model):
    """A node of the tree: branch, sub_branch, department or grid. `path` is `/1/4/9/`, ids from the root."""

    KINDS = ("branch", "sub_branch", "department", "grid")

    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=120, unique=True)
    area_class = models.CharField(max_length=1, default="A")
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("branch", "sub_branch", "department", "grid")),
                name="orgunit_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(area_class__in="ABCD"), name="orgunit_area_class_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Technician(models.Model):
    """A person who grabs and works. `open_count` is guarded by conditional updates in services.take_slot.

    Positions are WGS-84; `lat`/`lng` is the last known place on duty, else the grid's base.
    """

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="technician")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="technicians")
    skills = ArrayField(models.CharField(max_length=30), default=list)
    on_duty = models.BooleanField(default=False)
    open_count = models.IntegerField(default=0)
    cap = models.PositiveSmallIntegerField(default=5)
    lat = models.FloatField()
    lng = models.FloatField()
    located_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(open_count__gte=0), name="technician_open_count_not_negative"),
        ]
        indexes = [
            GistIndex(
                Func(F("lat"), F("lng"), function="ll_to_earth"),
                name="technician_nearest",
                condition=Q(on_duty=True),
            )
        ]

    def __str__(self) -> str:
        return self.user.name


class DutySpan(models.Model):
    """From when to when a technician was on duty: the hours that worked hours are measured by. One open span each."""

    technician = models.ForeignKey(Technician, on_delete=models.PROTECT, related_name="duty_spans", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["technician"], condition=Q(ended_at__isnull=True), name="dutyspan_one_open_each"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="dutyspan_ends_after_begin"
            ),
        ]
        indexes = [models.Index(fields=["technician", "-started_at"], name="dutyspan_newest")]


class Customer(models.Model):
    """Who reports. Found again by WeChat identity, account number or phone.

    `proved_phone` is the number that a code or an agent has proved: what was reported with it is theirs to see.
    """

    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True, db_index=True)
    proved_phone = models.CharField(max_length=20, blank=True)
    account_no = models.CharField(max_length=30, blank=True, db_index=True)
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    preferred_language = models.CharField(max_length=5, default="zh")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or self.phone
