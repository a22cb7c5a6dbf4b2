"""批量导入: a file becomes tickets only after every row was seen, and each row at most once."""

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from apps.people.accounts.models import RoleGrant, User
from apps.tickets import services, tasks
from apps.tickets.models import Import, Ticket, TypeVersion
from apps.tickets.services import imports
from steppe.kernel import clock
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import ADDRESS, PHONE, actor, client_at, key, make_ticket
from tests.queries import asking
from tests.rules import together

PAGE = "/console/new/import/"
HEADS = ("工单类型", "联系人", "联系电话", "地址", "故障描述", "用户编号", "报修时间", "优先级")
GOOD = ("fault_bb", "苏", "139 0000 7777", ADDRESS, "红灯", "8001", "", "1")


def row(**changed: Any) -> tuple[Any, ...]:
    """A good row with other cells."""
    names = ("type", "name", "phone", "address", "words", "account", "at", "priority")
    return tuple(changed.get(name, cell) for name, cell in zip(names, GOOD, strict=True))


def book(*rows: Sequence[Any], heads: Sequence[str] = HEADS) -> bytes:
    """An Excel file with these rows."""
    made, out = Workbook(), io.BytesIO()
    for one in (heads, *rows):
        made.active.append(list(one))  # type: ignore[union-attr]
    made.save(out)
    return out.getvalue()


def bring(branch: Branch, content: bytes, name: str = "a.xlsx", who: str = "cai") -> Any:
    """The file through the form: the refusal, or the page of its rows."""
    client = client_at(branch, getattr(branch, who))
    answer = client.post(PAGE, {"file": SimpleUploadedFile(name, content)}, key=key())
    return client.get(answer["Location"]) if answer.status_code == 303 else answer


def last() -> Import:
    return Import.objects.order_by("-id")[0]


def confirm(branch: Branch, who: str = "cai", found: Import | None = None, **told: Any) -> Any:
    """The yes, and everything the worker does then; the page at the end."""
    client, found = client_at(branch, getattr(branch, who)), found or last()
    answer = client.post(f"{PAGE}{found.public_id}/confirm/", told, key=key())
    while imports.take_in(found.public_id) == "waiting":
        pass
    return client.get(answer["Location"]) if answer.status_code == 303 else answer


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_a_file_is_shown_first_and_becomes_tickets_after_a_yes(lotus_db: Branch) -> None:
    day = (clock.now() - timedelta(days=2)).astimezone(clock.BUSINESS_ZONE).replace(second=0, microsecond=0)
    page = text_of(
        bring(lotus_db, book(row(), row(phone=13900008888, at=day.replace(tzinfo=None), priority="", account="")))
    )
    assert "13900007777" in page and ADDRESS in page and f"{day:%Y-%m-%d %H:%M}" in page
    assert not Ticket.objects.exists() and last().state == "read"
    page = text_of(confirm(lotus_db))
    first, second = Ticket.objects.order_by("id")
    assert first.ticket_no in page and second.ticket_no in page
    assert (first.channel, first.created_by, first.status) == ("import", lotus_db.cai.ref, "pooled")
    assert (first.contact_name, first.contact_phone, first.description) == ("苏", "13900007777", "红灯")
    assert (first.priority, first.account_no) == (1, "8001")
    assert second.reported_at == day
    found = last()
    assert (found.state, found.rows, found.chosen, found.refused) == ("done", [], [], [])


def test_a_table_as_text_is_read_in_either_language_and_by_the_types_name(lotus_db: Branch) -> None:
    name = TypeVersion.objects.get(type__code="fault_bb", number=1).type.name_zh
    table = f"Type,Phone,Address\n{name},13900007777,{ADDRESS}\n"
    for encoding in ("gb18030", "utf-8-sig"):
        bring(lotus_db, table.replace("7777", "7778" if encoding == "gb18030" else "7779").encode(encoding), "a.csv")
        confirm(lotus_db)
    assert sorted(Ticket.objects.values_list("contact_phone", flat=True)) == ["13900007778", "13900007779"]


def test_the_empty_file_is_read_again_and_names_the_types(lotus_db: Branch) -> None:
    given = load_workbook(io.BytesIO(client_at(lotus_db, lotus_db.cai).get(f"{PAGE}pattern/").content))
    heads, types = given.worksheets
    assert next(heads.iter_rows(values_only=True)) == HEADS
    assert "fault_bb" in [code for _, code in types.iter_rows(values_only=True)]
    heads.append(list(GOOD))
    out = io.BytesIO()
    given.save(out)
    bring(lotus_db, out.getvalue())
    confirm(lotus_db)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(("head", "wrong"), [
    ("工单类型", {"type": "no such type"}), ("工单类型", {"type": ""}), ("联系电话", {"phone": "12"}),
    ("联系电话", {"phone": ""}), ("地址", {"address": " "}), ("地址", {"address": "路" * 201}),
    ("故障描述", {"words": "=1+1"}), ("故障描述", {"words": '=HYPERLINK("http://evil")'}),
    ("故障描述", {"words": "字" * 501}), ("用户编号", {"account": 1234567890123456789}),
    ("联系人", {"name": "苏" * 41}),
    ("报修时间", {"at": "yesterday"}), ("报修时间", {"at": "2999-01-01 10:00"}), ("报修时间", {"at": "2020-01-01"}),
    ("优先级", {"priority": "9"}),
])  # fmt: skip
def test_each_wrong_cell_is_named_by_row_and_column_and_nothing_is_opened(
    lotus_db: Branch, head: str, wrong: dict[str, Any]
) -> None:
    page = text_of(
        bring(lotus_db, book(row(), row(phone=13900008888) if "phone" not in wrong else row(), row(**wrong)))
    )
    faults = page[page.index("import-faults") : page.index("import-rows")]
    assert '<td class="right num">4</td>' in faults and f"<td>{head}</td>" in faults
    refused = confirm(lotus_db)
    assert refused.status_code == 409 and not Ticket.objects.exists() and last().state == "read"


def test_the_good_rows_are_opened_alone_when_somebody_says_so(lotus_db: Branch) -> None:
    bring(lotus_db, book(row(), row(phone="12")))
    page = text_of(confirm(lotus_db, partial="1"))
    assert Ticket.objects.get().contact_phone == "13900007777"
    assert [place for place, _ in last().refused] == [3] and "联系电话" in page


def test_a_file_of_wrong_rows_opens_nothing(lotus_db: Branch) -> None:
    bring(lotus_db, book(row(phone="12")))
    assert confirm(lotus_db, partial="1").status_code == 409 and last().state == "read"


@pytest.mark.parametrize("content", [
    b"", b"not a file", b"PK\x03\x04broken", book(GOOD, heads=(*HEADS[:7], "颜色")), book(heads=HEADS),
    book(GOOD[:2], heads=HEADS[:2]), book((*GOOD, "x"), heads=(*HEADS, "地址")), b"x" * (2 * 1024 * 1024 + 1),
    book(*[GOOD] * 501),
])  # fmt: skip
def test_what_is_no_such_file_is_refused_at_once(lotus_db: Branch, content: bytes) -> None:
    answer = bring(lotus_db, content)
    assert answer.status_code == 422 and "field-error" in text_of(answer) and not Import.objects.exists()


def test_an_unknown_column_is_named(lotus_db: Branch) -> None:
    assert "颜色" in text_of(bring(lotus_db, book(GOOD, heads=(*HEADS[:7], "颜色"))))


def test_a_file_that_unpacks_to_a_flood_is_refused(lotus_db: Branch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 4_000_000)
    assert len(out.getvalue()) < imports.FILES.mb * 1024 * 1024
    assert bring(lotus_db, out.getvalue()).status_code == 422 and not Import.objects.exists()


def test_signs_nobody_sees_do_not_come_in(lotus_db: Branch) -> None:
    table = "类型,电话,地址,描述,姓名\nfault_bb,13900007777,Lotus\u202e 5,<script>\x07x\x00,'@SUM(1)\n"
    page = text_of(bring(lotus_db, table.encode(), "a.csv"))
    assert "<script>\x07" not in page and "&lt;script&gt;x" in page
    confirm(lotus_db)
    ticket = Ticket.objects.get()
    assert (ticket.address, ticket.description, ticket.contact_name) == ("Lotus 5", "<script>x", "'@SUM(1)")


def test_what_is_told_already_is_left_out_unless_it_is_another_matter(lotus_db: Branch) -> None:
    known = make_ticket()
    rows = (row(phone=PHONE, account=""), row(), row(account=""), row(phone=13900008888, account=""))
    page = text_of(bring(lotus_db, book(*rows)))
    assert known.ticket_no in page and 'value="2"' in page and 'value="4"' in page and 'value="3"' not in page
    page = text_of(confirm(lotus_db, anyway=["2", "no"]))
    assert sorted(Ticket.objects.exclude(pk=known.pk).values_list("contact_phone", flat=True)) == [
        PHONE, "13900007777", "13900008888"
    ]  # fmt: skip
    assert [place for place, _ in last().refused] == [4]


def test_what_is_told_between_the_look_and_the_work_is_refused_by_its_row(lotus_db: Branch) -> None:
    bring(lotus_db, book(row(account=""), row(phone=13900008888, account="")))
    client_at(lotus_db, lotus_db.cai).post(f"{PAGE}{last().public_id}/confirm/", key=key())
    meanwhile = make_ticket(contact_phone="13900007777")
    assert imports.take_in(last().public_id) == "done"
    place, sentence = last().refused[0]
    assert place == 2 and meanwhile.ticket_no in sentence and len(last().opened) == 1


def test_a_second_yes_and_the_same_file_again_open_nothing_twice(lotus_db: Branch) -> None:
    content = book(row(), row(phone=13900008888, account=""))
    bring(lotus_db, content)
    confirm(lotus_db)
    confirm(lotus_db)
    page = text_of(bring(lotus_db, content, "other name.xlsx"))
    assert Ticket.objects.count() == 2 and Import.objects.count() == 1
    assert all(no in page for no in Ticket.objects.values_list("ticket_no", flat=True))


def test_a_worker_that_died_half_way_is_followed_by_the_next(lotus_db: Branch) -> None:
    bring(lotus_db, book(row(), row(phone=13900008888, account="")))
    found = last()
    client_at(lotus_db, lotus_db.cai).post(f"{PAGE}{found.public_id}/confirm/", key=key())
    chosen = last().chosen
    assert imports.take_in(found.public_id) == "done"
    dead = clock.now() - imports.LOST * 2  # it opened both, and died before it had written down the second
    Import.objects.update(state="writing", opened=last().opened[:1], chosen=chosen, touched_at=dead)
    assert imports.waiting_imports() == [found.public_id]
    assert imports.take_in(found.public_id) == "done"
    assert Ticket.objects.count() == 2 and [one[0] for one in last().opened] == [2, 3]


def test_who_is_at_it_is_left_alone(lotus_db: Branch) -> None:
    bring(lotus_db, book(GOOD))
    assert imports.take_in(last().public_id) == "read" and not Ticket.objects.exists()  # nobody has said yes
    Import.objects.update(state="writing", chosen=[{"place": 2}])
    assert imports.take_in(last().public_id) == "writing" and imports.take_in("nothing") == "gone"
    assert not imports.waiting_imports()


def test_a_long_file_is_opened_some_at_a_time(lotus_db: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    bring(lotus_db, book(*[row(phone=13900007000 + n, account="") for n in range(5)]))
    client = client_at(lotus_db, lotus_db.cai)
    client.post(f"{PAGE}{last().public_id}/confirm/", key=key())
    assert imports.take_in(last().public_id) == "waiting" and Ticket.objects.count() == 2
    page = text_of(client.get(f"{PAGE}{last().public_id}/", HTTP_HX_REQUEST="true"))
    assert "hx-get" in page and 'value="2"' in page and "<html" not in page
    assert tasks.take_in(last().public_id) == "waiting" and tasks.take_in(last().public_id) == "done"
    assert Ticket.objects.count() == 5


def test_who_may_no_longer_opens_nothing(lotus_db: Branch) -> None:
    bring(lotus_db, book(GOOD))
    client_at(lotus_db, lotus_db.cai).post(f"{PAGE}{last().public_id}/confirm/", key=key())
    RoleGrant.objects.filter(user__username="cai").delete()
    assert imports.take_in(last().public_id) == "refused" and not Ticket.objects.exists()
    assert last().refusal and last().chosen == []


def test_who_left_opens_nothing(lotus_db: Branch) -> None:
    bring(lotus_db, book(GOOD))
    client_at(lotus_db, lotus_db.cai).post(f"{PAGE}{last().public_id}/confirm/", key=key())
    User.objects.filter(username="cai").update(is_active=False)
    assert imports.take_in(last().public_id) == "refused" and not Ticket.objects.exists()


def test_two_people_with_the_same_file_open_it_once(lotus_db: Branch) -> None:
    content = book(GOOD)
    bring(lotus_db, content)
    mine = last()
    bring(lotus_db, content, who="an")
    theirs = last()
    assert theirs.pk != mine.pk
    confirm(lotus_db, found=mine)
    assert confirm(lotus_db, who="an", found=theirs).status_code == 409
    assert bring(lotus_db, content, who="lin").status_code == 409 and Ticket.objects.count() == 1


def test_two_at_once_say_yes_to_one_file(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        cai, an = actor("cai"), actor("an")
        names = [
            services.bring_tickets(content=book(GOOD), name="a.xlsx", by=by, key=key()).public_id for by in (cai, an)
        ]
    yes = [
        partial(services.confirm_import, public_id=name, by=by, key=key())
        for name, by in zip(names, (cai, an), strict=True)
    ]  # fmt: skip
    answers = together(lotus, yes)
    assert sorted(type(one).__name__ for one in answers) == ["BroughtBefore", "Receipt"]
    with in_branch(lotus.tenant):
        assert sorted(Import.objects.values_list("state", flat=True)) == ["read", "waiting"]


def test_two_workers_at_once_open_each_row_once(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        rows = [row(phone=13900007000 + n, account="") for n in range(6)]
        name = services.bring_tickets(content=book(*rows), name="a.xlsx", by=actor("cai"), key=key()).public_id
        services.confirm_import(public_id=name, by=actor("cai"), key=key())
    assert {"done"} <= set(together(lotus, [partial(imports.take_in, name)] * 3)) <= {"done", "writing"}
    with in_branch(lotus.tenant):
        assert Ticket.objects.count() == 6 == len(last().opened)


def test_a_file_is_only_its_owners_and_of_this_branch(lotus_db: Branch, maple: Branch) -> None:
    bring(lotus_db, book(GOOD))
    path = f"{PAGE}{last().public_id}/"
    assert client_at(lotus_db, lotus_db.an).get(path).status_code == 404
    assert client_at(lotus_db, lotus_db.an).post(f"{path}confirm/", key=key()).status_code == 404
    with in_branch(maple.tenant):
        assert client_at(maple, maple.cai).get(path).status_code == 404
        assert client_at(maple, maple.cai).post(f"{path}confirm/", key=key()).status_code == 404
        assert not Import.objects.exists() and not Ticket.objects.exists()
    for address in ("", "pattern/"):
        assert client_at(lotus_db, lotus_db.hui).get(f"{PAGE}{address}").status_code == 403


def test_an_open_ticket_out_of_sight_is_not_told(lotus_db: Branch, maple: Branch) -> None:
    with in_branch(maple.tenant):
        there = make_ticket()
    page = text_of(bring(lotus_db, book(row(phone=PHONE, account=""))))
    assert there.ticket_no not in page and "import-faults" not in page


def test_files_are_forgotten(lotus_db: Branch) -> None:
    bring(lotus_db, book(GOOD))
    bring(lotus_db, book(row(phone=13900008888)))
    confirm(lotus_db)
    assert imports.forget_imports() == 0
    Import.objects.update(made_at=clock.now() - imports.UNDECIDED * 2)
    assert imports.forget_imports() == 1 and last().state == "done"
    Import.objects.update(made_at=clock.now() - imports.KEPT * 2)
    assert imports.forget_imports() == 1 and Ticket.objects.count() == 1


def test_queries_of_a_preview_do_not_grow_with_the_file(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.cai)
    client.get("/console/new/")
    for count in (1, 60):
        bring(lotus_db, book(*[row(phone=13900007000 + n, account="") for n in range(count)]))
        with asking(6):  # session, person, requests that wait, import, types, open tickets of the callers
            client.get(f"{PAGE}{last().public_id}/")


def test_the_page_for_a_new_ticket_leads_here(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.cai)
    assert PAGE in text_of(client.get("/console/new/"))
    page = text_of(client.get(PAGE))
    assert f"{PAGE}pattern/" in page and all(head in page for head in HEADS)
