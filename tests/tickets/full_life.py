"""A ticket to which nearly everything has happened, for pages that show all of it."""

from datetime import datetime, timedelta

from apps.tickets import services
from apps.tickets.models import Ticket
from steppe.kernel import clock
from tests import files
from tests.cast import NEAR
from tests.make import actor, key, make_ticket
from tests.tickets.steps import ask, do, now_of

FAR_AWAY = (44.05, 116.30)


def full_life(start: datetime | None = None, *, pending: bool = True) -> Ticket:
    """Grabbed, urged, held, refused, merged, with a child, a helper, charges, files, a call that sent it back."""
    start = start or clock.now() - timedelta(hours=9)
    with clock.frozen(start):
        shot = _upload("cai", files.taken_picture(*NEAR, start - timedelta(minutes=5)))
        ticket = make_ticket(photos=(shot,))
        repeated = make_ticket(contact_phone="13900005551")
    name, story = ticket.public_id, _Story(start)
    story.at(6, lambda: do("grab", name))
    story.at(20, lambda: do("contact", name))
    story.at(25, lambda: do("book", name))
    story.at(30, lambda: do("urge", name))
    story.at(40, lambda: do("spawn_child", name))
    story.at(45, lambda: _merge_into(name))
    story.at(50, lambda: _link(name, repeated.public_id))
    story.at(60, lambda: (ask("transfer", name, by=actor("bai"), unit="CARE"), _refuse(name)))
    story.at(90, lambda: do("check_in", name))
    story.at(100, lambda: _hold(name))
    story.at(160, lambda: do("resume", name))
    story.at(170, lambda: _paid(name))
    story.at(180, lambda: _attach(name, "lin", files.taken_picture(*FAR_AWAY, start - timedelta(days=3))))
    story.at(185, lambda: _attach(name, "lin", files.pdf(), "投诉信.pdf"))
    _finish_child(ticket)
    story.at(200, lambda: _complete(name, start + timedelta(minutes=198)))
    story.at(230, lambda: services.log_attempt(public_id=name, outcome="busy", by=actor("hui"), key=key()))
    story.at(260, lambda: do("callback_reject", name))
    if pending:
        story.at(280, lambda: _wish(name))
    return now_of(ticket)


class _Story:
    def __init__(self, start: datetime) -> None:
        self.start = start

    def at(self, minutes: float, work: object) -> None:
        with clock.frozen(self.start + timedelta(minutes=minutes)):
            work()  # type: ignore[operator]


def _upload(who: str, content: bytes, name: str = "", stage: str = "report") -> str:
    return services.upload_photo(content=content, stage=stage, name=name, by=actor(who), key=key()).public_id


def _attach(ticket: str, who: str, content: bytes, name: str = "") -> None:
    services.attach_files(public_id=ticket, photos=(_upload(who, content, name),), by=actor(who), key=key())


def _merge_into(name: str) -> None:
    twin = make_ticket(contact_phone="13900005552", description="the same again")
    services.merge_ticket(public_id=twin.public_id, master=name, by=actor("lin"), key=key())


def _link(name: str, other: str) -> None:
    services.link_tickets(public_id=name, other=other, kind="related", by=actor("lin"), key=key())


def _refuse(name: str) -> None:
    services.refuse_request(public_id=name, reason="go_on", by=actor("lin"), key=key())


def _hold(name: str) -> None:
    until = clock.now() + timedelta(hours=5)
    ask("hold", name, by=actor("wu"), reason="not_at_home", hold_class="customer", resume_at=until)
    services.approve_request(public_id=name, by=actor("lin"), key=key())


def _paid(name: str) -> None:
    wu, bo = actor("wu"), actor("bo").technician_id or 0
    services.add_co_worker(public_id=name, technician_id=bo, share_pct=30, by=wu, key=key())
    paid = {"public_id": name, "by": wu}
    services.add_charge(code="cable", name="皮线光缆", unit_fen=300, receipt_no="R-2041", **paid, key=key())
    services.add_charge(code="visit", name="上门费", unit_fen=2000, waived_why="our own fault", **paid, key=key())


def _finish_child(ticket: Ticket) -> None:
    """Its parent waits for it."""
    for child in ticket.children.all():
        Ticket.objects.filter(pk=child.pk).update(mandatory=False)


def _complete(name: str, taken: datetime) -> None:
    shot = _upload("wu", files.taken_picture(*NEAR, taken), stage="finish")
    services.complete_ticket(
        public_id=name, solution="new plug, signal −19 dBm", photos=(shot,), by=actor("wu"), key=key()
    )


def _wish(name: str) -> None:
    until = clock.now() + timedelta(hours=20)
    ask("hold", name, by=actor("wu"), reason="no_part", hold_class="material", resume_at=until)
