"""工单类型 at the desk: the branch's administrator edits a type in the page and publishes a version of it."""

from html.parser import HTMLParser
from typing import Any

from apps.tickets.models import TicketType, TypeVersion
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.queries import asking
from tests.tickets.types import publish

LIST, EDIT = "/console/types/", "/console/types/fault_bb/"
ENGLISH = {"Accept-Language": "en"}


class Entered(HTMLParser):
    """What a browser would send of the editor's form as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.inside, self.chosen, self.text = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside = self.inside or given.get("id") == "type-form"
        name = given.get("name", "")
        if not self.inside or not (name or tag == "option"):
            return
        if tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "select":
            self.chosen = name
        elif tag == "textarea":
            self.text = name
            self.values[name] = [""]
        elif tag == "option" and ("selected" in given or self.chosen not in self.values):
            self.values[self.chosen] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self.text:
            self.values[self.text] = [self.values[self.text][0] + data]

    def handle_endtag(self, tag: str) -> None:
        self.text = "" if tag == "textarea" else self.text
        self.inside = self.inside and tag != "form"


def opened(branch: Branch, path: str = EDIT) -> dict[str, Any]:
    page = client_at(branch, branch.bai).get(path, headers=ENGLISH)
    assert page.status_code == 200
    return dict(Entered(page.content.decode()).values)


def send(branch: Branch, form: dict[str, Any], do: str = "publish", path: str = EDIT) -> Any:
    told = form | {"do": do, "idempotency_key": key()}
    return client_at(branch, branch.bai).post(path, told, headers=ENGLISH)


def newest() -> TypeVersion:
    return TypeVersion.objects.filter(type__code="fault_bb").latest("number")


def with_a_field(branch: Branch) -> dict[str, Any]:
    """The form after “add a field” under the completion, with its name filled in."""
    answer = send(branch, opened(branch), "add:finish")
    form = dict(Entered(answer.content.decode()).values)
    last = int(form["field_count"][0]) - 1
    head = next(name.removesuffix("zh") for name in form if name.endswith(f"{last}-zh") and "option" not in name)
    return form | {f"{head}zh": "光猫位置", f"{head}key": "spot", f"{head}required": "1"}


def test_published_as_it_stands_it_is_the_same_type_again(lotus_db: Branch) -> None:
    before = newest()
    assert send(lotus_db, opened(lotus_db)).status_code == 303
    assert newest().number == before.number + 1 and newest().definition == before.definition


def test_a_field_is_added_and_asked_of_new_tickets_only(lotus_db: Branch) -> None:
    old = make_ticket()
    assert send(lotus_db, with_a_field(lotus_db)).status_code == 303
    assert newest().definition.fields[-1].key == "spot" and newest().definition.fields[-1].required
    assert "spot" not in {field.key for field in old.type_version.definition.fields}
    page = client_at(lotus_db, lotus_db.bai).get(f"{EDIT}?done=published", headers=ENGLISH).content.decode()
    assert "banner-good" in page and "光猫位置" in page


def test_a_button_changes_the_draft_and_keeps_nothing(lotus_db: Branch) -> None:
    before = newest().number
    send(lotus_db, opened(lotus_db), "add:report")
    send(lotus_db, opened(lotus_db), "fee-add")
    assert newest().number == before


def test_what_is_wrong_is_said_at_its_place_and_everything_typed_is_still_there(lotus_db: Branch) -> None:
    form = with_a_field(lotus_db) | {"base_points": "many", "note": "for the winter"}
    answer = send(lotus_db, form)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'class="field-error"' in page
    assert "many" in page and "for the winter" in page and "光猫位置" in page


def test_who_was_overtaken_is_told_and_may_publish_again(lotus_db: Branch) -> None:
    form = opened(lotus_db)
    publish("fault_bb", base_points="9")
    answer = send(lotus_db, form)
    assert answer.status_code == 409
    assert send(lotus_db, dict(Entered(answer.content.decode()).values)).status_code == 303


def test_a_type_is_switched_off_and_on_and_moved(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.bai)
    for part, enabled in (("disable/", False), ("enable/", True)):
        assert client.post(EDIT + part, {"idempotency_key": key()}).status_code == 303
        assert TicketType.objects.get(code="fault_bb").enabled is enabled
    first = TicketType.objects.order_by("position").first()
    assert first is not None
    client.post("/console/types/other/move/", {"idempotency_key": key(), "before": first.code})
    assert TicketType.objects.order_by("position").values_list("code", flat=True)[0] == "other"


def test_a_copy_becomes_a_type_of_the_branchs_own(lotus_db: Branch, maple: Branch) -> None:
    path = "/console/new-type/?from=fault_bb"
    form = opened(lotus_db, path) | {"code": "fault_bb_village", "name_zh": "村村通宽带故障"}
    assert send(lotus_db, form, path="/console/new-type/").status_code == 303
    assert TicketType.objects.get(code="fault_bb_village").name_zh == "村村通宽带故障"
    assert client_at(maple, maple.bai).get("/console/types/fault_bb_village/").status_code == 404


def test_only_the_administrator_has_the_pages(lotus_db: Branch) -> None:
    for who in (lotus_db.lin, lotus_db.cai, lotus_db.wu):
        assert client_at(lotus_db, who).get(LIST).status_code in {302, 303, 403}
    page = client_at(lotus_db, lotus_db.lin).get("/console/").content.decode()
    assert LIST not in page
    page = client_at(lotus_db, lotus_db.bai).get("/console/fairness/").content.decode()  # among what is managed
    assert LIST in page


def test_the_list_and_the_editor_ask_few_questions(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.bai)
    client.get(LIST)
    with asking(11):  # five of them for what waits in 审批 (what customers are owed, too), 工量, 成本 and 管理
        client.get(LIST)
    with asking(11):
        client.get(EDIT)
