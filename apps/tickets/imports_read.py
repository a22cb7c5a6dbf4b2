"""A brought file as its owner sees it, and an empty one to fill in."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.tickets import types_read
from apps.tickets.errors import ImportNotFound
from apps.tickets.import_judged import Line, judged
from apps.tickets.models import Import
from apps.tickets.permissions import ACTIONS
from apps.tickets.rules import import_rows as rule
from steppe.kernel.actors import Actor, require
from steppe.kernel.workbooks import Sheet, workbook

RUNNING = ("waiting", "writing")


@dataclass(frozen=True)
class Preview:
    """Every row as it would be read, and how many of each sort there are."""

    lines: list[Line]

    @property
    def wrong(self) -> list[Line]:
        return [one for one in self.lines if not one.good]

    @property
    def known(self) -> list[Line]:
        return [one for one in self.lines if one.good and one.known]

    @property
    def ready(self) -> int:
        """Rows that are opened without another word."""
        return sum(one.good and not one.known for one in self.lines)


def import_for(actor: Actor, public_id: str) -> Import:
    """One import; only for who brought it. Raises NotAllowed, ImportNotFound. One query."""
    require(actor, ACTIONS["submit"])
    found = Import.objects.filter(public_id=public_id, made_by=actor.ref).first()
    if found is None:
        raise ImportNotFound
    return found


def preview(actor: Actor, row: Import) -> Preview | None:
    """Before anybody has decided; nothing afterwards. Two queries."""
    return Preview(judged(actor, row)) if row.state == "read" else None


def heads() -> list[tuple[str, str]]:
    """(field, head) of every column, in the reader's language."""
    return [(one.field, one.head(get_language() or "")) for one in rule.COLUMNS]


def pattern_book(actor: Actor) -> bytes:
    """An empty file with the columns that are understood; beside it the branch's types. One query."""
    require(actor, ACTIONS["submit"])
    types = [[one.type.name, one.type.code] for one in types_read.forms_in_force()]
    return workbook(
        Sheet([head for _field, head in heads()], (), _("Tickets")),
        Sheet([_("Type"), _("Code")], types, _("Types")),
    )
