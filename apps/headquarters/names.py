"""What keys of reports are called. Called in `public`."""

from apps.headquarters.models import FactName
from apps.headquarters.reach import Reach

Name = tuple[str, str]  # as the branch says it, and in English where it has one
NAMED = ("type_code", "grid", "department")


def names_of(reach: Reach, dimension: str) -> dict[str, Name]:
    """Key → name; a type that several branches have is called as the first of them calls it. One query or none."""
    if dimension == "branch":
        return {one.code: (one.name, one.name_en) for one in reach.branches}
    if dimension not in NAMED:
        return {}
    codes = {one.pk: one.code for one in reach.branches}
    alone = reach.one_branch or dimension == "type_code"
    found: dict[str, Name] = {}
    rows = FactName.objects.filter(kind=dimension, branch__in=list(codes)).order_by("branch_id", "code")
    for branch, code, name, name_en in rows.values_list("branch_id", "code", "name", "name_en"):
        key = code if alone else f"{codes[branch]}/{code}"
        found.setdefault(key, (name, name_en))
    return found
