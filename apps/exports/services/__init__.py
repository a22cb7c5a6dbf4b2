"""Every write of this room: asking, cancelling, taking the file; the making of it stands in making.py."""

from apps.exports.services.asking import ask_export, cancel_export
from apps.exports.services.handing import HandedOut, hand_out
from apps.exports.services.making import make, waiting_exports
from apps.exports.services.tidying import forget_exports

__all__ = ["HandedOut", "ask_export", "cancel_export", "forget_exports", "hand_out", "make", "waiting_exports"]
