"""模板管理: what branches' own types count as, templates that are offered, and that no branch's type is overwritten."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from apps.headquarters import errors, templates_read
from apps.headquarters.common_types import common_codes
from apps.headquarters.models import BranchType, DailyFact, TypeMapping, TypeTemplate
from apps.headquarters.offers_read import offers_for
from apps.headquarters.reports_read import Asked, by
from apps.headquarters.services import types as services
from apps.headquarters.services.offers import take_over
from apps.tickets.errors import TypeMoved
from apps.tickets.models import TypeVersion
from steppe.kernel import clock
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import NotAllowed
from steppe.kernel.journal.models import AuditEntry
from tenants.context import in_branch, in_public
from tests.cast import Branch
from tests.make import actor, client_at, key
from tests.queries import asking
from tests.rules import together
from tests.tickets.types import publish

AT, OFFERS = "/hq/templates/", "/console/type-offers/"


@pytest.fixture
def seen(lotus_db: Branch, maple: Branch) -> Branch:
    """Lotus has a type of its own that it counts as an inspection; headquarters has looked at both branches."""
    publish(code="modem_round", number=0)
    for branch in (lotus_db, maple):
        services.look_at_types(branch.tenant)
    return lotus_db


@pytest.fixture
def site(seen: Branch, headquarters: Branch) -> Client:
    return client_at(headquarters, headquarters.hq, HTTP_ACCEPT_LANGUAGE="en")


def map_type(
    by: Actor, common: str = "survey", *, branch: str = "LO", code: str = "modem_round", **more: str
) -> Receipt:
    with in_public():
        told = {"branch": branch, "code": code, "common_code": common}
        return services.map_type(**told, by=by, key=more.get("key") or key())


def adopt(by: Actor, *, code: str = "fault_bb", seen: int = 1, note: str = "asks for the box", **more: str) -> Receipt:
    with in_public():
        told = {"branch": more.get("branch", "LO"), "code": code, "seen": seen, "note": note}
        return services.adopt_template(**told, by=by, key=more.get("key") or key())


def better(code: str = "fault_bb", points: str = "7") -> None:
    """Lotus pays its broadband faults better."""
    version = TypeVersion.objects.select_related("type").order_by("-number").filter(type__code=code).first()
    assert version is not None
    body = version.definition.write() | {"base_points": points}
    face = {"name_zh": "宽带", "kind": "trouble", "icon": "wifi", "hq_code": code, "name_en": "Broadband"}
    publish(code=code, number=version.number, face=face, definition=body)


def volumes(reader: Actor, asked: Asked, dimension: str) -> dict[str, object]:
    return {one.key: one.figures["ticket_volume"].value for one in by(reader, asked, dimension, ["ticket_volume"])}


def offered(branch: Branch) -> list[tuple[str, int, int]]:
    with in_branch(branch.tenant):
        return [(one.template.code, one.template.number, one.seen) for one in offers_for(actor("bai"))]


def body_of(branch: Branch, code: str = "fault_bb") -> tuple[int, str]:
    with in_branch(branch.tenant):
        version = TypeVersion.objects.filter(type__code=code).order_by("-number").first()
        assert version is not None
        return version.number, version.definition.base_points


def test_looking_twice_notes_the_same_and_forgets_what_is_gone(seen: Branch) -> None:
    before = list(BranchType.objects.order_by("id").values_list("id", "branch", "code", "number", "digest"))
    services.look_at_types(seen.tenant)
    assert list(BranchType.objects.order_by("id").values_list("id", "branch", "code", "number", "digest")) == before
    BranchType.objects.create(branch=seen.tenant, code="gone", name_zh="x", seen_at=clock.now())
    services.look_at_types(seen.tenant)
    assert not BranchType.objects.filter(code="gone").exists()
    assert not services.look_now_and_then(seen.tenant)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert services.look_now_and_then(seen.tenant)


def test_the_branchs_word_counts_until_headquarters_says_otherwise(seen: Branch, headquarters: Branch) -> None:
    mine = (seen.tenant.pk, "modem_round")
    with in_public(), asking(1):
        assert common_codes() == {mine: "inspection"}
    done = map_type(headquarters.hq)
    assert (done.facts["before"], done.facts["now"]) == ("", "survey")
    with in_public():
        assert common_codes()[mine] == "survey"
    assert map_type(headquarters.hq, "").facts["before"] == "survey"
    with in_public():
        assert common_codes()[mine] == "inspection" and not TypeMapping.objects.exists()


def test_figures_by_type_add_up_under_the_common_code(seen: Branch, maple: Branch, headquarters: Branch) -> None:
    with in_public():
        for branch, code, n in ((seen, "modem_round", 2), (seen, "survey", 1), (maple, "survey", 4)):
            DailyFact.objects.create(
                branch_id=branch.tenant.pk, day=date(2026, 3, 1), type_code=code, area_class="A", volume=n
            )
    map_type(headquarters.hq)
    asked = Asked(first=date(2026, 3, 1), last=date(2026, 3, 31))
    with in_public():
        lines = {
            one.key: one.figures["ticket_volume"].value
            for one in by(headquarters.eye, asked, "type_code", ["ticket_volume"])
        }
        narrowed = Asked(first=asked.first, last=asked.last, type_code="survey")
        each = {
            one.key: one.figures["ticket_volume"].value
            for one in by(headquarters.eye, narrowed, "branch", ["ticket_volume"])
        }
    assert lines == {"survey": 7} and each == {"LO": 3, "MA": 4}
    own = {one.key for one in by(seen.bai, asked, "type_code", ["ticket_volume"])}
    assert own == {"modem_round", "survey"}, "a branch reads its own codes"


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"code": "nothing"}, errors.NoSuchType),
        ({"branch": "XX"}, errors.NoSuchType),
        ({"branch": "MA"}, errors.NoSuchType),
        ({"code": "fault_bb"}, errors.NothingToMap),
        ({"common": "modem_round"}, errors.NoCommonCode),
    ],
)
def test_what_cannot_be_mapped(
    seen: Branch, headquarters: Branch, told: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        map_type(headquarters.hq, **told)
    assert not TypeMapping.objects.exists()


def test_only_the_administrator_of_headquarters_decides_and_it_is_audited(seen: Branch, headquarters: Branch) -> None:
    for who in (headquarters.eye, seen.bai):
        with pytest.raises(NotAllowed):
            map_type(who)
        with pytest.raises(NotAllowed):
            adopt(who)
    map_type(headquarters.hq)
    with in_public():
        entry = AuditEntry.objects.filter(action="headquarters.map_type", outcome="done").get()
    assert "modem_round" in str(entry.details) and "survey" in str(entry.details)


def test_the_same_key_decides_once(seen: Branch, headquarters: Branch) -> None:
    once = key()
    first, again = (map_type(headquarters.hq, key=once) for _ in range(2))
    assert again.replayed and again.facts == first.facts and TypeMapping.objects.count() == 1


def test_two_who_map_at_once_leave_one_word(committed: None, lotus: Branch, headquarters: Branch) -> None:
    with in_branch(lotus.tenant):
        publish(code="modem_round", number=0)
    services.look_at_types(lotus.tenant)
    together(lotus, [lambda: map_type(headquarters.hq), lambda: map_type(headquarters.hq, "other")])
    with in_public():
        assert TypeMapping.objects.get().common_code in {"survey", "other"}


def test_a_template_is_offered_and_changes_no_branch(seen: Branch, maple: Branch, headquarters: Branch) -> None:
    better()
    assert adopt(headquarters.hq).facts == {"code": "fault_bb", "number": 2}
    assert offered(seen) == [], "Lotus says it already"
    assert offered(maple) == [("fault_bb", 2, 1)] and body_of(maple) == (1, "5")


def test_a_branch_takes_it_over_by_its_own_act(seen: Branch, maple: Branch, headquarters: Branch) -> None:
    better()
    adopt(headquarters.hq)
    with in_branch(maple.tenant):
        told: dict[str, Any] = {"code": "fault_bb", "number": 2, "seen": 1, "by": actor("bai"), "key": key()}
        made, again = take_over(**told), take_over(**told)
        newest = TypeVersion.objects.select_related("type").get(type__code="fault_bb", number=2)
    assert (made.version, again.replayed) == (2, True) and body_of(maple) == (2, "7")
    assert (newest.type.name_zh, newest.note) == ("宽带故障", "asks for the box"), "its name stays"
    assert offered(maple) == []
    with in_branch(maple.tenant), pytest.raises(TypeMoved):
        take_over(**told | {"key": key()})


def test_what_a_branch_changed_after_it_or_uses_otherwise_is_left_alone(
    seen: Branch, maple: Branch, headquarters: Branch
) -> None:
    better()
    adopt(headquarters.hq)
    with in_branch(maple.tenant):
        better(points="3")
    assert offered(maple) == [] and body_of(maple) == (2, "3")
    with in_branch(maple.tenant):
        face = {"name_zh": "别的", "kind": "work", "icon": "wrench", "hq_code": "other"}
        publish(code="fault_tv", number=1, face=face)
    better("fault_tv")
    adopt(headquarters.hq, code="fault_tv")
    with in_branch(maple.tenant), pytest.raises(errors.NotOffered):
        take_over(code="fault_tv", number=2, seen=2, by=actor("bai"), key=key())


def test_only_who_keeps_the_types_takes_over(seen: Branch, maple: Branch, headquarters: Branch) -> None:
    better()
    adopt(headquarters.hq)
    with in_branch(maple.tenant):
        for who in ("lin", "ji", "wu", "cai"):
            with pytest.raises(NotAllowed):
                take_over(code="fault_bb", number=2, seen=1, by=actor(who), key=key())
        with pytest.raises(errors.NotOffered):
            take_over(code="fault_bb", number=3, seen=1, by=actor("bai"), key=key())


def test_a_template_needs_a_note_something_new_and_the_version_one_has_seen(seen: Branch, headquarters: Branch) -> None:
    with pytest.raises(errors.SameTemplate):
        adopt(headquarters.hq)
    better()
    for told, refusal in (
        ({"note": " "}, errors.NoteMissing),
        ({"seen": 2}, errors.TemplateMoved),
        ({"branch": "XX"}, errors.NoSuchBranch),
        ({"code": "nothing"}, errors.NoSuchType),
        ({"code": "modem_round"}, errors.NoCommonCode),
    ):
        with pytest.raises(refusal):
            adopt(headquarters.hq, **told)  # type: ignore[arg-type]
    adopt(headquarters.hq)
    with pytest.raises(errors.TemplateMoved):
        adopt(headquarters.hq)


def test_a_published_template_stays_as_it_is(seen: Branch, headquarters: Branch) -> None:
    better()
    adopt(headquarters.hq)
    with in_public(), pytest.raises(DatabaseError), transaction.atomic():
        TypeTemplate.objects.update(note="x")


def test_the_page_lists_what_is_to_do_and_asks_three_times(site: Client, seen: Branch) -> None:
    page = site.get(AT).content.decode()
    assert "modem_round" in page and "to be decided" in page
    with asking(5):  # two of them who it is
        site.get(AT)
    done = site.post(
        f"{AT}map/", {"branch": "LO", "code": "modem_round", "common_code": "survey", "idempotency_key": key()}
    )
    assert done.status_code == 303 and "to be decided" not in site.get(AT).content.decode()


def test_refusals_are_said_on_the_page(site: Client, seen: Branch, headquarters: Branch) -> None:
    told = {"branch": "LO", "code": "fault_bb", "seen": "1", "note": "n", "idempotency_key": key()}
    refused = site.post(f"{AT}publish/", told)
    assert refused.status_code == 409 and "says what the template says already" in refused.content.decode()
    eye = client_at(headquarters, headquarters.eye)
    assert eye.get(AT).status_code == 403 and eye.post(f"{AT}map/", told).status_code == 403
    assert client_at(seen, seen.bai).get(AT).status_code == 404


@pytest.fixture
def console(seen: Branch, maple: Branch, headquarters: Branch) -> Iterator[Client]:
    better()
    adopt(headquarters.hq)
    with in_branch(maple.tenant):
        yield client_at(maple, maple.bai, HTTP_ACCEPT_LANGUAGE="en")


def test_the_branch_reads_the_differences_and_takes_it_over(console: Client, maple: Branch) -> None:
    page = console.get(OFFERS).content.decode()
    assert "Template version 2" in page and "asks for the box" in page and "7" in page
    assert "Offered by headquarters" in console.get("/console/types/").content.decode()
    told = {"number": "2", "seen": "1", "idempotency_key": key()}
    assert console.post(f"{OFFERS}fault_bb/", told).status_code == 303
    assert body_of(maple) == (2, "7") and "Nothing new" in console.get(OFFERS).content.decode()
    refused = console.post(f"{OFFERS}fault_bb/", told | {"idempotency_key": key(), "number": "9"})
    assert refused.status_code == 409 and "not offered" in refused.content.decode()


def test_others_have_no_such_page(console: Client, maple: Branch) -> None:
    assert client_at(maple, maple.lin).get(OFFERS).status_code == 403


def test_headquarters_reads_which_version_each_branch_uses(seen: Branch, maple: Branch, headquarters: Branch) -> None:
    better()
    services.look_at_types(seen.tenant)
    with in_public():
        found = templates_read.all_types(headquarters.hq)
    bb = next(one for one in found.common if one.template.code == "fault_bb")
    assert [(use.branch.code, use.type.number, use.as_template) for use in bb.uses] == [
        ("LO", 2, False),
        ("MA", 1, True),
    ]
    assert found.to_do == 1 and [one.common for one in found.own] == ["inspection"]
