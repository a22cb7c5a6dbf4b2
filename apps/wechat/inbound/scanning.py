"""A QR code of the account was scanned: what it stands for is filled into the person's report."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.wechat.inbound import answers, counting, words
from apps.wechat.inbound.told import Told
from apps.wechat.inbound.writers import identity_of, language_of, staff_of
from apps.wechat.models import Scene
from apps.wechat.rules import scenes as rules
from apps.wechat.services import drafts
from apps.wechat.services.binding_codes import claim_by_scene
from apps.wechat.services.scenes import title_of

LONGEST = 128


def scanned(told: Told) -> None:
    """SCAN: somebody who follows already."""
    take_scene(told, told.text("EventKey", most=LONGEST))


def scanned_in_menu(told: Told) -> None:
    """scancode_push, scancode_waitmsg: the menu's own scanner. One of our codes is one; anything else is no report."""
    info = told.payload.get("ScanCodeInfo")
    found = info.get("ScanResult") if isinstance(info, dict) else None
    url = found[:200] if isinstance(found, str) else ""
    scene = Scene.objects.filter(account=told.account, url=url).first() if url else None
    take_scene(told, scene.name if scene else "")


def take_scene(told: Told, name: str) -> None:
    """Answer with the report that knows the place, or with the way to a binding."""
    scene = _scene(told, name)
    if scene is not None:
        counting.count(told.account, counting.SCAN, scene.name, told.at)
        if scene.kind == rules.BIND and claim_by_scene(told.account, told.openid, scene.name):
            return  # a code on a screen: the phone got a link, both sides are asked (services/binding_codes.py)
    elif told.account.shared and name:
        return  # the code of another branch of this account
    with override(language_of(told)):
        answers.say(told, "scan", _answer(told, scene), within=answers.AFTER_TAP)


def _scene(told: Told, name: str) -> Scene | None:
    rows = Scene.objects.select_related("org_unit", "technician__user")
    return rows.filter(account=told.account, name=name).first() if 0 < len(name) <= 64 else None


def _answer(told: Told, scene: Scene | None) -> str:
    if staff_of(told):
        return words.pool()
    gone = scene is None or scene.withdrawn_at or (scene.expires_at and scene.expires_at < told.at)
    if scene is not None and scene.kind == rules.BIND:  # a code on a screen that nobody waits for any more
        return words.binding_code_over()
    if scene is None or gone:
        return words.code_gone()
    draft = drafts.draft_of(identity_of(told))
    drafts.put_scene(draft, scene, address=address_of(scene), words=wish_of(scene))
    return words.scanned(draft.public_id, title_of(scene))


def address_of(scene: Scene) -> str:
    """What the form says of the place; with a word by which the grid is found where there is no point."""
    if scene.kind == rules.TECHNICIAN:
        return ""
    grid = scene.org_unit
    given = scene.address or (scene.label if scene.kind == rules.BUILDING else "")
    if scene.lat is not None or grid is None:
        return given
    return rules.findable(given, grid.keywords, grid.name)


def wish_of(scene: Scene) -> str:
    """What the report says of a technician's code."""
    if scene.technician is None:
        return ""
    return _("Wish: %(name)s should come.") % {"name": words.plain(scene.technician.user.name)}
