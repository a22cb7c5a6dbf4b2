"""Accounts: staff in a branch's schema, headquarters' people in `public`. The two never meet."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


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
    session_epoch = models.PositiveIntegerField(default=0)  # one more ends every session there is

    objects = UserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be believed."""
        return session_hash(self.password, self.session_epoch)


def session_hash(encoded_password: str, session_epoch: int) -> str:
    """Another after every change of the password and every signing out everywhere. Pure."""
    return salted_hmac("steppe.session", f"{session_epoch}:{encoded_password}", algorithm="sha256").hexdigest()


class RoleGrant(models.Model):
    """A role held at a node of the organisation; `/` at headquarters, `/1/` for a whole branch."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", db_index=False)
    role = models.CharField(max_length=20)
    org_path = models.CharField(max_length=120)  # no default: "/" is everything, and everything must be said

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "org_path"], name="rolegrant_once"),
            # an empty path is the beginning of every other
            models.CheckConstraint(
                condition=models.Q(org_path__regex=r"^/([0-9]+/)*$"), name="rolegrant_path_is_a_node"
            ),
        ]


class SignInAttempt(models.Model):
    """Tries of one account from one address, of an account from anywhere ("*"), or of anybody ("") from an address.

    Since the last success; delays grow, nobody is locked out for ever (apps.people.signing_in).
    """

    username = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=timezone.now, db_index=True)
    blocked_until = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)  # the account last signed in from here

    class Meta:
        constraints = [models.UniqueConstraint(fields=["username", "address"], name="signinattempt_once")]
