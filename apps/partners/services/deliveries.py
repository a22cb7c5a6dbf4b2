"""An event that did not arrive is sent once more by hand, under the same id and with the same body."""

from uuid import UUID

from apps.partners.errors import DeliveryNotFound, NotRetryable
from apps.partners.models import Delivery, Status
from apps.partners.permissions import KEEPERS
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command


@command("partners.retry_delivery")
def retry_delivery(*, event_id: str, by: Actor) -> Receipt:
    """Now, and with all later tries again: for what is dead, or waits for its next try. Raises NotRetryable."""
    require(by, KEEPERS)
    row = Delivery.objects.filter(event_id=event_id).first() if _is_id(event_id) else None
    if row is None:
        raise DeliveryNotFound
    open_to_it = Delivery.objects.filter(pk=row.pk, status__in=[Status.DEAD, Status.PENDING])
    if not open_to_it.update(status=Status.PENDING, tries=0, next_try_at=clock.now(), locked_until=None):
        raise NotRetryable
    return Receipt("delivery", row.pk, str(row.event_id))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
