"""The file is made: in scope and with the rights of who asked; cancelled, killed, left behind; kept and forgotten."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.exports import services
from apps.exports.errors import ExportNotFound, NotReady
from apps.exports.models import ExportJob
from apps.exports.writers import comma
from apps.inventory.models import Movement
from apps.people.accounts.models import RoleGrant, User
from apps.tickets import records_read
from apps.tickets.models import Ticket
from steppe.kernel import clock
from steppe.kernel.errors import OurFault
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.cast import FAR
from tests.exports.asked import NARROW, ask, job, made
from tests.inventory import stock
from tests.make import actor, key, make_ticket


def cells(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_each_sees_the_tickets_of_their_scope_and_no_others(lotus_db):
    near, far = make_ticket(), make_ticket(lat=FAR[0], lng=FAR[1], address="far away")
    assert [row[0] for row in cells(made(who="bai", columns=["ticket_no"])[1])[1:]] == [near.ticket_no, far.ticket_no]
    path = far.org_path
    RoleGrant.objects.filter(user__username="lin").update(org_path=path)
    assert [row[0] for row in cells(made(who="lin", columns=["ticket_no"])[1])[1:]] == [far.ticket_no]


def test_who_may_not_see_the_contact_gets_an_empty_one_and_the_coarse_address(lotus_db):
    one = make_ticket(status="closed")
    columns = ["description", "contact_name", "contact_phone", "account_no", "address", "solution"]
    assert cells(made(who="ji", columns=columns)[1])[1] == ["", "", "", "", one.coarse_address, ""]
    whole = [one.description, one.contact_name, one.contact_phone, "", one.address, "new plug"]
    assert cells(made(who="bai", columns=columns)[1])[1] == whole


def test_a_period_of_closing_has_what_was_closed_in_it(lotus_db):
    make_ticket()
    closed = make_ticket(status="closed")
    assert [row[0] for row in cells(made(period="closed", columns=["ticket_no"])[1])[1:]] == [closed.ticket_no]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(lotus_db, monkeypatch):
    monkeypatch.setattr(records_read, "PAGE", 3)
    wanted = [make_ticket().ticket_no for _ in range(10)]
    with_same_moment = wanted[2:8]
    Ticket.objects.filter(ticket_no__in=with_same_moment).update(reported_at=clock.now())
    found = [row[0] for row in cells(made(columns=["ticket_no"])[1])[1:]]
    assert sorted(found) == sorted(wanted)


def test_stock_movements_agree_with_the_books(lotus_db):
    stock.item()
    stock.receive(stock.boxes("SN0001", "SN0002", cost=12_345))
    columns = ["document", "item", "delta", "balance", "value_fen"]
    found = cells(made(who="ku", source="stock_movements", period="moved", columns=columns)[1])[1:]
    rows = Movement.objects.select_related("entry__document", "item").order_by("at", "id")
    assert found == [
        [one.entry.document.number, one.item.name, as_cell(one.delta), as_cell(one.balance), f"{one.value / 100:.2f}"]
        for one in rows
    ]


def as_cell(number):
    """A minus is a sign of a number, not the beginning of a formula: numbers are no texts."""
    return f"{number:.2f}"


def test_who_has_lost_the_role_gets_no_file(lotus_db):
    public_id = ask("lin")
    RoleGrant.objects.filter(user=User.objects.get(username="lin")).delete()
    assert services.make(public_id) == "failed"
    assert job(public_id).refusal and not job(public_id).path


def test_made_twice_is_made_once(lotus_db):
    row, _content = made()
    assert services.make(row.public_id) == "done"
    assert job(row.public_id).attempt == 1


def test_cancelled_between_two_pages_it_stops_and_leaves_nothing(lotus_db, monkeypatch):
    monkeypatch.setattr(records_read, "PAGE", 2)
    for _ in range(5):
        make_ticket()
    public_id, real, seen = ask(columns=["ticket_no"]), comma.Writer.page, []

    def page(self, columns):
        real(self, columns)
        seen.append(len(columns[0]))
        if len(seen) == 1:
            services.cancel_export(public_id=public_id, by=actor("bai"), key=key())

    monkeypatch.setattr(comma.Writer, "page", page)
    assert services.make(public_id) == "cancelled"
    assert seen == [2]
    assert not default_storage.exists(services.making.files_of(job(public_id))[0])


def test_a_defect_is_tried_three_times_and_then_said(lotus_db, monkeypatch):
    def broken(self, path, sheet):
        raise ZeroDivisionError

    monkeypatch.setattr(comma.Writer, "__init__", broken)
    public_id = ask()
    assert [services.make(public_id) for _ in range(3)] == ["asked", "asked", "failed"]
    assert job(public_id).refusal == OurFault().sentence
    assert services.waiting_exports() == []


def test_what_was_left_behind_is_taken_up_and_the_old_maker_finds_it_gone(lotus_db):
    make_ticket()
    public_id = ask(columns=NARROW)
    ExportJob.objects.update(state="running", attempt=1, touched_at=clock.now())
    assert services.waiting_exports() == [] and services.make(public_id) == "running"
    ExportJob.objects.update(touched_at=clock.now() - timedelta(minutes=4))
    stale = job(public_id)
    assert services.waiting_exports() == [public_id] and services.make(public_id) == "done"
    with pytest.raises(services.making.NotOurs):
        services.making._tell(stale, 1)
    assert job(public_id).attempt == 2


def test_it_is_handed_to_who_asked_and_to_the_administrator_each_time_noted(lotus_db):
    row, content = made(who="lin", columns=["ticket_no"])
    for who in ("lin", "bai"):
        handed = services.hand_out(public_id=row.public_id, by=actor(who))
        with handed.file as file:
            assert file.read() == content and handed.sha256 == row.sha256
    assert handed.name.startswith("工单记录_") or handed.name.startswith("Ticket")
    assert job(row.public_id).downloads == 2
    noted = AuditEntry.objects.filter(action="exports.download", outcome="done")
    assert [one.actor for one in noted.order_by("id")] == [actor("lin").ref, actor("bai").ref]


def test_another_person_and_the_other_branch_find_nothing(lotus_db, maple):
    row, _content = made(who="lin", columns=["ticket_no"])
    with pytest.raises(ExportNotFound):
        services.hand_out(public_id=row.public_id, by=actor("cai"))
    with pytest.raises(ExportNotFound):
        services.cancel_export(public_id=row.public_id, by=actor("cai"), key=key())
    with in_branch(maple.tenant), pytest.raises(ExportNotFound):
        services.hand_out(public_id=row.public_id, by=actor("bai"))
    assert AuditEntry.objects.filter(action="exports.download", outcome="exports.not_found").exists()


def test_after_seven_days_there_is_no_file_and_the_night_takes_it_away(lotus_db):
    row, _content = made(columns=["ticket_no"])
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(NotReady):
            services.hand_out(public_id=row.public_id, by=actor("bai"))
        assert services.forget_exports() == 1
        assert services.forget_exports() == 0
    assert job(row.public_id).state == "expired" and not default_storage.exists(row.path)


def test_files_lie_in_the_branch_s_own_folder(lotus_db):
    row, _content = made(columns=["ticket_no"])
    assert row.path.startswith(f"{lotus_db.tenant.uuid}/exports/")
