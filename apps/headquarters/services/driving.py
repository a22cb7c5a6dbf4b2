"""Tells both branches what became of a hand-over, step by step; whoever dies in between is followed by the next.

No transaction reaches over two schemas: each step is a command of one branch with a key of its own, so that a repeated
one changes nothing. The source closes first: then at no moment two branches work on the case, and the row here says
that it has to be opened. Killed anywhere, one open ticket is the end of it (domain.md §12 rule 21).
"""

import logging
from uuid import uuid4

from django.db import transaction

from apps.headquarters.models import Handover, HandoverStep
from apps.headquarters.services.handovers import note_withdrawn
from apps.tickets import handover_read
from apps.tickets import services as tickets
from apps.tickets.errors import ChildrenOpen, HandOverOver, IllegalTransition
from steppe.kernel import clock
from steppe.kernel.actors import SYSTEM
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import DomainError
from tenants.context import in_branch, in_public, is_open
from tenants.models import Tenant

log = logging.getLogger("steppe.handover")
# What the source says when the case stays there. Anything else it says (a lock that was held too long) is asked again.
STAYS = (IllegalTransition, ChildrenOpen, HandOverOver)
LOST = {"declined": "refused", "withdrawn": "withdrawn", "overtaken": "overtaken"}


def moving_from(source: Tenant) -> list[str]:
    """Links whose news the branches have not heard, of cases that leave this branch. One query in `public`."""
    with in_public():
        return list(Handover.objects.filter(source=source.pk, moving=True).values_list("link_id", flat=True))


def drive(link_id: str) -> str:
    """Carry out what the record says, as far as it goes now; the state it comes to. May run twice at once."""
    with in_public():
        record = Handover.objects.select_related("source", "target").filter(link_id=link_id, moving=True).first()
    if record is None:
        return ""
    try:
        return _carry(record)
    except DomainError as refusal:
        log.warning("a hand-over waits", extra={"link": link_id, "code": refusal.code})
        _write(record, trouble=refusal.sentence[:300])
        return record.state


def _carry(record: Handover) -> str:
    if record.state == "offered":
        return _offer(record)
    if record.state == "accepted":
        return _hand_over(record)
    return _call_off(record)


def _offer(record: Handover) -> str:
    assert record.target is not None
    offer = record.offer | {"from": record.source.name, "hops": record.hops, "round": record.round}
    with in_branch(record.target):
        tickets.offer_arrival(
            link_id=record.link_id, offer=offer, by=SYSTEM, key=f"offer:{record.link_id}:{record.round}"
        )
    return _settled(record, "offered")


def _hand_over(record: Handover) -> str:
    """Both have agreed: out of the one branch, into the other."""
    target = record.target
    assert target is not None
    if not is_open(target):
        return record.state  # goes on when the branch is open again
    try:
        _close(record)
    except STAYS as refusal:
        ended, answer = _ended_at_source(record, refusal)
        if ended != "gone":
            return _withdrawn(record) if ended == "withdrawn" else _overtaken(record, answer)
    made = _open(record, target)
    with in_branch(record.source):
        tickets.note_new_number(
            link_id=record.link_id, branch=target.name, ticket_no=str(made.facts["ticket_no"]), by=SYSTEM,
            key=f"number:{record.link_id}",
        )  # fmt: skip
    numbers = {"target_ticket": made.public_id, "target_ticket_no": made.facts["ticket_no"]}
    return _settled(record, "done", log_branch=target.name, **numbers)


def _close(record: Handover) -> None:
    with in_branch(record.source):
        tickets.hand_over_ticket(
            public_id=record.source_ticket, link_id=record.link_id, reason=record.offer["reason"], by=SYSTEM,
            key=f"close:{record.link_id}",
        )  # fmt: skip


def _open(record: Handover, target: Tenant) -> Receipt:
    with in_branch(record.source):
        case, pictures = handover_read.case_of(record.link_id), handover_read.pictures_of(record.link_id)
    with in_branch(target):
        names = tuple(
            tickets.upload_photo(
                content=content, stage="report", name=name, by=SYSTEM, key=f"photo:{record.link_id}:{n}"
            ).public_id
            for n, (name, content) in enumerate(pictures)
        )
        return tickets.open_arrival(link_id=record.link_id, case=case, photos=names)


def _ended_at_source(record: Handover, refusal: DomainError) -> tuple[str, str]:
    """How it ended at the source, and why: the first word there counts, so that of two drivers none calls off what the
    other has closed. Asked under a new key each time, because the sentence may be another one."""
    with in_branch(record.source):
        told = tickets.end_departure(
            link_id=record.link_id, state="overtaken", answer=refusal.sentence[:300], by=SYSTEM, key=uuid4().hex
        )
    return told.facts["state"], told.facts["answer"]


def _withdrawn(record: Handover) -> str:
    """The source kept it before its ticket went; the event that says so may come later."""
    note_withdrawn(record.link_id, record.source.name)
    record.state = "withdrawn"
    return _call_off(record)


def _overtaken(record: Handover, answer: str) -> str:
    """The ticket ended, or got parts that others work on, before it could go: it stays where it is."""
    with in_public(), transaction.atomic():
        mine = Handover.objects.filter(pk=record.pk, state="accepted")
        if mine.update(state="overtaken", answer=answer, changed_at=clock.now()):
            HandoverStep.objects.create(
                handover=record, step="overtaken", branch=record.source.name, text=answer, at=clock.now()
            )
    record.state, record.answer = "overtaken", answer
    return _call_off(record)


def _call_off(record: Handover) -> str:
    """It stays at the source: both sides hear so."""
    if record.target is not None:
        with in_branch(record.target):
            tickets.withdraw_arrival(link_id=record.link_id, by=SYSTEM, key=f"off:{record.link_id}:{record.round}")
    if record.state in LOST:
        with in_branch(record.source):
            tickets.end_departure(
                link_id=record.link_id, state=LOST[record.state], answer=record.answer, by=SYSTEM,
                key=f"end:{record.link_id}",
            )  # fmt: skip
    return _settled(record, record.state)


def _settled(record: Handover, state: str, *, log_branch: str = "", **more: object) -> str:
    """Both branches know; unless the record went on meanwhile, which the next drive carries out."""
    with in_public(), transaction.atomic():
        mine = Handover.objects.filter(pk=record.pk, state=record.state, round=record.round, moving=True)
        moved = mine.update(moving=False, state=state, trouble="", changed_at=clock.now(), **more)
        if moved and log_branch:
            HandoverStep.objects.create(handover=record, step=state, branch=log_branch, at=clock.now())
    return state


def _write(record: Handover, *, trouble: str) -> None:
    with in_public():
        Handover.objects.filter(pk=record.pk, moving=True).update(trouble=trouble)
