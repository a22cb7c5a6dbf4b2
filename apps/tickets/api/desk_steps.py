"""The steps of the desk: appointments, changes of type and priority, tickets that belong together, urging, ending."""

from typing import Any

from rest_framework import serializers

from apps.tickets import services
from apps.tickets.api.steps import Reasoned, Step, Versioned
from apps.tickets.services.booking import CAUSES
from apps.tickets.services.callbacks import ATTEMPTS
from apps.tickets.services.extras import SETTLED
from apps.tickets.services.merging import LINKS
from steppe.kernel.api.fields import Whole

Words = serializers.CharField


def name(**more: Any) -> serializers.CharField:
    """The public id of another ticket."""
    return Words(max_length=24, **more)


class Noted(Versioned):
    note = Words(max_length=300, required=False, allow_blank=True)


class Book(Step):
    """T10: an appointment, or another one instead (then `cause` says by whom)."""

    class Input(Versioned):
        start = serializers.DateTimeField()
        end = serializers.DateTimeField()
        cause = serializers.ChoiceField(list(CAUSES), required=False)

    service = services.book_appointment


class Contact(Step):
    """The technician has spoken to the customer: the contact clock stops."""

    Input = Noted
    service = services.log_contact


class Resume(Step):
    """T12: the work goes on where it stopped."""

    service = services.resume_ticket


class StartRemote(Step):
    """T14: handled from afar, where the type allows it."""

    Input = Noted
    service = services.start_remote


class FailWork(Step):
    """T17: it cannot be done, with the reason."""

    class Input(Reasoned):
        photos = serializers.ListField(child=Words(max_length=40), max_length=9, required=False)

    service = services.fail_work


class AddCharge(Step):
    """One line of what the customer pays, in fen; with the receipt's number, or waived with a reason."""

    class Input(Versioned):
        code = Words(max_length=30)
        name = Words(max_length=60)
        quantity = serializers.DecimalField(max_digits=8, decimal_places=2, min_value=0, required=False)
        unit_fen = Whole(min_value=0, max_value=10**9)
        receipt_no = Words(max_length=40, required=False, allow_blank=True)
        waived_why = Words(max_length=200, required=False, allow_blank=True)

    service = services.add_charge


class AddCoWorker(Step):
    """Somebody helped: their share of the work points in per cent."""

    class Input(Versioned):
        technician_id = Whole()
        share_pct = Whole(max_value=99)

    service = services.add_co_worker


class SettleCharge(Step):
    """What became of a charge that waits: its receipt, why it is waived, or that it was a mistake (then it goes)."""

    class Input(Versioned):
        charge_id = Whole()
        how = serializers.ChoiceField(list(SETTLED))
        said = Words(max_length=200, help_text="the receipt's number, or why")

    service = services.settle_charge


class TakeOffCoWorker(Step):
    """They did not help after all: their share is the main technician's again."""

    class Input(Versioned):
        technician_id = Whole()

    service = services.take_off_co_worker


class CallbackAttempt(Step):
    """Nobody answered. After the branch's last try the ticket closes as not reached."""

    class Input(Noted):
        outcome = serializers.ChoiceField(list(ATTEMPTS))

    service = services.log_attempt


class Reopen(Step):
    """T20: it broke again within the branch's days."""

    Input = Reasoned
    service = services.reopen_ticket


class Cancel(Step):
    """T21: the request is withdrawn. The customer who made the report may do so as well."""

    Input = Reasoned
    service = services.cancel_ticket


class Urge(Step):
    """T26: the customer waits. The customer who made the report may do so as well."""

    Input = Noted
    service = services.urge_ticket


class Merge(Step):
    """T23: a second report of the same thing; the earlier report time goes to the `master`."""

    class Input(Versioned):
        master = name()

    service = services.merge_ticket


class Link(Step):
    """Note that two tickets belong together."""

    class Input(serializers.Serializer[Any]):
        other = name()
        kind = serializers.ChoiceField(list(LINKS))

    service = services.link_tickets


class DeclareIncident(Step):
    """This ticket is the master of a network incident; the named reports are linked to it."""

    class Input(Versioned):
        reports = serializers.ListField(child=name(), max_length=200, required=False, default=list)

    service = services.declare_incident


class LinkIncident(Step):
    """T24: this report has the cause of that incident."""

    class Input(Versioned):
        master = name()

    service = services.link_incident


class UnlinkIncident(Step):
    """T24c: the report has another cause after all and is repaired by itself."""

    Input = Reasoned
    service = services.unlink_incident


class ResolveIncident(Step):
    """The incident's cause is repaired: every open report of it waits for its callback."""

    class Input(serializers.Serializer[Any]):
        solution = Words(max_length=500)

    service = services.resolve_incident


class SpawnChild(Step):
    """T25: a department gets its own ticket of this case."""

    class Input(Reasoned):
        type_code = Words(max_length=30)
        unit = Words(max_length=20, help_text="the code of a department, sub-branch or grid")
        mandatory = serializers.BooleanField(default=True)

    service = services.spawn_child


class ChangeType(Step):
    """T27: another kind of work; the clocks start anew from the report, what was promised before is kept."""

    class Input(Reasoned):
        type_code = Words(max_length=30)

    service = services.change_type


class ChangePriority(Step):
    """T27: more or less urgent, P0 to P3."""

    class Input(Reasoned):
        priority = Whole(min_value=0, max_value=3)

    service = services.change_priority


class Attach(Step):
    """Photos and documents that were uploaded before are added to the ticket."""

    class Input(serializers.Serializer[Any]):
        photos = serializers.ListField(child=name(), min_length=1, max_length=20)

    service = services.attach_files


class Detach(Step):
    """A file that was added by hand is taken off again, with a reason."""

    class Input(serializers.Serializer[Any]):
        photo = name()
        reason = Words(max_length=300)

    service = services.take_off_file
