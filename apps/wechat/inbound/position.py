"""LOCATION: where a phone was when its owner opened the chat. A weak hint, for who agreed and is on duty; never kept
for anybody else (WeChat doc: §1.10, §3.8)."""

from datetime import timedelta

from apps.people import consents, geo
from apps.people.services import note_position
from apps.wechat.inbound.told import Malformed, Told
from apps.wechat.models import StaffBinding
from steppe.kernel import clock

TOO_OLD = timedelta(minutes=30)
TOO_ROUGH_M = 1000.0
DATUMS = ("wgs84", "gcj02")


def seen(told: Told) -> None:
    """Kept in WGS-84. Nothing of it stays for a customer, off duty, or without consent. Up to three queries."""
    lat, lng = _point(told, "Latitude", "Longitude", datum_of(told, "event", "wgs84"))
    if clock.now() - told.at > TOO_OLD or told.number("Precision") > TOO_ROUGH_M:
        return
    technician = _technician(told)
    if technician is not None:
        note_position(technician_id=technician, lat=lat, lng=lng, at=min(told.at, clock.now()))


def datum_of(told: Told, what: str, default: str) -> str:
    """In which coordinates this account's positions come: nobody documents it, so it can be set (WxAccount.datums)."""
    found = (told.account.datums or {}).get(what)
    return found if found in DATUMS else default


def point_in(told: Told, lat_name: str, lng_name: str) -> tuple[float, float]:
    """A point as it came. Raises Malformed for what is nowhere on earth."""
    lat, lng = told.number(lat_name), told.number(lng_name)
    if not geo.valid(lat, lng):
        raise Malformed(lat_name)
    return lat, lng


def _point(told: Told, lat_name: str, lng_name: str, datum: str) -> tuple[float, float]:
    return geo.to_wgs84(*point_in(told, lat_name, lng_name), datum)


def _technician(told: Told) -> int | None:
    """The technician bound to this WeChat, on duty, who has agreed to it."""
    bound = StaffBinding.objects.filter(
        account=told.account, openid=told.openid, user__is_active=True, user__technician__on_duty=True
    )
    found = bound.values_list("user__technician", "user_id").first()
    if found is None:
        return None
    return int(found[0]) if consents.stands(f"staff:{found[1]}", consents.LOCATION) else None
