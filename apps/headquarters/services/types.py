"""What branches' types count as, and the templates offered to them. Writes `public` only; no branch is changed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from apps.headquarters.errors import (
    NoCommonCode,
    NoSuchBranch,
    NoSuchType,
    NoteMissing,
    NothingToMap,
    SameTemplate,
    TemplateMoved,
)
from apps.headquarters.models import BranchType, TypeMapping, TypeTemplate
from apps.headquarters.permissions import TEMPLATES
from apps.headquarters.rules import types as rule
from apps.tickets import types_read
from apps.tickets.rules.bodies import body_complaints
from steppe.kernel import clock
from steppe.kernel.actors import Actor, require
from steppe.kernel.commands import Receipt, command
from tenants.context import active_branches, in_branch, in_public
from tenants.models import Tenant

if TYPE_CHECKING:
    from apps.tickets.models import TypeVersion

FACE = ("name_zh", "name_en", "kind", "family", "icon", "customer_may_report")
FIRST = 1  # the catalogue's own version
NOTE = 200
LOOKED = timedelta(minutes=10)


def look_at_types(branch: Tenant) -> int:
    """Note what types the branch uses now; how many. Twice notes the same. One query there, three here."""
    with in_branch(branch):
        seen = [(one.type, rule.digest_of(one.body)) for one in types_read.in_force()]
    rows = [
        BranchType(
            branch_id=branch.pk, code=one.code, name_zh=one.name_zh, name_en=one.name_en, claimed=one.hq_code,
            number=one.number, enabled=one.enabled, digest=digest, seen_at=clock.now(),
        )
        for one, digest in sorted(seen, key=lambda pair: pair[0].code)
    ]  # fmt: skip
    told = ["name_zh", "name_en", "claimed", "number", "enabled", "digest", "seen_at"]
    with in_public(), transaction.atomic():
        BranchType.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["branch", "code"], update_fields=told
        )
        BranchType.objects.filter(branch=branch.pk).exclude(code__in=[one.code for one in rows]).delete()
    return len(rows)


def look_now_and_then(branch: Tenant) -> bool:
    """Look, unless somebody did within ten minutes. One query in `public` when there is nothing to do."""
    with in_public():
        last = BranchType.objects.filter(branch=branch.pk).aggregate(at=Max("seen_at"))["at"]
    if last and clock.now() - last < LOOKED:
        return False
    look_at_types(branch)
    return True


@command("headquarters.map_type")
def map_type(*, branch: str, code: str, common_code: str, by: Actor) -> Receipt:
    """A branch's own type counts as this common one; an empty one takes that back. Facts: `before`, `now`.

    Raises NotAllowed, NoSuchType, NothingToMap, NoCommonCode. Locks: the type's row.
    """
    require(by, TEMPLATES)
    known = BranchType.objects.select_for_update(of=("self",)).filter(branch__code=branch, code=code).first()
    if known is None:
        raise NoSuchType
    if rule.is_common(code):
        raise NothingToMap
    if common_code and not rule.is_common(common_code):
        raise NoCommonCode({"common_code": [str(NoCommonCode.message)]})
    mine = TypeMapping.objects.filter(branch=known.branch_id, code=code)
    before = mine.values_list("common_code", flat=True).first() or ""
    _write(known, common_code, by)
    facts = {"branch": branch, "code": code, "before": before, "now": common_code}
    return Receipt("type_mapping", known.pk, code, 0, facts)


def adopt_template(*, branch: str, code: str, seen: int, note: str, by: Actor, key: str) -> Receipt:
    """What a branch's type says becomes the next version of the template and is offered to all. `seen`: the template's
    version one looked at. Raises NoSuchBranch, NoSuchType, and what `publish_template` raises."""
    require(by, TEMPLATES)
    source = next((one for one in active_branches() if one.code == branch), None)
    if source is None:
        raise NoSuchBranch
    with in_branch(source):
        found = next((one for one in types_read.in_force() if one.type.code == code), None)
        if found is None:
            raise NoSuchType
        face = {name: getattr(found.type, name) for name in FACE}
    return publish_template(
        code=code, face=face, body=_without_queue(found), source=source.pk, seen=seen, note=note, by=by, key=key
    )


@command("headquarters.publish_template")
def publish_template(
    *, code: str, face: Mapping[str, Any], body: Mapping[str, Any], source: int, seen: int, note: str, by: Actor
) -> Receipt:  # fmt: skip
    """The next version of a common type's template. Branches keep what they have until they take it over themselves.

    Raises NotAllowed, NoCommonCode, NoteMissing, TemplateMoved, SameTemplate. Two at once: the second finds it moved.
    """
    require(by, TEMPLATES)
    if not rule.is_common(code) or body_complaints(body):
        raise NoCommonCode
    if not note.strip():
        raise NoteMissing({"note": [str(NoteMissing.message)]})
    newest, digest = _newest(code)
    if newest != seen:
        raise TemplateMoved
    if digest == rule.digest_of(body):
        raise SameTemplate
    made, new = TypeTemplate.objects.get_or_create(
        code=code, number=newest + 1,
        defaults={
            "face": dict(face), "body": dict(body), "digest": rule.digest_of(body), "note": note.strip()[:NOTE],
            "source_id": source, "published_by": by.ref, "published_by_name": by.name, "published_at": clock.now(),
        },
    )  # fmt: skip
    if not new:
        raise TemplateMoved
    return Receipt("type_template", made.pk, code, made.number, {"code": code, "number": made.number})


def _write(known: BranchType, common_code: str, by: Actor) -> None:
    mine = TypeMapping.objects.filter(branch=known.branch_id, code=known.code)
    if not common_code:
        mine.delete()
        return
    told = {
        "common_code": common_code, "decided_by": by.ref, "decided_by_name": by.name, "decided_at": clock.now(),
    }  # fmt: skip
    TypeMapping.objects.update_or_create(branch_id=known.branch_id, code=known.code, defaults=told)


def _newest(code: str) -> tuple[int, str]:
    row = TypeTemplate.objects.filter(code=code).order_by("-number").values_list("number", "digest").first()
    return row or (FIRST, rule.catalogue_digest(code))


def _without_queue(version: "TypeVersion") -> dict[str, Any]:
    return version.definition.write() | {rule.OWN: ""}
