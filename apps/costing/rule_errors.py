"""Why a thing of the rules cannot be done: what happened, and what to do next."""

from django.utils.translation import gettext_lazy as _

from steppe.kernel.errors import Conflict, Invalid, NotFound


class RulesNotFound(NotFound):
    code = "costing.rules_not_found"
    message = _("There is no such version of the rules here.")


class RulesMoved(Conflict):
    code = "costing.rules_moved"
    message = _("%(name)s changed this draft in the meantime. What you typed is still here; look at both, then save.")


class RulesSettled(Conflict):
    code = "costing.rules_settled"
    message = _("Version %(number)s is no draft any more and stays as it is. Make a new draft from it.")


class TooManyDrafts(Conflict):
    code = "costing.too_many_drafts"
    message = _("There are %(count)s drafts already. Withdraw one that nobody needs, then make a new one.")


class DayTaken(Conflict):
    code = "costing.day_taken"
    message = _("Version %(number)s counts from %(day)s already. Choose another day.")


class BadRules(Invalid):
    code = "costing.bad_rules"


class TryOutNotFound(NotFound):
    code = "costing.try_out_not_found"
    message = _("There is no such try-out here.")


class TryOutRunning(Conflict):
    code = "costing.try_out_running"
    message = _("This draft is being tried out just now. Wait for it, or stop it first.")


class BadMonth(Invalid):
    code = "costing.bad_month"
