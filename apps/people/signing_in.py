"""Signing in, and how guessing is slowed down: by a growing wait, never by a lock that somebody else could close.

Counted are the wrong tries of an account from one address, of an account from anywhere, and from one address for
any account. Only the first is tight: the other two are for guesses that change the address or the name each time.
Where an account has signed in before, only the first counts, so that nobody can keep its owner out from elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from apps.people.accounts.models import SignInAttempt, User
from apps.people.errors import TooManySignIns, WrongPassword
from steppe.kernel import clock, journal_store
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.db import connection
from steppe.kernel.names import PUBLIC

ANYWHERE = "*"  # no address looks so
ANYBODY = ""  # no account is called so
KNOWN_FOR = timedelta(days=30)  # so long an address at which an account signed in is its own
FORGOTTEN = timedelta(days=30)  # so long a count is kept at all


@dataclass(frozen=True)
class Patience:
    """How many tries are free, how long the wait may grow, and after what silence all is forgotten."""

    free: int
    longest_s: int
    silence: timedelta

    def wait(self, tries: int) -> timedelta | None:
        """After so many tries: nothing, or 5 s, doubled with each one more. Pure."""
        over = tries - self.free
        return timedelta(seconds=min(self.longest_s, 5 * 2 ** min(over, 10))) if over >= 0 else None


HERE = Patience(free=5, longest_s=300, silence=timedelta(days=1))
ACCOUNT = Patience(free=30, longest_s=60, silence=timedelta(hours=1))
ADDRESS = Patience(free=100, longest_s=60, silence=timedelta(hours=1))  # a whole office stands behind one


def sign_in(*, username: str, password: str, address: str) -> User:
    """The account behind these credentials; every try leaves an audit row.

    Raises WrongPassword (the same for an unknown name) or TooManySignIns with the seconds to wait.
    """
    told = {"username": username[:40], "from": address[:45]}
    with journal_store.refusals_noted("people.sign_in", ANONYMOUS, told):
        known = _count(username[:40], address[:45])
        user = _account_behind(username=username, password=password)
    _well_done(username[:40], address[:45], known)
    by = Actor(kind="hq" if connection.schema_name == PUBLIC else "staff", id=user.pk, name=user.name)
    journal_store.write_note("people.sign_in", by, told, entity="user", entity_id=user.pk)
    return user


def forget_old_attempts() -> int:
    """Counts and known addresses that no longer matter; returns how many. Two queries."""
    return SignInAttempt.objects.filter(counted_at__lt=clock.now() - FORGOTTEN).delete()[0]


def _account_behind(*, username: str, password: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        User().set_password(password)  # the same work for an unknown name: time tells nothing
    if user is None or not user.check_password(password) or not user.is_active:
        raise WrongPassword
    return user


def _count(username: str, address: str) -> bool:
    """Count this try before its password is looked at, so that a hundred at once are no way around.

    Returns whether the account knows this address. Raises TooManySignIns; such a try counts nothing.
    Locks the counts in the order account and address, account, address.
    """
    with transaction.atomic():
        here = _spend(username, address, HERE)
        if here.good_at and here.good_at > clock.now() - KNOWN_FOR:
            return True
        _spend(username, ANYWHERE, ACCOUNT)
        if address:
            _spend(ANYBODY, address, ADDRESS)
    return False


def _spend(username: str, address: str, patience: Patience) -> SignInAttempt:
    SignInAttempt.objects.get_or_create(username=username, address=address)
    attempt = SignInAttempt.objects.select_for_update().get(username=username, address=address)
    now = clock.now()
    if attempt.blocked_until and attempt.blocked_until > now:
        raise TooManySignIns(seconds=ceil((attempt.blocked_until - now).total_seconds()))
    attempt.failures = 1 + (attempt.failures if _recent(attempt, now, patience) else 0)
    wait = patience.wait(attempt.failures)
    attempt.counted_at, attempt.blocked_until = now, now + wait if wait else None
    attempt.save()
    return attempt


def _recent(attempt: SignInAttempt, now: datetime, patience: Patience) -> bool:
    return attempt.counted_at > now - patience.silence


def _well_done(username: str, address: str, known: bool) -> None:
    """The account starts afresh and knows this address. The address keeps its wrong tries: one good one hides none."""
    mine = SignInAttempt.objects.filter(username=username)
    mine.filter(address__in=(address, ANYWHERE)).update(failures=0, blocked_until=None)
    mine.filter(address=address).update(good_at=clock.now())
    if not known:
        less = Greatest(F("failures") - 1, 0)
        SignInAttempt.objects.filter(username=ANYBODY, address=address).update(failures=less)
