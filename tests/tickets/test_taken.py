"""Where and when a picture was taken is read, checked against its ticket, and dropped from the file."""

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from apps.people import geo
from apps.tickets import files_read, selectors, services
from apps.tickets.models import Photo, Ticket
from apps.tickets.rules import taken
from apps.tickets.rules.taken import Check, Taken
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from tests.cast import NEAR, Branch
from tests.files import taken_picture
from tests.make import key, make_ticket

SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FAR_AWAY = (44.58, 117.61)


def upload(content: bytes, by: Actor, stage: str = "report") -> Photo:
    receipt = services.upload_photo(content=content, stage=stage, by=by, key=key())
    return Photo.objects.get(public_id=receipt.public_id)


def check_of(ticket: Ticket, lin: Actor) -> Check | None:
    return files_read.attachments_in(lin, selectors.ticket_for(lin, ticket.public_id))[0].check


def test_place_and_moment_are_kept_beside_the_picture(lotus_db: Branch, cai: Actor) -> None:
    at = clock.now().astimezone(SHANGHAI).replace(microsecond=0) - timedelta(hours=1)
    photo = upload(taken_picture(*NEAR, at), cai)
    assert (photo.taken_lat, photo.taken_lng) == (pytest.approx(NEAR[0], abs=1e-5), pytest.approx(NEAR[1], abs=1e-5))
    assert photo.taken_at == at


def test_neither_file_that_is_kept_says_them(lotus_db: Branch, cai: Actor) -> None:
    photo = upload(taken_picture(*NEAR, NOW), cai)
    for path in (photo.path, photo.thumb_path):
        with default_storage.open(path) as file:
            content = file.read()
        assert b"Exif" not in content and not Image.open(io.BytesIO(content)).getexif()


def test_a_picture_that_says_nothing_is_no_worse(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    photo = upload(taken_picture(), cai)
    assert (photo.taken_at, photo.taken_lat, photo.taken_lng) == (None, None, None)
    assert check_of(make_ticket(photos=(photo.public_id,)), lin) == Check()


def test_taken_at_the_door_it_fits(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    ticket = make_ticket(photos=(upload(taken_picture(*NEAR, clock.now()), cai).public_id,))
    check = check_of(ticket, lin)
    assert check and check.metres is not None and check.metres < 5 and not check.doubtful


def test_taken_far_away_it_is_told_and_kept(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    ticket = make_ticket(photos=(upload(taken_picture(*FAR_AWAY), cai).public_id,))
    check = check_of(ticket, lin)
    assert check and check.far and check.metres == pytest.approx(geo.distance_m(*FAR_AWAY, *NEAR), abs=2)


def test_where_only_the_address_is_known_nothing_is_measured(lotus_db: Branch, cai: Actor, lin: Actor) -> None:
    photo = upload(taken_picture(*FAR_AWAY), cai)
    ticket = make_ticket(photos=(photo.public_id,), lat=None, lng=None)
    assert ticket.lat is not None and check_of(ticket, lin) == Check()


@pytest.mark.parametrize(
    ("stage", "hours", "early"), [("report", 20, False), ("report", 30, True), ("finish", 1, True)]
)  # fmt: skip
def test_taken_long_before_it_is_told(
    lotus_db: Branch, cai: Actor, lin: Actor, stage: str, hours: int, early: bool
) -> None:
    photo = upload(taken_picture(at=clock.now() - timedelta(hours=hours)), cai)
    ticket = make_ticket(photos=(photo.public_id,))
    Photo.objects.update(stage=stage)
    check = check_of(ticket, lin)
    assert check and (check.early is not None) == early == check.doubtful


# -- reading what cameras write ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ({0x9003: "2026:05:04 10:00:00"}, datetime(2026, 5, 4, 2, 0, tzinfo=UTC)),
        ({0x9003: "2026:05:04 10:00:00", 0x9011: "+09:00"}, datetime(2026, 5, 4, 1, 0, tzinfo=UTC)),
        ({0x9003: b"2026:05:04 10:00:00\0", 0x9011: "   :  "}, datetime(2026, 5, 4, 2, 0, tzinfo=UTC)),
        ({0x0132: "2026:05:04 10:00:00"}, datetime(2026, 5, 4, 2, 0, tzinfo=UTC)),
        ({0x9003: "1970:01:01 00:00:00"}, None),
        ({0x9003: "2031:01:01 00:00:00"}, None),
        ({0x9003: "0000:00:00 00:00:00"}, None),
        ({0x9003: "yesterday"}, None),
        ({0x9003: 7}, None),
    ],
)
def test_the_moment_is_the_branchs_wall_clock_unless_the_camera_knows_better(
    told: dict[int, object], at: datetime | None
) -> None:
    assert taken.read(told, {}, NOW).at == at


def place(lat: object, lng: object, **more: object) -> dict[int, object]:
    return {1: "N", 2: lat, 3: "E", 4: lng} | {int(tag[1:]): value for tag, value in more.items()}


def test_the_place_is_degrees_minutes_and_seconds() -> None:
    assert taken.read({}, place((43, 56, 2.4), (116, 5, 13.2)), NOW) == Taken(None, 43.934, 116.087)
    assert taken.read({}, {1: "S", 2: (1, 30, 0), 3: "W", 4: (2, 0, 0)}, NOW) == Taken(None, -1.5, -2.0)


def test_a_place_in_the_chinese_datum_is_moved_to_ours() -> None:
    lat, lng = geo.to_gcj02(*NEAR)
    found = taken.read({}, place((lat, 0, 0), (lng, 0, 0), t18="GCJ-02"), NOW)
    assert (found.lat, found.lng) == (pytest.approx(NEAR[0], abs=1e-5), pytest.approx(NEAR[1], abs=1e-5))


@pytest.mark.parametrize(
    "told",
    [
        {}, place((0, 0, 0), (0, 0, 0)), place((91, 0, 0), (116, 0, 0)), place((43, 0, 0), (181, 0, 0)),
        place((float("nan"),), (116,)), place((float("inf"),), (116,)), place("43", None), place((43,), ()) | {4: 7},
        {2: (43, 0, 0)}, place((43, 0, 0), (116, 0, 0), t18="TOKYO"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_none(told: dict[int, object]) -> None:
    assert taken.read({}, told, NOW) == Taken()


@pytest.mark.parametrize("error", [TypeError, KeyError, SyntaxError])
def test_a_broken_note_of_the_camera_spoils_no_picture(
    lotus_db: Branch, cai: Actor, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def broken(*args: object) -> None:
        raise error("bad tag")

    monkeypatch.setattr(taken, "read", broken)
    assert upload(taken_picture(*NEAR), cai).taken_lat is None
