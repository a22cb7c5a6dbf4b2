"""Accounts: staff in a branch's schema, headquarters' people in `public`. The two never meet."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Accounts are made by apps.people.services; this only serves Django's own needs."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """One person with a personal sign-in. `is_active` is the only switch: off closes every session at once."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    work_no = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role held at a node of the organisation; `/` at headquarters, `/1/` for a whole branch."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20)
    org_path = models.CharField(max_length=120, default="/")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role", "org_path"], name="rolegrant_once")]


class SignInAttempt(models.Model):
    """Failed tries of one account from one address; delays grow, nobody is locked out for ever."""

    username = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    blocked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["username", "address"], name="signinattempt_once")]
