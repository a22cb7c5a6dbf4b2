"""Publishing a version of a type: for new tickets at once, for old ones never; every refusal names its part."""

from typing import Any

import pytest

from apps.tickets import types_read
from apps.tickets.errors import BadType, TypeCodeTaken, TypeMoved, TypeNotFound
from apps.tickets.models import Ticket, TicketType, TypeVersion
from apps.tickets.rules.catalogue import CODES
from steppe.kernel.actors import Actor, Grant
from steppe.kernel.errors import Invalid, NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import actor, make_ticket
from tests.rules import refused, sent_twice, together
from tests.tickets.types import ASKED, FACE, body, face_of, newest, publish


def test_a_new_branch_starts_with_the_template_set_in_version_one(lotus_db: Branch) -> None:
    assert set(TicketType.objects.values_list("code", flat=True)) == set(CODES)
    assert set(TypeVersion.objects.values_list("number", flat=True)) == {1}
    assert newest("install_combo").skills == ["broadband", "tv"]


def test_a_new_ticket_takes_the_new_version_and_an_old_one_keeps_its_own(lotus_db: Branch) -> None:
    old = make_ticket()
    publish("fault_bb", ASKED, resolve_hours=[1, 2, 3, 4], skills=["tv"])
    new = make_ticket()
    for ticket, number, hours in ((old, 1, 24), (new, 2, 1)):
        found = Ticket.objects.select_related("type_version").get(id=ticket.pk)
        assert found.type_version.number == number
        assert (found.resolve_due_at - found.reported_at).total_seconds() == hours * 3600  # type: ignore[operator]
    assert [one.key for one in new.type_version.definition.fields] == ["plan"]


def test_the_version_says_who_when_and_why(lotus_db: Branch, bai: Actor) -> None:
    receipt = publish("fault_bb", face=face_of(TicketType.objects.get(code="fault_bb"), note="shorter promise"))
    version = newest()
    assert (receipt.version, receipt.public_id, version.number) == (2, "fault_bb", 2)
    assert (version.published_by, version.published_by_name, version.note) == (bai.ref, "Bai", "shorter promise")
    assert [one.number for one in types_read.versions_of(bai, "fault_bb")] == [2, 1]
    entry = AuditEntry.objects.get(action="tickets.publish_type", outcome="done")
    assert (entry.actor, entry.entity, entry.entity_id) == (bai.ref, "ticket_type", version.type_id)


def test_the_face_changes_with_it_and_is_not_part_of_the_version(lotus_db: Branch) -> None:
    kind = TicketType.objects.get(code="fault_bb")
    publish("fault_bb", face=face_of(kind, name_zh=" 宽带断网 ", customer_may_report=False, icon="globe"))
    kind.refresh_from_db()
    assert (kind.name_zh, kind.customer_may_report, kind.icon, kind.number) == ("宽带断网", False, "globe", 2)


def test_a_type_of_the_branchs_own_stands_behind_all_others(lotus_db: Branch) -> None:
    publish("modem_round", ASKED)
    made = types_read.forms_in_force()[-1]
    assert (made.type.code, made.number, made.type.hq_code) == ("modem_round", 1, "inspection")
    assert make_ticket(type_code="modem_round", fields={"plan": "300M"}).fields == {"plan": "300M"}


def test_only_the_administrator_of_the_whole_branch_publishes(lotus_db: Branch, lin: Actor, de: Actor) -> None:
    east = Actor("staff", lin.id, "East", grants=(Grant("branch_admin", "/1/2/"),))
    for who in (lin, de, east, lotus_db.mei):
        with refused(NotAllowed):
            publish("fault_bb", by=who)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"face": FACE | {"name_zh": "  "}}, "name_zh"),
        ({"face": {"kind": "work", "icon": "wrench", "hq_code": "other"}}, "name_zh"),
        ({"face": FACE | {"kind": "dream"}}, "kind"),
        ({"face": FACE | {"icon": "unicorn"}}, "icon"),
        ({"face": FACE | {"hq_code": "nothing"}}, "hq_code"),
        ({"face": FACE | {"family": "A family"}}, "family"),
        ({"face": FACE | {"note": "x" * 201}}, "note"),
        ({"face": FACE | {"position": 1}}, "position"),
        ({"priority": 9}, "definition.priority"),
        ({"first_queue": "E1"}, "definition.first_queue"),
        ({"first_queue": "nowhere"}, "definition.first_queue"),
        ({"definition": body({"key": "x", "kind": "choice", "zh": "选"})}, "definition.fields.0.options"),
        ({"definition": body() | {"colour": "red"}}, "definition.colour"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_published(lotus_db: Branch, changed: dict[str, Any], named: str) -> None:
    for code in ("fault_bb", "modem_round"):
        assert _refusal(BadType, code, **changed) == {named}
    assert not TicketType.objects.filter(code="modem_round").exists()


def test_a_code_that_cannot_be_one_is_refused(lotus_db: Branch) -> None:
    for code in ("Fault", "1st", "a b", "x" * 31):
        assert "code" in _refusal(BadType, code)


def test_a_department_of_the_branch_may_be_first(lotus_db: Branch) -> None:
    publish("fault_bb", first_queue="CARE")
    assert newest().definition.first_queue == "CARE"


def test_a_templates_own_queue_may_stay_until_the_branch_has_it(lotus_db: Branch) -> None:
    publish("line_repair", first_queue="engineering")
    assert newest("line_repair").number == 2


def test_who_publishes_on_an_old_look_is_told_who_was_faster(lotus_db: Branch) -> None:
    publish("fault_bb")
    with refused(TypeMoved, name="Bai", number=2):
        publish("fault_bb", number=1)


def test_a_type_that_is_not_there_has_no_second_version(lotus_db: Branch) -> None:
    with refused(TypeNotFound):
        publish("modem_round", number=1)


def test_a_code_is_taken_once(lotus_db: Branch) -> None:
    assert _refusal(TypeCodeTaken, "fault_bb", number=0) == {"code"}


def test_the_same_key_publishes_once(lotus_db: Branch) -> None:
    receipt = sent_twice(lambda once: publish("fault_bb", ASKED, number=1, key=once))
    assert receipt.version == 2 and TypeVersion.objects.filter(type__code="fault_bb").count() == 2


def test_two_who_publish_at_once_make_one_version_and_one_refusal(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        bai = actor("bai")
    answers = together(lotus, [lambda: publish("fault_bb", number=1, by=bai)] * 2)
    with in_branch(lotus.tenant):
        assert sorted(type(one).__name__ for one in answers) == ["Receipt", "TypeMoved"]
        assert newest().number == 2 and TypeVersion.objects.filter(type__code="fault_bb").count() == 2


def test_two_who_make_the_same_type_at_once_make_one(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        bai = actor("bai")
    answers = together(lotus, [lambda: publish("modem_round", number=0, by=bai)] * 2)
    with in_branch(lotus.tenant):
        assert sorted(type(one).__name__ for one in answers) == ["Receipt", "TypeCodeTaken"]
        assert TypeVersion.objects.get(type__code="modem_round").number == 1


def test_a_ticket_opened_while_a_version_is_published_has_one_of_the_two(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        bai = actor("bai")
    answers = together(lotus, [make_ticket, lambda: publish("fault_bb", number=1, by=bai), make_ticket])
    assert not [one for one in answers if isinstance(one, Exception)]
    with in_branch(lotus.tenant):
        assert Ticket.objects.filter(type_version__number__in=(1, 2)).count() == 2


def test_two_branches_ask_different_things_of_the_same_type(lotus_db: Branch, maple: Branch) -> None:
    publish("fault_bb", ASKED | {"required": True})
    mine = make_ticket(fields={"plan": "300M"})
    with in_branch(maple.tenant):
        publish(
            "fault_bb", {"key": "mood", "kind": "yes_no", "zh": "心情", "required": True}, resolve_hours=[9, 9, 9, 9]
        )
        theirs = make_ticket(fields={"mood": True})
        assert theirs.type_id == mine.type_id  # the very same ids: a wrong schema would show
        assert (theirs.fields, theirs.terms["resolve"]) == ({"mood": True}, 9 * 60)
        with pytest.raises(Invalid):
            make_ticket(fields={"plan": "300M"})
    assert (mine.fields, mine.terms["resolve"]) == ({"plan": "300M"}, 24 * 60)


def test_a_type_of_another_branch_is_not_there(lotus_db: Branch, maple: Branch, bai: Actor) -> None:
    with in_branch(maple.tenant):
        publish("modem_round")
    for ask in (lambda: types_read.form_of(bai, "modem_round"), lambda: types_read.versions_of(bai, "modem_round")):
        with pytest.raises(TypeNotFound):
            ask()
    with refused(TypeNotFound):
        publish("modem_round", number=1)


def test_an_administrator_of_another_branch_has_no_say(lotus_db: Branch, maple: Branch) -> None:
    """Maple's Pan has the id of Lotus's Bai: the audit must name Maple's person in Maple only."""
    with in_branch(maple.tenant):
        publish("fault_bb", by=maple.bai)
        assert newest().published_by_name == "Pan"
    assert newest().number == 1


def test_the_system_may_publish_for_a_branch(lotus_db: Branch) -> None:
    from steppe.kernel.actors import SYSTEM

    publish("fault_bb", by=SYSTEM)
    assert newest().published_by.startswith("system")


def _refusal(error: type[Invalid], code: str, **changed: Any) -> set[str]:
    """The parts a refusal names; nothing has changed."""
    told: set[str] = set()
    with refused(error):
        try:
            publish(code, **changed)
        except Invalid as refusal:
            told = set(refusal.fields)
            raise
    return told
