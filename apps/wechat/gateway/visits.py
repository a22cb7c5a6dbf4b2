"""Sign-ins through the central host: begun at a branch, come back from WeChat there, handed over to the branch once.

Whose browser it is, only the branch knows: its session keeps the nonce, the row only its sum. Everything that must
not be taken back (who it was, that the ticket was used) is one conditional update.
"""

import secrets
import string
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction
from django.utils.crypto import salted_hmac

from apps.wechat.gateway import people
from apps.wechat.gateway.addressing import open_members
from apps.wechat.gateway.models import SharedAccount, SharedMember, SignInVisit
from steppe.kernel import clock
from tenants.context import in_public
from tenants.models import Tenant

LIFE = timedelta(minutes=10)
TICKET_LIFE = timedelta(seconds=60)
KEPT = timedelta(days=1)
_LETTERS = string.ascii_letters + string.digits


def begin(*, appid: str, tenant: Tenant, page: str, nonce: str) -> str | None:
    """The state of a sign-in that shall end at `page` of this branch; None when it does not use the account (any
    more). One transaction in `public`."""
    with in_public(), transaction.atomic(durable=True):
        member = SharedMember.objects.filter(account__appid=appid, account__enabled=True, tenant_id=tenant.pk).first()
        return (
            _begun(account_id=member.account_id, tenant=tenant, page=page, nonce_sum=sum_of(nonce)) if member else None
        )


def begin_choice(*, account: SharedAccount, page: str) -> str:
    """The state of a visit that ends in choosing the branch. No browser is bound to it: nobody is signed in by it."""
    with in_public(), transaction.atomic(durable=True):
        return _begun(account_id=account.pk, tenant=None, page=page, nonce_sum="")


def come_back(state: str) -> SignInVisit | None:
    """The visit of this state, while it lives and its account is in use. One query in `public`."""
    alive = SignInVisit.objects.filter(state_sum=sum_of(state), expires_at__gt=clock.now(), account__enabled=True)
    with in_public():
        return alive.select_related("account", "tenant").first() if state else None


def restart(visit: SignInVisit) -> str | None:
    """Another state for the same visit, once; None the second time."""
    state = _new_state()
    with in_public(), transaction.atomic(durable=True):
        mine = SignInVisit.objects.filter(pk=visit.pk, openid="", restarted=False)
        return state if mine.update(state_sum=sum_of(state), restarted=True) else None


def hand_over(visit: SignInVisit, *, state: str, openid: str) -> SignInVisit:
    """The visit with who came back, written once: WeChat may ask twice, and each time it leads to the same ticket."""
    with in_public(), transaction.atomic(durable=True):
        mine = SignInVisit.objects.filter(pk=visit.pk)
        mine.filter(openid="").update(openid=openid, ticket_sum=sum_of(ticket_of(state)), came_back_at=clock.now())
        return mine.select_related("account", "tenant").get()


def use(ticket: str, *, appid: str, tenant: Tenant, nonces: Iterable[str]) -> SignInVisit | None:
    """The visit behind the ticket, once, within a minute, at its own branch, in the browser that left; else None,
    and nothing has changed. One transaction in `public`."""
    young = clock.now() - TICKET_LIFE
    with in_public(), transaction.atomic(durable=True):
        rows = SignInVisit.objects.filter(ticket_sum=sum_of(ticket), tenant_id=tenant.pk, account__appid=appid)
        visit = rows.filter(account__enabled=True, came_back_at__gt=young).exclude(openid="").first()
        if visit is None or not _left_here(visit, nonces) or not _is_member(visit.account_id, tenant.pk):
            return None
        return visit if _used_up(visit) else None


def choose(ticket: str, *, slug: str) -> tuple[SignInVisit, Tenant] | None:
    """The person behind the ticket belongs to this branch from now on; None for a ticket that is none (any more).

    Two transactions in `public`: serving the person is repeated harmlessly, then the ticket is used up.
    """
    visit = choosing(ticket)
    if visit is None:
        return None
    branch = next((one for one in open_members(visit.account) if one.slug == slug), None)
    if branch is None:
        return None
    people.serve(openid=visit.openid, appid=visit.account.appid, tenant=branch, by=people.CHOICE)
    with in_public(), transaction.atomic(durable=True):
        return (visit, branch) if _used_up(visit) else None


def choosing(ticket: str) -> SignInVisit | None:
    """The visit that waits for a choice; as long as the visit lives, for reading takes time. One query."""
    rows = SignInVisit.objects.filter(ticket_sum=sum_of(ticket), tenant__isnull=True, used_at__isnull=True)
    with in_public():
        return rows.filter(expires_at__gt=clock.now(), account__enabled=True).select_related("account").first()


def forget_old() -> None:
    """What is over says nothing any more."""
    with in_public(), transaction.atomic():
        old = SignInVisit.objects.filter(expires_at__lt=clock.now() - KEPT).order_by("id")
        SignInVisit.objects.filter(pk__in=old.values("pk")[:5000]).delete()


def _used_up(visit: SignInVisit) -> bool:
    """Whether this call is the one that used the ticket. Only the row's own columns may stand in the condition: one
    that joins becomes a subquery, which a second update that waited for the row does not look at again."""
    return bool(SignInVisit.objects.filter(pk=visit.pk, used_at__isnull=True).update(used_at=clock.now()))


def sum_of(secret: str) -> str:
    """What is kept of a secret that is random enough to need no salt."""
    return sha256(secret.encode()).hexdigest()


def ticket_of(state: str) -> str:
    """Made from the state by our own key: the same state, the same ticket, and nobody else can make it."""
    return salted_hmac("steppe.wechat.gateway.ticket", state, algorithm="sha256").hexdigest()


def _begun(**facts: object) -> str:
    state = _new_state()
    SignInVisit.objects.create(state_sum=sum_of(state), expires_at=clock.now() + LIFE, **facts)
    return state


def _new_state() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(32))


def _left_here(visit: SignInVisit, nonces: Iterable[str]) -> bool:
    """Is one of these the browser's? All are compared, each in constant time."""
    return sum(compare_digest(sum_of(nonce), visit.nonce_sum) for nonce in nonces) > 0


def _is_member(account_id: int, tenant_id: int) -> bool:
    return SharedMember.objects.filter(account_id=account_id, tenant_id=tenant_id).exists()
