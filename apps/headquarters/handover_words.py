"""What happened to a hand-over, and whom it waits for, in words. Nothing here asks the database."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy

from apps.headquarters.branches_read import name_of
from apps.headquarters.models import Handover, HandoverStep
from apps.tickets.reasons import reason_word

STATES: dict[str, Promise] = {
    "asked": pgettext_lazy("hand-over", "asked for"),
    "agreed": pgettext_lazy("hand-over", "waits for headquarters"),
    "offered": pgettext_lazy("hand-over", "waits for the other branch"),
    "accepted": pgettext_lazy("hand-over", "taken, being opened"),
    "done": pgettext_lazy("hand-over", "handed over"),
    "declined": pgettext_lazy("hand-over", "declined by headquarters"),
    "withdrawn": pgettext_lazy("hand-over", "kept there"),
    "overtaken": pgettext_lazy("hand-over", "ended there before"),
}
# The step by who did it and where; `%(branch)s` and `%(who)s` are always there, `who` may be nobody.
STEPS: dict[str, Promise] = {
    "asked": pgettext_lazy("hand-over", "%(branch)s is asked to let it go"),
    "agreed": pgettext_lazy("hand-over", "%(branch)s agrees"),
    "kept": pgettext_lazy("hand-over", "%(branch)s does not let it go"),
    "taken_back": pgettext_lazy("hand-over", "The question is taken back"),
    "offered": pgettext_lazy("hand-over", "Headquarters sends it to %(branch)s"),
    "accepted": pgettext_lazy("hand-over", "%(branch)s takes it"),
    "refused": pgettext_lazy("hand-over", "%(branch)s does not take it"),
    "declined": pgettext_lazy("hand-over", "Headquarters says that it stays"),
    "withdrawn": pgettext_lazy("hand-over", "%(branch)s keeps it after all"),
    "overtaken": pgettext_lazy("hand-over", "It ended at %(branch)s before it could go"),
    "done": pgettext_lazy("hand-over", "Closed at the old branch, opened at %(branch)s"),
}
# Which list of reasons the text of a step may come from.
REASON_OF = {"asked": "hand_over", "agreed": "hand_over", "kept": "refuse", "refused": "refuse"}


def icon_of(step: str) -> str:
    """A yes, a no, or a question."""
    if step in {"agreed", "accepted", "done"}:
        return "s-closed"
    return "info" if step in {"asked", "offered"} else "s-void"


def step_words(step: HandoverStep, names: Mapping[str, str]) -> tuple[str, str]:
    """A line of the history, and why; `names`: what the reader calls the branches."""
    branch = names.get(step.branch, step.branch)
    return str(STEPS[step.step]) % {"branch": branch}, reason_word(REASON_OF.get(step.step, ""), step.text)


def waits_for(one: Handover, *, target_open: bool) -> str:
    """Whose turn it is; nothing for what is over."""
    if one.state == "asked":
        return _administrator(name_of(one.source))
    if one.state == "agreed":
        return gettext("Headquarters")
    if one.target is None or one.state not in {"offered", "accepted"}:
        return ""
    if not target_open:
        return pgettext("hand-over", "%(branch)s to be open again") % {"branch": name_of(one.target)}
    if one.state == "accepted":
        return pgettext("hand-over", "the new ticket at %(branch)s") % {"branch": name_of(one.target)}
    return _administrator(name_of(one.target))


def _administrator(branch: str) -> str:
    return pgettext("hand-over", "the administrator of %(branch)s") % {"branch": branch}
