"""Refusals about tickets, each a sentence a technician or a dispatcher can act on."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound


class TicketNotFound(NotFound):
    code = "tickets.not_found"
    message = _("We could not find this ticket.")


class AlreadyTaken(Conflict):
    """Names who won and when (`winner`, `at` as HH:MM)."""

    code = "tickets.already_taken"
    message = _("%(winner)s took this ticket at %(at)s.")


class NotInPool(Conflict):
    code = "tickets.not_in_pool"
    message = _("This ticket is no longer in the pool. Take another one.")


class LikelyDuplicate(Conflict):
    """Names the open one (`no`, `public_id`); the report is taken with `anyway`."""

    code = "tickets.likely_duplicate"
    message = _(
        "This customer has an open ticket of this kind already: %(no)s."
        " Urge that one, or say that this is another matter."
    )


class SkillMissing(Conflict):
    code = "tickets.skill_missing"
    message = _(
        "This kind of ticket needs a skill that is not on your record."
        " Take another one; the branch administrator adds skills."
    )


class GaveItBack(Conflict):
    code = "tickets.gave_it_back"
    message = _("You gave this ticket back. Somebody else can take it; you can after %(hours)s hours.")


class IllegalTransition(Conflict):
    code = "tickets.illegal_transition"
    message = _(
        "This step is not possible now: the ticket is “%(state)s”. Look at it again; it shows what is possible."
    )


class StaleVersion(Conflict):
    code = "tickets.stale_version"
    message = _("The ticket has changed since you opened it. Look at it again, then decide.")


class NotYourTicket(Conflict):
    code = "tickets.not_your_ticket"
    message = _("This ticket is with %(holder)s, and only who has it does this. The dispatcher can reassign it.")


class DeclinedTooOften(Conflict):
    """`times`: how many of a month's the branch allows."""

    code = "tickets.declined_too_often"
    message = _(
        "You have declined %(times)s dispatched tickets this month, as many as the branch allows."
        " Accept it, then ask for somebody else."
    )


class DirectTooOften(Conflict):
    """`times`: how many of this month the branch allows."""

    code = "tickets.direct_too_often"
    message = _(
        "You have entered %(times)s tickets yourself this month, as many as the branch allows."
        " Ask the desk to enter this one; it then stands in the pool."
    )


class OutOfReach(Invalid):
    code = "tickets.out_of_reach"
    message = _("This place is in none of your areas. Check the address, or ask the desk to enter the ticket.")


class SameTechnician(Conflict):
    code = "tickets.same_technician"
    message = _("%(name)s already has this ticket. Choose somebody else.")


class ReasonMissing(Invalid):
    code = "tickets.reason_missing"
    message = _("Please give a reason.")


class UnknownReason(Invalid):
    """`reasons`: the words of those that count; their codes: GET reasons/{step}."""

    code = "tickets.unknown_reason"
    message = _("Please choose one of these reasons: %(reasons)s.")


class TooFar(Conflict):
    code = "tickets.too_far"
    message = _("You are about %(km)s km away. To check in from here, give a reason and add a photo.")


class ArrivalPhotoMissing(Invalid):
    code = "tickets.arrival_photo_missing"
    message = _("Please add a photo that shows where you are.")


class ReopenLimit(Conflict):
    code = "tickets.reopen_limit"
    message = _("This ticket was sent back %(times)s times already. Open a new one that follows this one.")


class NotAPicture(Invalid):
    code = "tickets.not_a_picture"
    message = _("This file is not a picture we can read. Please choose a JPEG or PNG photo.")


class PictureTooLarge(Invalid):
    code = "tickets.picture_too_large"
    message = _("This picture is too large: at most %(mb)s MB and 50 million pixels. Please choose a smaller one.")


class PictureIsHeic(Invalid):
    code = "tickets.picture_is_heic"
    message = _("We cannot read HEIC pictures. Please send it as JPEG (in the camera's settings: “Most compatible”).")


class NotADocument(Invalid):
    code = "tickets.not_a_document"
    message = _("This PDF is damaged or holds something else as well. Please save it as PDF once more and send that.")


class DocumentIsLocked(Invalid):
    code = "tickets.document_is_locked"
    message = _("This PDF is protected by a password. Please send a copy without one.")


class DocumentRunsSomething(Invalid):
    code = "tickets.document_runs_something"
    message = _("This PDF contains a script or another file inside. Please print it to PDF and send that.")


class FileTooLarge(Invalid):
    code = "tickets.file_too_large"
    message = _("This file is larger than %(mb)s MB. Please send a smaller one.")


class TooManyFiles(Invalid):
    code = "tickets.too_many_files"
    message = _("A ticket holds at most %(most)s photos and documents. Please leave some out.")


class NoFileChosen(Invalid):
    code = "tickets.no_file_chosen"
    message = _("Please choose a photo or a document first.")


class NoFile(NotFound):
    code = "tickets.no_file"
    message = _("We could not find this file at the ticket.")


class FileStays(Conflict):
    code = "tickets.file_stays"
    message = _("This file came with the report or proves the work; it stays with the ticket.")


class BadAnswers(Invalid):
    """`fields` names each: `fields.symptom` of the report, `outcome.power_dbm` of the completion."""

    code = "tickets.bad_answers"
    message = _("Please look at the marked fields: something is missing or cannot be.")


class PhotosMissing(Invalid):
    code = "tickets.photos_missing"
    message = _("At least %(least)s photos of the work, please.")


class TypeNotFound(NotFound):
    code = "tickets.type_not_found"
    message = _("We could not find this type of ticket.")


class BadType(Invalid):
    """`fields` names each part: `name_zh`, `definition.fields.2.options`."""

    code = "tickets.bad_type"
    message = _("Nothing was published: please look at the marked parts.")


class TypeCodeTaken(Invalid):
    code = "tickets.type_code_taken"
    message = _("Another type of this branch has this code. Please choose another one.")


class TypeMoved(Conflict):
    code = "tickets.type_moved"
    message = _("%(name)s has published version %(number)s meanwhile. Look at it, then decide; yours is still here.")


class UnknownType(Invalid):
    code = "tickets.unknown_type"
    message = _("Please choose what is broken.")


class AddressMissing(Invalid):
    code = "tickets.address_missing"
    message = _("Please tell us the address, or share your location.")


class UnknownGrid(Invalid):
    code = "tickets.unknown_grid"
    message = _("Please choose the grid it belongs to.")


class AlreadyPlaced(Conflict):
    code = "tickets.already_placed"
    message = _("This ticket belongs to a grid already. To move it, transfer it.")


class SelfCallback(Conflict):
    code = "tickets.self_callback"
    message = _("You worked on or dispatched this ticket; somebody else has to make the callback.")


class PhotoMissing(Invalid):
    code = "tickets.photo_missing"
    message = _("Please add a photo of what you found there.")


class BadHold(Invalid):
    code = "tickets.bad_hold"
    message = _("Please choose a reason and a time from which the work goes on.")


class HoldTooLong(Conflict):
    code = "tickets.hold_too_long"
    message = _("For this reason a ticket may rest for %(hours)s hours in all. Choose an earlier time.")


class HoldOver(Conflict):
    code = "tickets.hold_over"
    message = _("The hold was asked for until a time that is over. Refuse it; whoever needs it asks for a later time.")


class NotAllowedClass(Conflict):
    code = "tickets.hold_needs_branch"
    message = _("A hold for force majeure is approved by the branch administrator.")


class AlreadyAsked(Conflict):
    code = "tickets.already_asked"
    message = _("%(name)s has asked for something on this ticket already. Decide that first.")


class NothingAsked(Conflict):
    code = "tickets.nothing_asked"
    message = _(
        "Nothing is waiting for your decision on this ticket. Somebody decided, or it was taken back: look at it again."
    )


class OwnRequest(Conflict):
    code = "tickets.own_request"
    message = _("You asked for this yourself; somebody else has to decide.")


class UnknownUnit(Invalid):
    code = "tickets.unknown_unit"
    message = _("Please choose the department or unit.")


class SameUnit(Conflict):
    code = "tickets.same_unit"
    message = _("The ticket is with %(name)s already. Choose another unit.")


class TransferLocked(Conflict):
    code = "tickets.transfer_locked"
    message = _("This ticket was transferred %(times)s times. The branch administrator decides where it belongs.")


class TooDeep(Conflict):
    code = "tickets.too_deep"
    message = _("A child ticket cannot have children. Raise it on the parent.")


class ChildrenOpen(Conflict):
    code = "tickets.children_open"
    message = _("Finish the child tickets first: %(numbers)s.")


class ChildrenTaken(Conflict):
    """`numbers`: the child tickets that somebody has accepted."""

    code = "tickets.children_taken"
    message = _("Somebody is working on the child tickets already: %(numbers)s. Finish or cancel those first.")


class BadSlot(Invalid):
    code = "tickets.bad_slot"
    message = _("Please choose a time that lies ahead, and why it was changed.")


class NotYetAgain(Conflict):
    code = "tickets.not_yet_again"
    message = _("We have been urged just now. You can urge again in %(minutes)s minutes.")


class OnlyDispatcher(Conflict):
    code = "tickets.only_dispatcher"
    message = _("At this stage only the dispatcher can do this. Please call.")


class SameType(Conflict):
    code = "tickets.same_type"
    message = _("The ticket is of the type “%(name)s” already. Choose another type.")


class BadPriority(Invalid):
    code = "tickets.bad_priority"
    message = _("Please choose another priority, from P0 to P3.")


class NotAnIncident(Conflict):
    code = "tickets.not_an_incident"
    message = _("%(number)s is not a network incident. Choose one, or make it one first.")


class MergeIntoWhatIsOver(Conflict):
    code = "tickets.merge_into_what_is_over"
    message = _("%(number)s is over. Merge into a ticket that is open, or let this one stand by itself.")


class NoSuchNumber(Invalid):
    code = "tickets.no_such_number"
    message = _("There is no ticket of this number here. Enter it as it stands on its page, such as 812.")


class IncidentOver(Conflict):
    code = "tickets.incident_over"
    message = _("The incident %(number)s is over. Link this report to an open one.")


class NotLinked(Conflict):
    code = "tickets.not_linked"
    message = _("This ticket is a report of no incident. Look at it again; it shows what is possible.")


class NotATrouble(Conflict):
    code = "tickets.not_a_trouble"
    message = _("%(number)s is not a fault that an incident could cause. Leave it out; only fault reports are linked.")


class MergeIntoItself(Conflict):
    code = "tickets.merge_into_itself"
    message = _("Please choose another ticket to merge into.")


class RemoteNotAllowed(Conflict):
    code = "tickets.remote_not_allowed"
    message = _("This kind of ticket cannot be handled from afar. Check in on site.")


class BadShares(Invalid):
    code = "tickets.bad_shares"
    message = _("The shares of all who worked must add up to a hundred per cent.")


class FeeOpen(Conflict):
    code = "tickets.fee_open"
    message = _("Record the receipt of every fee, or waive it with a reason.")


class NoOpenCharge(Conflict):
    code = "tickets.no_open_charge"
    message = _("This charge is settled already, or was taken off. Look at the charges of the ticket again.")


class NoHelper(Conflict):
    code = "tickets.no_helper"
    message = _("This colleague has no share of the ticket. Look at who worked on it again.")


class ReopenTooLate(Conflict):
    code = "tickets.reopen_too_late"
    message = _("This ticket was closed more than %(days)s days ago. Open a new one; it will be linked.")


class DissatisfactionUnexplained(Invalid):
    code = "tickets.dissatisfaction_unexplained"
    message = _("Please say what the customer was not satisfied with.")


class RatingUnexplained(DissatisfactionUnexplained):
    code = "tickets.rating_unexplained"
    message = _("Please tell us what was not right.")


class Archived(Conflict):
    code = "tickets.archived"
    message = _("This ticket is archived and can only be read. For something new, open a new one.")


class KeptForOwner(Conflict):
    code = "tickets.kept_for_owner"
    message = _("Until %(at)s this ticket is kept for the people of its own grid. Take another one, or come back then.")


class BadSettings(Invalid):
    """`fields` names each: `wave_size`, `resolve_hours.2`."""

    code = "tickets.bad_settings"
    message = _("Nothing was changed: please look at the marked fields.")


class BadServiceDay(Invalid):
    """`fields` names which: `day`, `title`, `opens`, `closes`."""

    code = "tickets.bad_service_day"
    message = _("Please look at the marked fields of this day.")
    over = _("This day is over; choose today or a later one.")
    begun = _("The hours of today that have passed stay: keep the beginning; the end may be any time from now.")
    unnamed = _("Please name the day.")
    half = _("A day with hours needs a beginning and an end; a holiday has neither.")
    order = _("The end comes after the beginning, please.")


class DayNotFound(NotFound):
    code = "tickets.day_not_found"
    message = _("This day is like all others already.")


class BreachNotFound(NotFound):
    code = "tickets.breach_not_found"
    message = _("We could not find this breach of a time limit.")


class OwnBreach(Conflict):
    code = "tickets.own_breach"
    message = _("You worked on this ticket yourself; somebody else has to decide about the exemption.")


class AlreadyExempted(Conflict):
    code = "tickets.already_exempted"
    message = _("%(name)s has exempted this already; nothing is left to do. The reason stands in the history.")


class NothingOwed(Conflict):
    code = "tickets.nothing_owed"
    message = _("The legal limit of this ticket has not passed, so there is nothing to decide.")


class AlreadyCompensated(Conflict):
    code = "tickets.already_compensated"
    message = _("%(name)s has decided what is owed on this ticket already; the decision stands in its history.")


class NoSuchView(NotFound):
    code = "tickets.no_such_view"
    message = _("We could not find this view.")


class ViewNameTaken(Invalid):
    code = "tickets.view_name_taken"
    message = _("You have a view of this name already.")


class TooManyViews(Conflict):
    code = "tickets.too_many_views"
    message = _("You keep %(most)s views already. Delete one first.")


class HandOverRuns(Conflict):
    code = "tickets.hand_over_runs"
    message = _("This case is on its way to another branch already. Withdraw that first, or wait for its answer.")


class HandOverOver(Conflict):
    code = "tickets.hand_over_over"
    message = _("This hand-over has been decided already. Look at it again.")


class UnknownBranch(Invalid):
    code = "tickets.unknown_branch"
    message = _("Please choose one of the other branches.")


class ArrivalNotFound(NotFound):
    code = "tickets.arrival_not_found"
    message = _("We could not find this hand-over.")


class PhoneMissing(Invalid):
    code = "tickets.phone_missing"
    message = _("Please give the number that calls.")


class AgentUnknown(Invalid):
    """For a switched-off account too: whoever asks from outside learns no difference."""

    code = "tickets.agent_unknown"
    message = _("Nobody who works here has this work number or user name. Check it in the telephone system.")


class AgentWithoutRight(Invalid):
    code = "tickets.agent_without_right"
    message = _("This person may not open tickets. The branch administrator gives the role.")


class CallToldOtherwise(Conflict):
    code = "tickets.call_told_otherwise"
    message = _("Another number or agent was told under this call_id. A call that is put through needs its own.")


class ImportNotFound(NotFound):
    code = "tickets.import_not_found"
    message = _("There is no such file here. Bring it once more, please.")


class BroughtBefore(Conflict):
    """`at`: when."""

    code = "tickets.brought_before"
    message = _("This very file was taken in already (%(at)s). Its tickets stand; nothing was opened now.")


class RowsAreWrong(Conflict):
    """`count`: how many."""

    code = "tickets.rows_are_wrong"
    message = _("Wrong rows: %(count)s. Mend the file, or say that they are left out. Nothing was opened.")


class NothingToOpen(Conflict):
    code = "tickets.nothing_to_open"
    message = _("No row is left to be opened. Mend the file, or tick what is another matter.")
