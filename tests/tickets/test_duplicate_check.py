"""查重: who reports what is open already is told so, and decides."""

import pytest

from apps.tickets import duplicates, services
from apps.tickets.errors import LikelyDuplicate, TicketNotFound
from apps.tickets.models import Ticket
from steppe.kernel.actors import ANONYMOUS, SYSTEM, Actor
from steppe.kernel.commands import Receipt
from tenants.context import in_branch
from tests.cast import Branch
from tests.make import PHONE, actor, events, key, make_ticket, report

pytestmark = pytest.mark.usefixtures("lotus_db")


def opened(by: Actor, channel: str = "shop", given_key: str = "", **fields: object) -> Receipt:
    told = report(**({"anyway": False} | fields))
    return services.open_ticket(report=told, channel=channel, by=by, key=given_key or key())


@pytest.mark.parametrize("type_code", ["fault_bb", "fault_tv"])
def test_a_second_report_of_the_same_kind_is_pointed_to_the_first_and_changes_nothing(type_code: str) -> None:
    first = make_ticket()
    heard = len(events())
    with pytest.raises(LikelyDuplicate) as refusal:
        opened(actor("cai"), type_code=type_code, address="elsewhere")
    assert refusal.value.params == {"no": first.ticket_no, "public_id": first.public_id}
    assert first.ticket_no in refusal.value.sentence
    assert (Ticket.objects.count(), len(events())) == (1, heard)


def test_another_matter_is_taken_when_it_is_said_to_be_one() -> None:
    make_ticket()
    again = opened(actor("cai"), anyway=True)
    assert Ticket.objects.filter(id=again.entity_id).exists()


@pytest.mark.parametrize("other", [{"contact_phone": "13900009999"}, {"type_code": "install_bb"}])
def test_another_caller_and_another_kind_are_no_duplicate(other: dict[str, str]) -> None:
    make_ticket()
    opened(actor("cai"), **other)


@pytest.mark.parametrize("status", ["closed", "void", "cancelled", "awaiting_callback"])
def test_what_is_over_is_no_duplicate(status: str) -> None:
    make_ticket(status=status)
    opened(actor("cai"))


@pytest.mark.parametrize("status", ["submitted", "accepted", "in_progress", "on_hold"])
def test_what_runs_is_one_in_every_state(status: str) -> None:
    make_ticket(status=status)
    with pytest.raises(LikelyDuplicate):
        opened(actor("cai"))


def test_the_account_says_it_too_whatever_the_phone(lotus_db: Branch) -> None:
    first = make_ticket(account_no="8001 77")
    with pytest.raises(LikelyDuplicate) as refusal:
        opened(actor("cai"), contact_phone="13900009999", account_no="8001 77")
    assert refusal.value.params["public_id"] == first.public_id


def test_tickets_without_an_account_have_none_in_common() -> None:
    make_ticket()
    opened(actor("cai"), contact_phone="13900009999", account_no="")


def test_a_customer_is_told_of_the_own_report_only(lotus_db: Branch) -> None:
    mine = opened(lotus_db.mei, "h5")
    with pytest.raises(LikelyDuplicate) as refusal:
        opened(lotus_db.mei, "h5", contact_phone="13900009999")
    assert refusal.value.params["public_id"] == mine.public_id
    opened(lotus_db.na, "h5")  # the same number, typed by somebody else


@pytest.mark.parametrize("who", ["mei", "an"])
def test_a_clerk_is_told_of_what_the_caller_told_somebody_else(lotus_db: Branch, who: str) -> None:
    """Who comes to the shop may have told the hotline or WeChat before (domain.md T1)."""
    first = make_ticket(by=getattr(lotus_db, who))
    with pytest.raises(LikelyDuplicate) as refusal:
        opened(lotus_db.cai)
    assert refusal.value.params["public_id"] == first.public_id
    [found] = duplicates.likely(lotus_db.cai, phone=PHONE)
    assert (found.why, found.seen, found.view.actions) == ("phone", False, ("urge",))
    assert not found.view.reveal and found.view.address == first.coarse_address
    view = duplicates.urged_by(lotus_db.cai, first.public_id)
    assert (view.reveal, view.actions) == (False, ("urge",))


def test_the_own_entry_is_open_to_its_clerk_and_any_to_the_agent(lotus_db: Branch) -> None:
    make_ticket(by=lotus_db.cai)
    for who in (lotus_db.cai, lotus_db.an):
        [found] = duplicates.likely(who, phone=PHONE)
        assert found.seen and found.view.reveal


def test_a_clerk_is_told_of_nothing_outside_the_own_area_and_a_technician_of_nothing_more(lotus_db: Branch) -> None:
    first = make_ticket(by=lotus_db.mei)
    Ticket.objects.filter(id=first.pk).update(org_path="/1/9/")
    assert duplicates.likely(lotus_db.cai, phone=PHONE) == duplicates.likely(lotus_db.wu, phone=PHONE) == []
    with pytest.raises(TicketNotFound):
        duplicates.urged_by(lotus_db.cai, first.public_id)
    opened(lotus_db.cai)


@pytest.mark.parametrize("by", [ANONYMOUS, SYSTEM])
def test_a_stranger_learns_nothing_and_a_machine_is_not_asked(by: Actor) -> None:
    make_ticket()
    opened(by, "h5")


def test_sent_twice_with_one_key_is_one_report_and_no_duplicate() -> None:
    same = key()
    assert opened(actor("cai"), given_key=same).public_id == opened(actor("cai"), given_key=same).public_id


def test_the_other_branch_has_no_part_in_it(lotus_db: Branch, maple: Branch) -> None:
    make_ticket(account_no="8001")
    with in_branch(maple.tenant):
        assert duplicates.likely(maple.an, phone=PHONE, account_no="8001", address="Birch Court 7-2-301") == []
        opened(maple.cai, account_no="8001")


def test_while_typing_phone_account_and_address_each_find_it_and_say_why() -> None:
    first = make_ticket(account_no="8001", address="锡林浩特市希日塔拉街道团结小区3号楼2单元301")
    an = actor("an")

    def why(**typed: str) -> list[tuple[str, str]]:
        return [(one.view.ticket.public_id, one.why) for one in duplicates.likely(an, **typed)]

    assert why(phone=PHONE) == [(first.public_id, "phone")]
    assert why(account_no="8001") == [(first.public_id, "account")]
    assert why(address="希日塔拉团结小区3号楼2单元301室") == [(first.public_id, "address")]
    assert why(phone=PHONE, account_no="8001", address=first.address) == [(first.public_id, "phone")]  # said once
    assert why(address="团结小区9号楼5单元802") == why(address="杭盖街道东方家园1号楼") == why(address="小区") == []
    make_ticket(contact_phone="12600000077", address="杭盖街道敖包花园12号楼")
    assert why(phone="139") == why() == []
    assert why(account_no="8001") == [(first.public_id, "account")]  # whoever has none is not found


def test_what_waits_for_its_callback_is_shown_and_what_is_over_is_not() -> None:
    waiting = make_ticket(status="awaiting_callback")
    make_ticket(status="closed")
    assert [one.view.ticket.public_id for one in duplicates.likely(actor("an"), phone=PHONE)] == [waiting.public_id]


def test_an_address_finds_nothing_for_who_may_not_see_doors(lotus_db: Branch) -> None:
    make_ticket()
    assert duplicates.likely(lotus_db.wu, address="Birch Court 7-2-301") == []
