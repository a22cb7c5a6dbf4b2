"""Consents: who agreed to which text when, and took it back. Nothing is stored of a position without one."""

from apps.people import privacy as people
from apps.wechat.models import Consent
from apps.wechat.rules import consent_texts as texts
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt, command
from steppe.kernel.errors import NotAllowed


def stands(who: str, purpose: str) -> bool:
    """Does this person's yes to the present text stand? `who` is the name in the journal. One query."""
    return newest(who, purpose) is not None


def newest(who: str, purpose: str) -> Consent | None:
    """The yes that stands now. One query."""
    rows = Consent.objects.filter(who=who[:40], purpose=purpose, withdrawn_at__isnull=True)
    found = rows.order_by("-given_at").first()
    return found if found and texts.is_current(purpose, found.text_sum) else None


def note(who: str, purpose: str, version: str) -> bool:
    """A yes given together with something else (a report, a number). False for another text than the present one.

    A step in an open transaction or alone; twice is once.
    """
    text = texts.text(purpose)
    if version != text.version:
        return False
    if not stands(who, purpose):
        Consent.objects.create(
            who=who[:40], purpose=purpose, version=text.version, text_sum=text.sum, given_at=clock.now()
        )
    return True


@command("wechat.give_consent")
def give_location_consent(*, by: Actor) -> Receipt:
    """A technician agrees to positions in duty hours. Raises NotAllowed."""
    if by.technician_id is None:
        raise NotAllowed
    note(by.ref, texts.LOCATION, texts.text(texts.LOCATION).version)
    return Receipt("consent", by.technician_id, facts={"purpose": texts.LOCATION})


@command("wechat.withdraw_consent")
def withdraw_location_consent(*, by: Actor) -> Receipt:
    """Taken back: the position that is known goes at once, duty goes on. Raises NotAllowed."""
    if by.technician_id is None:
        raise NotAllowed
    rows = Consent.objects.filter(who=by.ref, purpose=texts.LOCATION, withdrawn_at__isnull=True)
    rows.update(withdrawn_at=clock.now())
    people.forget_position(technician_id=by.technician_id)
    return Receipt("consent", by.technician_id, facts={"purpose": texts.LOCATION})


class Kept:
    """The consents that this room keeps, for the rooms that store positions (apps.people.consents)."""

    def stands(self, who: str, purpose: str) -> bool:
        return stands(who, purpose)

    def note(self, who: str, purpose: str, version: str) -> bool:
        return note(who, purpose, version)
