"""Why a settlement month, a line or a dispute cannot do this: what happened, and what to do next."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class MonthNotFound(NotFound):
    code = "costing.month_not_found"
    message = _("There is no such settlement month here.")


class LineNotFound(NotFound):
    code = "costing.line_not_found"
    message = _("There is no such settlement line here.")


class DisputeNotFound(NotFound):
    code = "costing.dispute_not_found"
    message = _("There is no such dispute here.")


class RunNotFound(NotFound):
    code = "costing.run_not_found"
    message = _("There is no such calculation here.")


class StaleMonth(Conflict):
    code = "costing.stale_month"
    message = _("Somebody took a step with %(month)s in the meantime. Look at it again, then decide.")


class StaleDispute(Conflict):
    code = "costing.stale_dispute"
    message = _("Somebody answered this dispute in the meantime. Look at it again, then decide.")


class WrongMonthState(Conflict):
    code = "costing.wrong_month_state"
    message = _("%(month)s cannot do this as it stands now: %(state)s. Reload the page to see how far it is.")


class WrongDisputeState(Conflict):
    code = "costing.wrong_dispute_state"
    message = _("This dispute cannot do this as it stands now: %(state)s. Reload the page.")


class MonthLocked(Conflict):
    code = "costing.month_locked"
    message = _("%(month)s is locked. Only headquarters can open it again; a correction goes into the next month.")


class NotOver(Conflict):
    code = "costing.month_not_over"
    message = _("%(month)s is not over before %(until)s. Ask for a preview, or wait.")


class NoPrice(Conflict):
    code = "costing.no_price"
    message = _("Say first what a point is worth in %(month)s, or how large the pool is.")


class AtWork(Conflict):
    code = "costing.at_work"
    message = _("%(month)s is being calculated. Wait until it is done, or cancel it.")


class NotRunning(Conflict):
    code = "costing.not_running"
    message = _("This calculation has come to its end already.")


class LinesMoved(Conflict):
    code = "costing.lines_moved"
    message = _("%(count)s lines of %(month)s have changed since the calculation. Calculate again, then publish.")


class NoLines(Conflict):
    code = "costing.no_lines"
    message = _("%(month)s has no line: nobody earned anything. There is nothing to publish.")


class DisputesOpen(Conflict):
    code = "costing.disputes_open"
    message = _("%(count)s disputes of %(month)s are not settled. They come first.")


class NotConfirmed(Conflict):
    code = "costing.not_confirmed"
    message = _("%(count)s technicians may still confirm or dispute until %(until)s.")


class TooLate(Conflict):
    code = "costing.too_late"
    message = _("The time to confirm or dispute %(month)s ended on %(until)s.")


class DisputedAlready(Conflict):
    code = "costing.disputed_already"
    message = _("You have disputed this already. See the answer there.")


class NothingToLookAt(Conflict):
    code = "costing.nothing_to_look_at"
    message = _(
        "No line waits for your look now. Your own line, and lines you have looked at before, are looked at by others."
    )


class ConfirmedAlready(Conflict):
    code = "costing.confirmed_already"
    message = _("You have confirmed %(month)s. What turns out wrong later is put right in the next month.")


class OwnLine(NotAllowed):
    code = "costing.own_line"
    message = _("Your own line is in this. Somebody else decides it.")


class OwnCalculation(NotAllowed):
    code = "costing.own_calculation"
    message = _("Who calculated or published %(month)s does not approve it. Ask a colleague.")


class OwnRules(NotAllowed):
    code = "costing.own_rules"
    message = _("Who wrote the rules %(month)s is paid by does not lock it. Ask a colleague.")


class OwnDecision(NotAllowed):
    code = "costing.own_decision"
    message = _("You have answered this dispute before. Somebody else decides it now.")


class BadTerms(Invalid):
    code = "costing.bad_terms"


class BadDispute(Invalid):
    code = "costing.bad_dispute"
