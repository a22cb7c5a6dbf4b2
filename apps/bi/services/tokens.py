"""A person makes a token for the reports, and takes it back. It is shown by the page that made it and kept nowhere."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.bi.access.models import ReportToken
from apps.bi.errors import BadToken, TokenNameInUse, TokenNotFound, TooManyTokens
from apps.bi.permissions import ALL_READERS, keeps_the_reader
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed

NAME_MOST, DAYS, MOST = 60, range(1, 367), 20


@command("bi.make_token")
def make_token(*, public_id: str, title: str, days: int, token_hash: str, token_end: str, by: Actor) -> Receipt:
    """For so many days. Takes the kept form only, so that no token stands in the audit.

    Raises BadToken, TokenNameInUse, TooManyTokens, NotAllowed.
    """
    require(by, ALL_READERS)
    _judge(title, days)
    if by.id is None:
        raise NotAllowed
    if ReportToken.objects.filter(user_id=by.id, revoked_at=None).count() >= MOST:
        raise TooManyTokens(most=MOST)
    now = clock.now()
    token = ReportToken(
        public_id=public_id, user_id=by.id, name=title.strip(), token_hash=token_hash, token_end=token_end, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError as error:
        raise TokenNameInUse({"title": [str(TokenNameInUse.message)]}) from error
    return Receipt("report_token", token.pk, public_id)


@command("bi.revoke_token")
def revoke_token(*, public_id: str, by: Actor) -> Receipt:
    """The own one, or anybody's for who looks after them: refused from now on, for ever. Raises TokenNotFound."""
    require(by, ALL_READERS)
    token = ReportToken.objects.select_for_update().filter(public_id=public_id, revoked_at=None).first()
    if token is None or not (token.user_id == by.id or keeps_the_reader(by)):
        raise TokenNotFound
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    return Receipt("report_token", token.pk, public_id)


def _judge(title: str, days: int) -> None:
    checks = {"title": 0 < len(title.strip()) <= NAME_MOST, "days": days in DAYS}
    if wrong := {name: [str(BadToken.message)] for name, fine in checks.items() if not fine}:
        raise BadToken(wrong)
