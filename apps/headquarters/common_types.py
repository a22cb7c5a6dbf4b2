"""Which of the branches' own type codes mean the same at headquarters."""

from collections.abc import Mapping

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from apps.headquarters.models import BranchType, TypeMapping
from apps.headquarters.rules.types import counts_as


def common_codes() -> Mapping[tuple[int, str], str]:
    """(branch, its own code) → the common code, where it is another one. Called in `public`. One query."""
    mapped = TypeMapping.objects.filter(branch=OuterRef("branch"), code=OuterRef("code")).values("common_code")
    rows = BranchType.objects.annotate(mapped=Coalesce(Subquery(mapped), Value("")))
    found = {
        (branch, code): counts_as(code, claimed, to)
        for branch, code, claimed, to in rows.values_list("branch_id", "code", "claimed", "mapped")
    }
    return {key: common for key, common in found.items() if common and common != key[1]}
