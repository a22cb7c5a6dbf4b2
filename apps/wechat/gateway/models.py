"""What stands above the branches: the raw inbox of callbacks, accounts that several branches share, sign-ins through
the central host, and tokens while Valkey is away. Public schema."""

from django.db import models
from django.db.models import Q


class Inbox(models.Model):
    """One callback of one branch's account; `dedupe` makes its repetitions the same row.

    Waiting while `done_at` is null; after MOST_TRIES attempts it is a dead letter, which blocks nobody.
    `outcome` is `done` or `ignored`; `asked` while nobody knows the branch of a shared account's person (an empty
    `schema_name`) and the person was asked to choose it.
    """

    appid = models.CharField(max_length=40)
    dedupe = models.CharField(max_length=64, unique=True)
    schema_name = models.CharField(max_length=63)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["schema_name", "next_try_at"], name="inbox_waiting", condition=Q(done_at__isnull=True))
        ]


class SharedAccount(models.Model):
    """A service account of headquarters that several branches use; secrets sealed as in a branch (calls/vault.py).

    Its callback is `/wx/cb/<key>` at the central host, its web sign-in comes back there too. `templates` are those of
    its branches (WxAccount.templates). `aes_key` was changed last at `rotated_at`; the one before is still accepted.
    """

    appid = models.CharField(max_length=40, unique=True)
    original_id = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    app_secret = models.TextField()
    token = models.TextField()
    aes_key = models.TextField()
    previous_aes_key = models.TextField(blank=True)
    key = models.CharField(max_length=40, unique=True)
    enabled = models.BooleanField(default=True)
    templates = models.JSONField(default=dict, blank=True)
    rotated_at = models.DateTimeField(null=True)
    verify_files = models.JSONField(default=dict, blank=True)
    verified_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SharedMember(models.Model):
    """A branch that uses a shared account; never two at once."""

    account = models.ForeignKey(SharedAccount, on_delete=models.CASCADE, related_name="members", db_index=False)
    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "tenant"], name="sharedmember_once"),
            models.UniqueConstraint(fields=["tenant"], name="sharedmember_one_account"),
        ]


class SharedPerson(models.Model):
    """Which branch a person of a shared account belongs to, by binding, QR scene, their own choice or first visit.

    `known_in` lists the ids of all branches that know the person: each hears of following and of its own receipts.
    A branch that is no member any more counts for nothing, here and there.
    """

    account = models.ForeignKey(SharedAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    openid = models.CharField(max_length=64)
    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=10)
    at = models.DateTimeField()
    known_in = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="sharedperson_once")]


class SignInVisit(models.Model):
    """A sign-in through the central host: begun at a branch (`state`), come back with a person, handed over once.

    Only sums of the secrets are kept. `nonce_sum` binds it to the browser that left; `ticket_sum` is good for a
    minute, once (`used_at`). Without a `tenant` it ends in the choice of one. `restarted`: the code was spent and
    another one asked for, which happens once.
    """

    state_sum = models.CharField(max_length=64, unique=True)
    nonce_sum = models.CharField(max_length=64)
    ticket_sum = models.CharField(max_length=64, blank=True)
    account = models.ForeignKey(SharedAccount, on_delete=models.CASCADE, related_name="+")
    tenant = models.ForeignKey("tenants.Tenant", null=True, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=500)
    openid = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    restarted = models.BooleanField(default=False)
    came_back_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket_sum"], name="signinvisit_ticket_once", condition=~Q(ticket_sum=""))
        ]


class KeptValue(models.Model):
    """Shared by all processes also while Valkey is away: sealed tokens and tickets, locks, failures (calls/kept.py)."""

    name = models.CharField(max_length=160, unique=True)
    sealed = models.TextField()
    expires_at = models.DateTimeField()
