"""What this room tidies every night, in every branch and at headquarters."""

from apps.people.privacy import forget_old_positions
from apps.people.signing_in import forget_old_attempts
from steppe.kernel.sessions import SessionStore
from tenants.fanout import nightly

nightly("people.sessions", headquarters=True)(SessionStore.clear_expired)
nightly("people.sign_in_attempts", headquarters=True)(forget_old_attempts)
nightly("people.positions")(forget_old_positions)
