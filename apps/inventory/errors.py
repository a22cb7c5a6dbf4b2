"""Why a thing of stock cannot be done: what happened, and what to do next."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class ItemNotFound(NotFound):
    code = "inventory.item_not_found"
    message = _("There is no such item here.")


class PlaceNotFound(NotFound):
    code = "inventory.place_not_found"
    message = _("There is no such store or van here.")


class DocumentNotFound(NotFound):
    code = "inventory.document_not_found"
    message = _("There is no such stock document here.")


class SerialNotFound(NotFound):
    code = "inventory.serial_not_found"
    message = _("There is no such number here.")


class NotEnough(Conflict):
    code = "inventory.not_enough"
    message = _("%(place)s has only %(free)s %(unit)s of %(item)s to give. Take less, or bring more there first.")


class SerialElsewhere(Conflict):
    code = "inventory.serial_elsewhere"
    message = _(
        "These numbers are not in %(place)s: %(numbers)s. Look up where they are, or take them out of the list."
    )


class SerialHeld(Conflict):
    code = "inventory.serial_held"
    message = _("These numbers are entered on a ticket: %(numbers)s. Take another one, or take them off that ticket.")


class SerialKnown(Conflict):
    code = "inventory.serial_known"
    message = _("These numbers are in the books already: %(numbers)s. Check the box, or take them out of the list.")


class WrongState(Conflict):
    code = "inventory.wrong_state"
    message = _("%(number)s cannot do this as it stands now. Reload the page to see how far it is.")


class StaleDocument(Conflict):
    code = "inventory.stale"
    message = _("Somebody changed %(number)s in the meantime. Look at it again, then decide.")


class StaleItem(Conflict):
    code = "inventory.stale_item"
    message = _("Somebody changed %(item)s in the meantime. Look at it again, then decide.")


class OwnDocument(NotAllowed):
    code = "inventory.own_document"
    message = _("Who submitted %(number)s cannot approve it. Ask a colleague who may.")


class OwnShipment(NotAllowed):
    code = "inventory.own_shipment"
    message = _("Who handed out %(number)s cannot receive it. The receiver does, or a colleague.")


class NeedsReceiver(Conflict):
    code = "inventory.needs_receiver"
    message = _("%(number)s is received by whom it is for. Hand it out; %(place)s then confirms on the phone.")


class OwnReversal(NotAllowed):
    code = "inventory.own_reversal"
    message = _("Two people decided %(number)s: who wrote it cannot take it back. Ask a colleague who approves.")


class NotYourPlace(NotAllowed):
    code = "inventory.not_your_place"
    message = _("%(place)s is not yours to use. Ask its storekeeper.")


class BadDocument(Invalid):
    code = "inventory.bad_document"


class BadItem(Invalid):
    code = "inventory.bad_item"


class TooManyLines(Conflict):
    code = "inventory.too_many_lines"
    message = _("%(number)s has too many lines for this page. Withdraw it and bring the mended file instead.")


class ImportNotFound(NotFound):
    code = "inventory.import_not_found"
    message = _("There is no such file here, or it was brought more than a week ago.")


class BadQuestion(Invalid):
    code = "inventory.bad_question"


class NoVan(Conflict):
    code = "inventory.no_van"
    message = _("You have no van stock yet. Ask the storekeeper to open it and to issue what you need.")


class NotHere(Conflict):
    code = "inventory.not_here"
    message = _(
        "%(place)s has no box with the number %(number)s. Check the number; a box of somebody else's is first issued "
        "to you."
    )


class NotForThisType(Conflict):
    code = "inventory.not_for_this_type"
    message = _(
        "%(item)s is not for tickets of this type. Take it off, or ask the storekeeper to allow it for the type."
    )


class MaterialNotFound(NotFound):
    code = "inventory.material_not_found"
    message = _("This line is not on the ticket any more. Reload the page.")


class AboveNorm(Conflict):
    code = "inventory.above_norm"
    message = _("Far above the norm: %(lines)s. Write down why at the material of this ticket, then finish it.")


class RecoveryMissing(Conflict):
    code = "inventory.recovery_missing"
    message = _(
        "On a ticket of this type a device comes back. Enter its number at the material of this ticket, or say why "
        "there is none; then finish it."
    )


class SerialMismatch(Invalid):
    code = "inventory.serial_mismatch"
    message = _(
        "The material of this ticket says %(numbers)s. Enter that number here, or correct the material; then finish it."
    )


class NotAtCustomer(Conflict):
    code = "inventory.not_at_customer"
    message = _("The books have %(number)s in %(place)s, not at a customer. Check the number on the box.")


class BadMaterial(Invalid):
    code = "inventory.bad_material"


class CountNotFound(NotFound):
    code = "inventory.count_not_found"
    message = _("There is no such stocktake here.")


class CountOpen(Conflict):
    code = "inventory.count_open"
    message = _("%(number)s is counting these goods in %(place)s already. Count there, or withdraw it first.")


class CountUnfinished(Conflict):
    code = "inventory.count_unfinished"
    message = _("%(left)s shelves have not been counted. Count them, or close without them: they stay as they are.")


class CountMovedOn(Conflict):
    code = "inventory.count_moved_on"
    message = _("Units of %(number)s have moved since it was closed. Work it out again, look at it, then decide.")


class CountReserved(Conflict):
    code = "inventory.count_reserved"
    message = _(
        "%(missing)s %(unit)s of %(item)s are missing, only %(free)s are free: tickets hold the rest, or it has left. "
        "Take it off those tickets, or send the count back."
    )


class OwnCount(NotAllowed):
    code = "inventory.own_count"
    message = _("Who opened, counted or closed %(number)s cannot decide about it. Ask a colleague who may.")


class CountBlind(NotAllowed):
    code = "inventory.count_blind"
    message = _("Who takes part in %(number)s sees its figures when it is decided.")


class ScanUnknown(Conflict):
    code = "inventory.scan_unknown"
    message = _("Nobody here knows %(code)s. Choose whose number it is, then it counts as found.")


class TallyNotFound(NotFound):
    code = "inventory.tally_not_found"
    message = _("There is nothing of yours to take back here.")


class BadCount(Invalid):
    code = "inventory.bad_count"


class BadTally(Invalid):
    code = "inventory.bad_tally"
