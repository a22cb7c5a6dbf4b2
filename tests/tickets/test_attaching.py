"""Files are added to a ticket by hand by who may see them, and taken off with a reason; what proves the work stays."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.tickets import files_read, selectors, services
from apps.tickets.errors import (
    Archived,
    FileStays,
    NoFile,
    NoFileChosen,
    ReasonMissing,
    StaleVersion,
    TicketNotFound,
    TooManyFiles,
)
from apps.tickets.models import Photo, Ticket
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.errors import NotAllowed
from tenants.context import in_branch
from tests import files, make
from tests.cast import Branch
from tests.make import key, make_ticket, picture
from tests.rules import refused, sent_twice
from tests.tickets.looks import the_event, the_step


def uploaded(by: Actor, content: bytes | None = None) -> str:
    return services.upload_photo(content=content or picture(), stage="report", by=by, key=key()).public_id


def attach(ticket: Ticket, by: Actor, *names: str, **more: object) -> None:
    services.attach_files(public_id=ticket.public_id, photos=names, by=by, key=key(), **more)


def take_off(ticket: Ticket, name: str, by: Actor, reason: str = "wrong_ticket", **more: object) -> None:
    services.take_off_file(public_id=ticket.public_id, photo=name, reason=reason, by=by, key=key(), **more)


def names_at(ticket: Ticket) -> set[str]:
    return set(ticket.photos.values_list("public_id", flat=True))


def with_file(by: Actor, status: str = "accepted") -> tuple[Ticket, str]:
    ticket, name = make_ticket(status=status), uploaded(by)
    attach(ticket, by, name)
    return ticket, name


def test_a_picture_and_a_document_are_added_and_the_history_counts_them(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket(status="accepted")
    one, other = uploaded(lin), uploaded(lin, files.pdf())
    attach(ticket, lin, one, other)
    assert names_at(ticket) == {one, other}
    step = the_step(ticket)
    assert (step.action, step.before, step.data) == ("attach", "accepted", {"photos": 1, "documents": 1})
    assert the_event(ticket, "ticket.files_changed").facts["before"] == "accepted"


def test_the_clocks_go_on_as_they_did(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket(status="in_progress")
    attach(ticket, lin, uploaded(lin))
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.resolve_due_at, after.status) == (ticket.resolve_due_at, "in_progress")


def test_added_twice_with_one_key_it_is_added_once(lotus_db: Branch, lin: Actor) -> None:
    ticket, name = make_ticket(), uploaded(lin)
    sent_twice(lambda once: services.attach_files(public_id=ticket.public_id, photos=(name,), by=lin, key=once))


@pytest.mark.parametrize("status", ["submitted", "on_hold", "closed", "void"])
def test_it_is_possible_in_every_state(lotus_db: Branch, lin: Actor, status: str) -> None:
    ticket, _ = with_file(lin, status)
    assert ticket.photos.count() == 1


@pytest.mark.parametrize("who", ["cai", "an", "lin", "hui", "yun", "de", "bai", "wu"])
def test_who_may_see_the_files_may_add_one(lotus_db: Branch, who: str) -> None:
    ticket, name = with_file(make.actor(who))
    assert names_at(ticket) == {name}


@pytest.mark.parametrize("who", ["ji", "ku"])
def test_who_may_not_see_them_may_not(lotus_db: Branch, who: str) -> None:
    ticket, name = make_ticket(), uploaded(make.actor(who))
    with refused(NotAllowed):
        attach(ticket, make.actor(who), name)


def test_a_customer_may_not_after_the_report(lotus_db: Branch, mei: Actor) -> None:
    ticket, name = make_ticket(by=mei), uploaded(mei)
    with refused(NotAllowed):
        attach(ticket, mei, name)


@pytest.mark.parametrize("who", ["bo", "xi", "gao"])
def test_who_does_not_see_the_ticket_does_not_find_it(lotus_db: Branch, who: str) -> None:
    ticket, name = make_ticket(status="accepted"), uploaded(make.actor(who))
    with refused(TicketNotFound):
        attach(ticket, make.actor(who), name)


def test_a_clerk_adds_to_own_entries_only(lotus_db: Branch, an: Actor, cai: Actor) -> None:
    ticket, name = make_ticket(by=an), uploaded(cai)
    with refused(TicketNotFound):
        attach(ticket, cai, name)


def test_a_technician_adds_until_the_ticket_is_over(lotus_db: Branch, wu: Actor) -> None:
    ticket, name = make_ticket(status="closed"), uploaded(wu)
    with refused(TicketNotFound):
        attach(ticket, wu, name)


def test_only_own_uploads_can_be_added(lotus_db: Branch, lin: Actor, cai: Actor) -> None:
    ticket, name = make_ticket(), uploaded(cai)
    for names in ((name,), ("nosuchphoto1",), ()):
        with refused(NoFileChosen):
            attach(ticket, lin, *names)


def test_a_file_of_another_ticket_is_not_moved(lotus_db: Branch, lin: Actor) -> None:
    ticket, name = with_file(lin)
    other = make_ticket()
    with refused(NoFileChosen):
        attach(other, lin, name)
    assert names_at(ticket) == {name}


def test_a_ticket_holds_only_so_many(lotus_db: Branch, lin: Actor) -> None:
    lotus_db.tenant.policy = {"attachments_max": 1}
    ticket, _ = with_file(lin)
    name = uploaded(lin)
    with refused(TooManyFiles, most=1):
        attach(ticket, lin, name)


def test_what_is_archived_can_only_be_read(lotus_db: Branch, lin: Actor) -> None:
    ticket, name = with_file(lin, "closed")
    Ticket.objects.filter(pk=ticket.pk).update(archived_at=clock.now())
    fresh = uploaded(lin)
    with refused(Archived):
        attach(ticket, lin, fresh)
    with refused(Archived):
        take_off(ticket, name, lin)


def test_who_decided_on_an_old_page_is_told_so(lotus_db: Branch, lin: Actor) -> None:
    ticket, name = with_file(lin)
    with refused(StaleVersion):
        take_off(ticket, name, lin, version=ticket.version - 1)


# -- taking off --------------------------------------------------------------------------------------------------


def test_taken_off_it_is_gone_for_every_reader_and_the_history_says_why(
    lotus_db: Branch, cai: Actor, lin: Actor
) -> None:
    ticket, name = with_file(cai)
    take_off(ticket, name, lin)
    assert names_at(ticket) == set()
    step = the_step(ticket)
    assert (step.action, step.actor_name, step.reason) == ("detach", "Lin", "wrong_ticket")
    assert (step.data["photos"], step.data["documents"]) == (1, 0)
    for who in (cai, lin, lotus_db.bai):
        with pytest.raises(TicketNotFound):
            selectors.photo_for(who, name)


def test_taken_off_twice_with_one_key_it_is_once(lotus_db: Branch, lin: Actor) -> None:
    ticket, name = with_file(lin)
    given = {"public_id": ticket.public_id, "photo": name, "reason": "twice"}
    sent_twice(lambda once: services.take_off_file(**given, by=lin, key=once))


def test_the_night_takes_it_from_the_disk(lotus_db: Branch, lin: Actor, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    ticket, name = with_file(lin)
    path = Photo.objects.get(public_id=name).path
    take_off(ticket, name, lin)
    with clock.frozen(clock.now() + timedelta(days=2)), django_capture_on_commit_callbacks(execute=True):
        services.sweep_photos()
    assert not Photo.objects.filter(public_id=name).exists() and not default_storage.exists(path)


@pytest.mark.parametrize("who", ["cai", "lin", "bai"])
def test_who_added_it_the_dispatcher_and_the_administrator_may(lotus_db: Branch, cai: Actor, who: str) -> None:
    ticket, name = with_file(cai)
    take_off(ticket, name, make.actor(who))
    assert names_at(ticket) == set()


@pytest.mark.parametrize("who", ["an", "hui", "wu", "yun"])
def test_nobody_else_may(lotus_db: Branch, cai: Actor, who: str) -> None:
    ticket, name = with_file(cai)
    with refused(NotAllowed):
        take_off(ticket, name, make.actor(who))


@pytest.mark.parametrize("stage", ["report", "finish"])
def test_what_came_with_the_report_or_proves_the_work_stays(lotus_db: Branch, lin: Actor, stage: str) -> None:
    ticket, name = with_file(lin)
    Photo.objects.update(stage=stage)
    with refused(FileStays):
        take_off(ticket, name, lin)


def test_it_takes_a_reason_and_a_file_of_this_ticket(lotus_db: Branch, lin: Actor) -> None:
    ticket, name = with_file(lin)
    other = make_ticket()
    with refused(ReasonMissing):
        take_off(ticket, name, lin, " ")
    with refused(NoFile):
        take_off(other, name, lin)
    with refused(NoFile):
        take_off(ticket, "nosuchphoto1", lin)


def test_an_old_photo_added_later_is_measured_like_the_reports(lotus_db: Branch, lin: Actor) -> None:
    ticket = make_ticket()
    early = files.taken_picture(at=clock.now() - timedelta(hours=3))
    attach(ticket, lin, uploaded(lin, early))
    [file] = files_read.attachments_in(lin, selectors.ticket_for(lin, ticket.public_id))
    assert file.check is not None and not file.check.doubtful


def test_another_branch_finds_neither_ticket_nor_file(lotus_db: Branch, maple: Branch, lin: Actor) -> None:
    ticket, name = with_file(lin)
    with in_branch(maple.tenant):
        with refused(TicketNotFound):
            take_off(ticket, name, maple.lin)
        own, theirs = make_ticket(), name
        with refused(NoFileChosen):
            attach(own, maple.lin, theirs)
        with refused(NoFile):
            take_off(own, theirs, maple.lin)
    assert names_at(ticket) == {name}
