"""Why a thing of costs and profit cannot be done: what happened, and what to do next."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class AccountNotFound(NotFound):
    code = "costing.account_not_found"
    message = _("Nothing is booked for such a ticket here.")


class ExpenseNotFound(NotFound):
    code = "costing.expense_not_found"
    message = _("There is no such expense here.")


class BadExpense(Invalid):
    code = "costing.bad_expense"


class SameReceipt(Conflict):
    code = "costing.same_receipt"
    message = _("Receipt %(receipt)s is entered on %(ticket)s already. Look there first; one receipt counts once.")


class StaleExpense(Conflict):
    code = "costing.stale_expense"
    message = _("Somebody decided about this expense in the meantime. Look at it again.")


class OwnExpense(NotAllowed):
    code = "costing.own_expense"
    message = _("Who entered an expense, or is paid by it, does not decide about it. Ask a colleague who may.")


class TooEarly(Conflict):
    code = "costing.too_early"
    message = _("%(month)s is not over yet. It can be closed from the first day of the next month on.")


class MonthClosed(Conflict):
    code = "costing.month_closed"
    message = _("%(month)s is closed. What comes now stands in the next open month, marked as late.")


class MonthOpen(Conflict):
    code = "costing.month_open"
    message = _("%(month)s is open; there is nothing to open again.")


class BadMonth(Invalid):
    code = "costing.bad_cost_month"


class BadPlan(Invalid):
    code = "costing.bad_plan"
