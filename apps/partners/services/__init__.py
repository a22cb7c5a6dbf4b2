"""Every write of this room. Each is one use case, one transaction, one idempotency key."""

from apps.partners.services.calls import tell_call
from apps.partners.services.deliveries import retry_delivery
from apps.partners.services.hosts import allow_host, disallow_host
from apps.partners.services.listeners import end_listener, register_listener, resume_listener
from apps.partners.services.partners import connect_partner, renew_token, revoke_partner
from apps.partners.services.tickets import change_ticket, open_for_partner

__all__ = [
    "allow_host", "change_ticket", "connect_partner", "disallow_host", "end_listener", "open_for_partner",
    "register_listener", "renew_token", "resume_listener", "retry_delivery", "revoke_partner",
    "tell_call",
]  # fmt: skip
