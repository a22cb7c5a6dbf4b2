"""Systems of others come, get a new token, and go. The branch's administrator decides; nobody approves own things here,
because nothing is approved: a token reads and reports, it decides nothing.

Token and key are made by who asks (credentials.py) and shown by the page; a command takes their kept forms only, so
neither stands in the audit or in a stored answer.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.partners.errors import BadPartner, NameInUse, PartnerNotFound
from apps.partners.models import Partner
from apps.partners.permissions import KEEPERS
from apps.partners.rules.scopes import SCOPES
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

NAME_MOST, DAYS, PER_MINUTE = 60, range(1, 731), range(1, 6001)


@command("partners.connect")
def connect_partner(
    *, public_id: str, title: str, scopes: tuple[str, ...], days: int, per_minute: int, token_hash: str, token_end: str,
    sealed_key: str, by: Actor,
) -> Receipt:  # fmt: skip
    """A system may ask this branch for so many days. Raises BadPartner, NameInUse, NotAllowed."""
    require(by, KEEPERS)
    _judge(title, scopes, days, per_minute)
    now = clock.now()
    partner = Partner(
        public_id=public_id, name=title.strip(), scopes=[one for one in SCOPES if one in scopes], token_hash=token_hash,
        token_end=token_end, signing_key=sealed_key, per_minute=per_minute, expires_at=now + timedelta(days=days),
        made_at=now, made_by_name=by.name[:60],
    )  # fmt: skip
    try:
        with transaction.atomic():
            partner.save(force_insert=True)
    except IntegrityError as error:
        raise NameInUse({"title": [str(NameInUse.message)]}) from error
    return _receipt(partner)


@command("partners.renew")
def renew_token(*, public_id: str, days: int, token_hash: str, token_end: str, by: Actor) -> Receipt:
    """Another token in place of the present one, which is refused from now on. Raises PartnerNotFound, BadPartner."""
    require(by, KEEPERS)
    if days not in DAYS:
        raise BadPartner({"days": [str(BadPartner.message)]})
    partner = _locked(public_id)
    partner.token_hash, partner.token_end = token_hash, token_end
    partner.expires_at = clock.now() + timedelta(days=days)
    partner.save(update_fields=["token_hash", "token_end", "expires_at"])
    return _receipt(partner)


@command("partners.revoke")
def revoke_partner(*, public_id: str, by: Actor) -> Receipt:
    """It is refused at once, and nothing more is sent to it. For ever: a new connection is a new system."""
    require(by, KEEPERS)
    partner = _locked(public_id)
    partner.revoked_at = clock.now()
    partner.save(update_fields=["revoked_at"])
    return _receipt(partner)


def _judge(title: str, scopes: tuple[str, ...], days: int, per_minute: int) -> None:
    checks = {
        "title": 0 < len(title.strip()) <= NAME_MOST, "scopes": bool(scopes) and set(scopes) <= set(SCOPES),
        "days": days in DAYS, "per_minute": per_minute in PER_MINUTE,
    }  # fmt: skip
    if wrong := {name: [str(BadPartner.message)] for name, fine in checks.items() if not fine}:
        raise BadPartner(wrong)


def _locked(public_id: str) -> Partner:
    """Locks the partner's row and nothing else. Raises PartnerNotFound, also for a revoked one."""
    partner = Partner.objects.select_for_update().filter(public_id=public_id, revoked_at=None).first()
    if partner is None:
        raise PartnerNotFound
    return partner


def _receipt(partner: Partner) -> Receipt:
    return Receipt("partner", partner.pk, partner.public_id)
