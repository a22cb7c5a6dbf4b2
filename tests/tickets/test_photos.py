"""A picture is somebody's until a command hangs it on a ticket; then it goes with the contact."""

import pytest
from django.core.files.storage import default_storage

from apps.tickets import selectors, services
from apps.tickets.errors import NotAPicture, PictureTooLarge, TicketNotFound
from apps.tickets.models import Photo, Ticket
from steppe.kernel.actors import ANONYMOUS, Actor
from steppe.kernel.errors import NotAllowed
from tests import make
from tests.cast import Branch
from tests.make import key, make_ticket, picture
from tests.rules import refused, sent_twice


def upload(by: Actor, **more: str) -> str:
    return services.upload_photo(content=picture(), stage="report", by=by, key=key(), **more).public_id


def hanging(ticket: Ticket) -> list[str]:
    return [photo.public_id for photo in selectors.photos(ticket)]


def test_it_is_kept_in_the_branchs_own_folder(lotus_db: Branch, cai: Actor) -> None:
    photo = Photo.objects.get(public_id=upload(cai))
    assert photo.path.startswith(f"{lotus_db.tenant.uuid}/photos/") and default_storage.exists(photo.path)
    assert (photo.width, photo.height, photo.owner, photo.ticket) == (40, 30, cai.ref, None)


def test_sent_twice_it_is_kept_once(lotus_db: Branch, cai: Actor) -> None:
    sent_twice(lambda once: services.upload_photo(content=picture(), stage="report", by=cai, key=once))
    assert Photo.objects.count() == 1


def test_the_reporter_hangs_the_own_pictures_on_the_ticket(lotus_db: Branch, cai: Actor) -> None:
    names = (upload(cai), upload(cai))
    assert hanging(make_ticket(photos=names)) == list(names)


def test_somebody_elses_picture_is_silently_not_there(lotus_db: Branch, cai: Actor, an: Actor) -> None:
    assert hanging(make_ticket(photos=(upload(an), "no-such-photo"))) == []


def test_a_picture_hangs_on_one_ticket_only(lotus_db: Branch, cai: Actor) -> None:
    name = upload(cai)
    first, second = make_ticket(photos=(name,)), make_ticket(photos=(name,))
    assert (hanging(first), hanging(second)) == ([name], [])


def test_a_stranger_needs_a_session_of_her_own(lotus_db: Branch) -> None:
    with refused(NotAllowed):
        upload(ANONYMOUS)
    name = upload(ANONYMOUS, owner="session:a")
    wanted = {"photos": (name,), "photo_owner": "session:b"}
    other = services.open_ticket(report=make.report(**wanted), channel="h5", by=ANONYMOUS, key=key())
    assert hanging(Ticket.objects.get(id=other.entity_id)) == []
    hers = services.open_ticket(
        report=make.report(**wanted | {"photo_owner": "session:a"}), channel="h5", by=ANONYMOUS, key=key()
    )
    assert hanging(Ticket.objects.get(id=hers.entity_id)) == [name]


def test_a_free_picture_is_seen_by_its_owner_only(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    name, strangers = upload(cai), upload(ANONYMOUS, owner="session:a")
    assert selectors.photo_for(cai, name).public_id == name
    assert selectors.photo_for(ANONYMOUS, strangers, "session:a")
    for who, photo, owner in ((lin, name, ""), (ANONYMOUS, name, ""), (ANONYMOUS, strangers, "session:b")):
        with pytest.raises(TicketNotFound):
            selectors.photo_for(who, photo, owner)


def test_a_ticketss_picture_goes_with_its_contact(
    lotus_db: Branch, cai: Actor, wu: Actor, bo: Actor, gao: Actor
) -> None:
    name = upload(cai)
    ticket = make_ticket(photos=(name,))
    for who in (wu, bo, gao, ANONYMOUS):
        with pytest.raises(TicketNotFound):
            selectors.photo_for(who, name)
    make.grab(ticket.public_id)
    assert selectors.photo_for(wu, name)
    with pytest.raises(TicketNotFound):
        selectors.photo_for(bo, name)


def test_the_other_branch_has_no_such_picture(lotus_db: Branch, maple: Branch, lin: Actor) -> None:
    from tenants.context import in_branch

    name = upload(lin)
    with in_branch(maple.tenant), pytest.raises(TicketNotFound):
        selectors.photo_for(maple.lin, name)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:100]])
def test_what_is_no_picture_is_refused(lotus_db: Branch, cai: Actor, content: bytes) -> None:
    with refused(NotAPicture):
        services.upload_photo(content=content, stage="report", by=cai, key=key())


def test_what_is_too_large_is_refused_with_the_limit(lotus_db: Branch, cai: Actor) -> None:
    lotus_db.tenant.policy = {"photo_max_mb": 1}
    with refused(PictureTooLarge, mb=1):
        services.upload_photo(content=b"\xff" * (1024 * 1024 + 1), stage="report", by=cai, key=key())
