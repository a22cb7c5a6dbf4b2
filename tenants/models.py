"""Who the branch companies are. Public schema; one tenant = one branch = one schema = one subdomain."""

import uuid

from django.db import models
from django.db.models import Q
from django_tenants.models import DomainMixin, TenantMixin


class Status(models.TextChoices):
    """A branch serves requests only while `active`; every door asks."""

    PROVISIONING = "provisioning"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"


class Tenant(TenantMixin):
    """A branch company, or headquarters (`public`).

    `schema_name` is random and never the brand; `uuid` names files, salts and sealed secrets, because a
    restore changes the schema's name. `policy` holds what this branch decided otherwise (tenants.policy).
    """

    auto_create_schema = False
    auto_drop_schema = False

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=8, unique=True)
    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.PROVISIONING)
    policy = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(schema_name="public") | Q(schema_name__regex=r"^t_[a-z0-9]{6,20}$"),
                name="tenant_schema_name_is_random",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="tenant_status_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name of a branch, without port."""


class PolicyChange(models.Model):
    """What a branch decided anew: each value before and after, by whom and when. Only ever added to."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="policy_changes", db_index=False)
    changes = models.JSONField()
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "-at"], name="policychange_newest")]


class Blueprint(models.Model):
    """What the migrations of one release tell the database to make a branch's tables (tenants.blueprint)."""

    release = models.CharField(max_length=64, primary_key=True)
    script = models.TextField()
    made_at = models.DateTimeField()


class WeChatRoute(models.Model):
    """Which branch a WeChat callback key belongs to; the account itself stands in the branch's schema.

    For a shared account it only says that the branch has one: that account is heard at the central host alone.
    """

    key = models.CharField(max_length=40, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="wechat_routes")
    appid = models.CharField(max_length=40)
    enabled = models.BooleanField(default=True)


class RelayLease(models.Model):
    """Which relay looks after a branch, until when by the database's clock. Only spares work: see tenants.leases."""

    tenant = models.OneToOneField(Tenant, primary_key=True, on_delete=models.CASCADE, related_name="+")
    owner = models.CharField(max_length=64)
    until = models.DateTimeField()
