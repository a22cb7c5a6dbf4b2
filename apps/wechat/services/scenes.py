"""Printed QR codes of grids, buildings and technicians: made, drawn, withdrawn; and who may see which.

WeChat is asked after the row is committed: its name is the same at every try, so a second try gives the same code.
"""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum

from apps.people import geo
from apps.people import selectors as people
from apps.wechat import scene_words, selectors
from apps.wechat.calls.client import client_for
from apps.wechat.chat_errors import BadCode, CodesUsedUp, CodeWithdrawn, UnknownCode
from apps.wechat.errors import WeChatAway, WeChatError
from apps.wechat.models import Scene, Tally
from apps.wechat.permissions import CODE_KEEPERS
from apps.wechat.rules import scenes as rules
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command

if TYPE_CHECKING:
    from apps.people.models import Technician

USED_UP = 45029
SHOWN = 300
STATES = ("", "used", "undrawn", "withdrawn")


@dataclass(frozen=True)
class Code:
    """A printed code as its keeper sees it."""

    scene: Scene
    scans: int

    @property
    def state(self) -> str:
        """`used`, `undrawn` (WeChat was not reached yet) or `withdrawn`."""
        if self.scene.withdrawn_at:
            return "withdrawn"
        return "used" if self.scene.url else "undrawn"


@command("wechat.make_code")
def make_code(
    *, kind: str, label: str = "", address: str = "", point: str = "", datum: str = "wgs84",
    grid: str = "", technician_id: int | None = None, by: Actor,
) -> Receipt:  # fmt: skip
    """A permanent code, not drawn yet: `draw_code` asks WeChat for it. `grid` is its code, within the actor's reach.

    Raises NoAccount, BadCode (fields `kind`, `label`, `address`, `point`, `datum`, `grid`, `technician`), NotAllowed.
    """
    require(by, CODE_KEEPERS)
    account = selectors.required_account()
    told = {"kind": kind, "label": label, "address": address, "point": point, "datum": datum}
    wrong = rules.judge(told)
    unit, technician = _unit(kind, grid, by, wrong), _technician(kind, technician_id, by, wrong)
    unit = technician.org_unit_id if technician else unit
    if wrong:
        raise BadCode({field: [scene_words.complaint(rule)] for field, rule in wrong.items()})
    found = rules.point_of(point) if kind == rules.BUILDING else None
    lat, lng = geo.to_wgs84(*found, datum) if found else (None, None)
    scene = Scene.objects.create(
        account=account, name=secrets.token_urlsafe(18), kind=kind, label=label.strip(), address=address.strip(),
        lat=lat, lng=lng, org_unit_id=unit, technician=technician, made_at=clock.now(), made_by=by.ref,
    )  # fmt: skip
    return Receipt("wechat_scene", scene.pk, facts={"kind": kind})


@command("wechat.withdraw_code")
def withdraw_code(*, scene_id: int, by: Actor) -> Receipt:
    """From now on who scans it gets the plain form. Raises UnknownCode, CodeWithdrawn, NotAllowed."""
    require(by, CODE_KEEPERS)
    if not visible(by).filter(pk=scene_id).exists():
        raise UnknownCode
    if not Scene.objects.filter(pk=scene_id, withdrawn_at__isnull=True).update(withdrawn_at=clock.now()):
        raise CodeWithdrawn
    return Receipt("wechat_scene", scene_id)


def draw_code(*, scene_id: int, by: Actor) -> None:
    """Ask WeChat what the code draws; nothing happens when it is known. One call, outside of any transaction.

    Raises UnknownCode, CodeWithdrawn, CodesUsedUp, WeChatAway, NotAllowed.
    """
    require(by, CODE_KEEPERS)
    scene = visible(by).filter(pk=scene_id).first()
    if scene is None:
        raise UnknownCode
    if scene.withdrawn_at:
        raise CodeWithdrawn
    if not scene.url:
        Scene.objects.filter(pk=scene.pk, url="").update(url=_drawn(scene))


def codes(*, by: Actor, words: str = "", state: str = "", kind: str = "") -> list[Code]:
    """What this keeper may see, newest first, at most SHOWN. Two queries. Raises NotAllowed."""
    require(by, CODE_KEEPERS)
    rows = list(_found(visible(by), words.strip()[:60], state, kind)[:SHOWN])
    names = [scene.name for scene in rows]
    counted = Tally.objects.filter(kind="scan", name__in=names).values_list("name").annotate(Sum("times"))
    scans = dict(counted)
    return [Code(scene, scans.get(scene.name, 0)) for scene in rows]


def printable(*, ids: list[int], by: Actor) -> list[Scene]:
    """Codes to print, in the order asked for: drawn, not withdrawn, this keeper's. One query. Raises NotAllowed."""
    require(by, CODE_KEEPERS)
    rows = visible(by).filter(pk__in=ids[:SHOWN], withdrawn_at__isnull=True).exclude(url="")
    by_id = {scene.pk: scene for scene in rows}
    return [by_id[one] for one in dict.fromkeys(ids) if one in by_id]


def title_of(scene: Scene) -> str:
    """What people call it. No query for a row of `visible`."""
    person = scene.technician.user.name if scene.technician else ""
    return scene.label or person or scene.address or (scene.org_unit.name if scene.org_unit else "")


def visible(by: Actor) -> QuerySet[Scene]:
    """The printed codes of the account in use at or below where the actor keeps them. No query by itself."""
    rows = Scene.objects.filter(kind__in=rules.KINDS, account__enabled=True).select_related(
        "org_unit", "technician__user", "account"
    )
    reach = Q(pk__in=[])
    for path in by.scopes(CODE_KEEPERS):
        reach |= Q(org_unit__path__startswith=path)
    return rows.filter(reach).order_by("-id")


def crew(*, by: Actor) -> "list[Technician]":
    """The technicians this keeper may print a code for. One query."""
    return [one for one in people.crew_below(by.scopes(CODE_KEEPERS)) if one.user.is_active]


def _found(rows: QuerySet[Scene], words: str, state: str, kind: str) -> QuerySet[Scene]:
    if kind in rules.KINDS:
        rows = rows.filter(kind=kind)
    if state == "withdrawn":
        rows = rows.filter(withdrawn_at__isnull=False)
    elif state in STATES[1:]:
        rows = rows.filter(withdrawn_at__isnull=True)
        rows = rows.filter(url="") if state == "undrawn" else rows.exclude(url="")
    for word in words.split():
        rows = rows.filter(
            Q(label__icontains=word) | Q(address__icontains=word) | Q(org_unit__name__icontains=word)
            | Q(technician__user__name__icontains=word)
        )  # fmt: skip
    return rows


def _unit(kind: str, grid: str, by: Actor, wrong: dict[str, str]) -> int | None:
    """The grid of a grid's or building's code; a technician's hangs where the technician does."""
    if kind == rules.TECHNICIAN:
        return None
    found = next((one for one in people.grids_below(by.scopes(CODE_KEEPERS)) if one.code == grid), None)
    if found is None:
        wrong.setdefault("grid", "missing")
        return None
    return found.pk


def _technician(kind: str, technician_id: int | None, by: Actor, wrong: dict[str, str]) -> "Technician | None":
    if kind != rules.TECHNICIAN:
        return None
    found = next((one for one in crew(by=by) if one.pk == technician_id), None)
    if found is None:
        wrong.setdefault("technician", "missing")
    return found


def _drawn(scene: Scene) -> str:
    try:
        url = client_for(scene.account).qrcode_create(scene.name).url
    except WeChatError as error:
        raise (CodesUsedUp if error.errcode == USED_UP else WeChatAway) from None
    if not 0 < len(url) <= 200:
        raise WeChatAway
    return url
