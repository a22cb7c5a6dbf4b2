"""Ticket types of all branches as headquarters knows them: what each uses, what counts as the same, the templates."""

from django.db import models

BRANCH = "tenants.Tenant"


class BranchType(models.Model):
    """A type as a branch had it at `seen_at`: its version in force, and `digest` of what that says. `claimed`: the
    common code it chose for it itself."""

    branch = models.ForeignKey(BRANCH, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40, blank=True)
    claimed = models.CharField(max_length=30, blank=True)
    number = models.PositiveIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "code"], name="branchtype_once")]


class TypeMapping(models.Model):
    """Headquarters' word on what a branch's own type counts as; it goes before what the branch chose."""

    branch = models.ForeignKey(BRANCH, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    common_code = models.CharField(max_length=30)
    decided_by = models.CharField(max_length=40)
    decided_by_name = models.CharField(max_length=60)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "code"], name="typemapping_once")]


class TypeTemplate(models.Model):
    """A version of a template, offered to the branches; only ever added to. Version 1 is the catalogue's own and has
    no row. `source`: the branch whose definition it was."""

    code = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    face = models.JSONField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200)
    source = models.ForeignKey(BRANCH, on_delete=models.PROTECT, related_name="+")
    published_by = models.CharField(max_length=40)
    published_by_name = models.CharField(max_length=60)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="typetemplate_numbered_once")]
