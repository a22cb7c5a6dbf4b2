"""A step of a ticket as a person takes it on a page: its words, its fields, and the command behind it.

The desk and the phone show the same forms, each in its own dress. What is right and wrong is the service's matter; its
refusal comes back to the field it names, with everything entered still there.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.tickets.permissions import ACTIONS, CUSTOMERS, ENTERED_TOO, OWN_TOO
from apps.tickets.reasons import OTHER, REASONS, reason_word
from apps.tickets.selectors import TicketView
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid

Words = str | Promise
Choices = Iterable[tuple[str, Words]]
BIGGEST = 2**31 - 1


class StepForm(forms.Form):
    """`slug`: its name in addresses. `action`: the row of the table that must be offered (TicketView.actions)."""

    slug: ClassVar[str]
    action: ClassVar[str]
    verb: ClassVar[Words]
    done: ClassVar[Words]
    hint: ClassVar[Words] = ""
    versioned: ClassVar[bool] = True  # False: it names many tickets, none of them by its version
    takes_photos: ClassVar[bool] = False
    danger: ClassVar[bool] = False
    reasons: ClassVar[str] = ""  # which list of reasons is offered, if any
    service: ClassVar[Callable[..., Receipt]]
    do_not_call_in_templates: ClassVar[bool] = True  # menus speak of the class itself

    version = forms.IntegerField(required=False, min_value=0, max_value=BIGGEST, widget=forms.HiddenInput)

    def __init__(self, view: TicketView, actor: Actor, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{self.slug}-%s", initial={"version": view.ticket.version})
        self.view, self.ticket, self.actor = view, view.ticket, actor
        self.refusal = ""
        self.offer()
        if self.reasons:
            self.fields |= _reason_fields(self.reasons)

    @classmethod
    def fits(cls, view: TicketView, actor: Actor) -> bool:
        """May this person take the step now, as far as one can see without asking? No query."""
        return cls.action in view.actions

    @classmethod
    def admit(cls, actor: Actor, view: TicketView) -> None:
        """Does the person's role know this step at all? Raises Unauthenticated, NotAllowed. No query."""
        if actor.kind == "customer" and cls.action in CUSTOMERS:
            return
        if not (cls.action in OWN_TOO and actor.technician_id):
            require(actor, (*ACTIONS[cls.action], *ENTERED_TOO.get(cls.action, ())))

    def offer(self) -> None:
        """Fill in what there is to choose from."""

    def told(self) -> dict[str, Any]:
        """What the service is told besides ticket, version, person and key. The form is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "note"}}
        return given | ({"reason": self.reason} if self.reasons else {})

    @property
    def reason(self) -> str:
        """The chosen reason's code; with a note it becomes the person's own words."""
        code, note = self.cleaned_data.get("reason", ""), self.cleaned_data.get("note", "").strip()
        if not note or code == OTHER:
            return note if code == OTHER else code
        return f"{reason_word(self.reasons, code)}: {note}"

    def take(self, *, by: Actor, key: str) -> Receipt:
        """Do it. Raises Invalid for what cannot be read, and the service's refusals; `again` shows them."""
        if not self.is_valid():
            raise Invalid({name: [str(one) for one in found] for name, found in self.errors.items()})
        names: dict[str, Any] = {"public_id": self.ticket.public_id, "by": by, "key": key}
        if self.versioned:
            names["version"] = self.cleaned_data["version"]
        return type(self).service(**self.told(), **names)

    def again(self, view: TicketView, refusal: DomainError) -> "StepForm":
        """The same form with everything entered, about the ticket as it is now, the refusal where it belongs."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        if isinstance(refusal, Conflict):  # the person has read why; the next try is about what they see now
            data["version"] = str(view.ticket.version)
        form = type(self)(view, self.actor, data)
        form.full_clean()
        form._refuse(refusal)
        return form

    def _refuse(self, refusal: DomainError) -> None:
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        for name, sentences in fields.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, sentences)
        if not set(fields) & set(self.fields):
            self.refusal = refusal.sentence

    def choose(self, name: str, choices: Choices, *, empty: bool = True) -> None:
        """The choices of a field, with “please choose” on top."""
        first = [("", _("Please choose"))] if empty else []
        self.fields[name].choices = [*first, *choices]  # type: ignore[attr-defined]


def _reason_fields(name: str) -> dict[str, forms.Field]:
    return {
        "reason": forms.ChoiceField(
            label=_("Reason"), choices=list(REASONS[name].items()), widget=forms.RadioSelect,
            error_messages={"required": _("Please choose a reason."), "invalid_choice": _("Please choose a reason.")},
        ),
        "note": forms.CharField(
            label=_("In a few words"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
        ),
    }  # fmt: skip


class AskForm(StepForm):
    """A step that another decides: `kind` of request, the fields are what is asked."""

    kind: ClassVar[str]

    def told(self) -> dict[str, Any]:
        told = super().told()
        return {"kind": self.kind, "reason": told.pop("reason"), "asked": told}
