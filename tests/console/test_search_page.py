"""工单查询: everything there is, narrowed by what is asked; kept under a name, deleted and brought back."""

import re

import pytest

from apps.people.accounts.models import User
from apps.tickets.models import SavedView
from apps.tickets.wanted import read, write_query
from steppe.kernel.actors import Actor
from tests.cast import Branch
from tests.make import client_at, key, make_ticket
from tests.queries import asking

PAGE = "/console/search/"
HTMX, ENGLISH = {"HX-Request": "true"}, {"Accept-Language": "en"}


def look(branch: Branch, query: str = "", who: str = "lin", **more: object) -> str:
    answer = client_at(branch, getattr(branch, who)).get(f"{PAGE}?{query}", headers=ENGLISH, **more)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def post(branch: Branch, part: str, who: str = "lin", **form: object):  # type: ignore[no-untyped-def]
    told = {"idempotency_key": key()} | form
    return client_at(branch, getattr(branch, who)).post(f"{PAGE}{part}", told, headers=ENGLISH)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b", "c"}), ("tab=pooled", {"a"}), ("tab=closed", {"c"}), ("type=fault_tv", {"b"}),
        ("text=13900005555", {"b"}), ("text=5555", {"b"}), ("text=77777", set()),
        ("text=Birch", {"a", "c"}), ("days=1", {"a", "b", "c"}),
        ("overdue=now", set()), ("tab=accepted&type=fault_bb", set()), ("grid=E1", {"a", "b", "c"}),
        ("priority=3", set()),
        ("priority=0", {"b"}),
    ],
)  # fmt: skip
def test_each_filter_shows_what_fits_and_no_more(lotus_db: Branch, query: str, found: set[str]) -> None:
    tickets = {
        "a": make_ticket(),
        "b": make_ticket(
            status="accepted", type_code="fault_tv", contact_phone="13900005555", address="Elm Square 1", priority=0
        ),
        "c": make_ticket(status="closed"),
    }  # fmt: skip
    page = look(lotus_db, query)
    assert {name for name, ticket in tickets.items() if ticket.ticket_no in page} == found


def test_what_was_chosen_stays_chosen_and_nothing_is_markup(lotus_db: Branch, wu: Actor) -> None:
    User.objects.filter(username="bo").update(name="<b>Bo</b>")
    asked = f"type=fault_tv&grid=W1&department=CARE&technician_id={wu.technician_id}&overdue=ever&days=7&priority=0"
    page = look(lotus_db, asked + "&channel=shop&sort=oldest&period=closed")
    chosen = set(re.findall(r'<option value="([^"]*)" selected>', page))
    assert chosen == {"fault_tv", "W1", "CARE", str(wu.technician_id), "ever", "7", "0", "shop", "oldest", "closed"}
    assert '<details class="search-more" open>' in look(lotus_db, "priority=0")
    assert '<details class="search-more">' in look(lotus_db, "type=fault_tv")
    assert "<b>Bo</b>" not in page and "&lt;b&gt;Bo&lt;/b&gt;" in page


def test_no_word_of_a_row_is_markup(lotus_db: Branch) -> None:
    User.objects.filter(username="wu").update(name="<b>Wu</b>")
    make_ticket(status="accepted", address='<i>Elm</i> & "7" 9-9')
    page = look(lotus_db, "tab=accepted")
    assert "<td>&lt;b&gt;Wu&lt;/b&gt;</td>" in page and "<b>Wu" not in page
    assert '&lt;i&gt;Elm&lt;/i&gt; &amp; &quot;7&quot; <span class="door">9-9</span>' in page and "<i>Elm" not in page


def test_the_tabs_say_how_many_fit_in_each(lotus_db: Branch) -> None:
    make_ticket()
    make_ticket(status="closed")
    page = " ".join(look(lotus_db).split())
    for word, number in (("All", 2), ("In the pool", 1), ("Closed", 1), ("Void", 0)):
        assert f'{word} <span class="num">{number}</span>' in page


def test_a_page_is_followed_by_the_next_and_nothing_is_shown_twice(lotus_db: Branch) -> None:
    numbers = {make_ticket(contact_phone=f"1390001{n:04}").ticket_no for n in range(53)}
    client = client_at(lotus_db, lotus_db.lin)
    first = client.get(PAGE).content.decode()
    [after] = {part.split('"')[0] for part in first.split("after=")[1:]}
    rest = client.get(f"{PAGE}?after={after}", headers=HTMX).content.decode()
    shown = [number for number in numbers if number in first], [number for number in numbers if number in rest]
    assert (len(shown[0]), len(shown[1])) == (50, 3) and not set(shown[0]) & set(shown[1])
    assert "<html" not in rest and "after=" not in rest


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("colour=red", "There is no such filter."),
        ("days=7&since=2026-01-01", "Choose either the last days or dates of your own."),
        ("since=yesterday", "Please give the day as"), ("grid=nowhere", "This branch has none of that name."),
        ("type=nothing", "This branch has none of that name."), ("overdue=never", "is not one of the choices"),
        ("channel=pigeon", "is not one of the choices"), ("priority=9", "is not one of the choices"),
        ("period=ice", "is not one of the choices"), ("sort=due", "Choose a tab before this order."),
        ("tab=attic", "is not one of the choices"), ("columns=shoe", "is not one of the choices"),
        ("after=nowhere", "This page of the list cannot be found."),
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_named(lotus_db: Branch, query: str, sentence: str) -> None:
    make_ticket()
    answer = client_at(lotus_db, lotus_db.lin).get(f"{PAGE}?{query}", headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422 and ("field-error" in page or "banner-loud" in page)
    assert sentence in page
    assert "There are no tickets yet." not in page and "Nothing was found" not in page  # nobody has looked


def test_the_rest_of_a_refused_search_is_still_there(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.lin)
    page = client.get(f"{PAGE}?text=Birch&type=fault_tv&since=2026-02-30&grid=E1", headers=ENGLISH).content.decode()
    assert 'value="Birch"' in page and set(re.findall(r'<option value="([^"]+)" selected>', page)) >= {"fault_tv", "E1"}


def test_a_kept_search_that_makes_no_sense_any_more_can_be_deleted(lotus_db: Branch) -> None:
    post(lotus_db, "save/", name="Old", query="type=long_gone")
    view = SavedView.objects.get()
    client = client_at(lotus_db, lotus_db.lin)
    answer = client.get(f"{PAGE}?{view.query}", headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'aria-current="page">Old' in page
    assert f"/console/search/{view.pk}/delete/" in page
    assert post(lotus_db, f"{view.pk}/delete/").status_code == 303 and not SavedView.objects.exists()


def test_who_has_left_is_named_where_their_tickets_are_asked_for(lotus_db: Branch, wu: Actor) -> None:
    User.objects.filter(username="wu").update(is_active=False)
    page = look(lotus_db, f"technician_id={wu.technician_id}")
    assert f'<option value="{wu.technician_id}" selected>Wu</option>' in page
    assert '<option value="999" selected>—</option>' in look(lotus_db, "technician_id=999")


def test_a_clerk_finds_the_own_entries_and_gao_her_sub_branch(lotus_db: Branch) -> None:
    theirs, own = make_ticket(by=lotus_db.lin), make_ticket(by=lotus_db.cai)
    page = look(lotus_db, who="cai")
    assert own.ticket_no in page and theirs.ticket_no not in page
    page = look(lotus_db, who="gao")
    assert own.ticket_no not in page and theirs.ticket_no not in page


def test_the_other_branch_finds_nothing_of_it(lotus_db: Branch, maple: Branch) -> None:
    ticket = make_ticket()
    assert ticket.ticket_no not in look(maple)


def test_a_search_is_kept_shown_renamed_deleted_and_brought_back(lotus_db: Branch) -> None:
    query = write_query(read({"tab": "pooled", "type": "fault_bb"}))
    kept = post(lotus_db, "save/", name="My pool", query=query)
    assert kept.status_code == 303 and query in kept["Location"]
    page = look(lotus_db, query)
    assert "My pool" in page and 'aria-current="page">My pool' in page
    view = SavedView.objects.get()
    assert post(lotus_db, f"{view.pk}/rename/", name="The pool").status_code == 303
    client = client_at(lotus_db, lotus_db.lin)
    gone = client.post(f"{PAGE}{view.pk}/delete/", {"idempotency_key": key()}, headers=ENGLISH)
    after = client.get(gone["Location"], headers=ENGLISH).content.decode()
    assert not SavedView.objects.exists() and "Bring it back" in after and "The pool" in after
    assert "Bring it back" not in client.get(gone["Location"], headers=ENGLISH).content.decode()
    post(lotus_db, "save/", name="The pool", query=query, position="0")
    assert SavedView.objects.get().name == "The pool"


def test_a_name_one_has_already_is_refused_in_words(lotus_db: Branch) -> None:
    post(lotus_db, "save/", name="Mine", query="tab=pooled")
    again = post(lotus_db, "save/", name="Mine", query="tab=closed")
    assert again.status_code == 422 and "You have a view of this name already." in again.content.decode()
    assert SavedView.objects.count() == 1
    page = again.content.decode()  # the search is not lost, nor the name
    assert '<input type="hidden" name="query" value="tab=closed">' in page and 'name="name" value="Mine"' in page
    assert "field-error" in page
    post(lotus_db, "save/", name="Other", query="tab=closed")
    renamed = post(lotus_db, f"{SavedView.objects.get(name='Other').pk}/rename/", name="Mine", query="tab=closed")
    page = renamed.content.decode()
    assert renamed.status_code == 422 and 'aria-current="page">Other' in page and "field-error" in page


def test_nobody_touches_anothers_search(lotus_db: Branch) -> None:
    post(lotus_db, "save/", name="Mine", query="tab=pooled")
    view = SavedView.objects.get()
    assert post(lotus_db, f"{view.pk}/delete/", who="bai").status_code == 404
    assert "Mine" not in look(lotus_db, who="bai")


def test_the_page_asks_the_same_few_questions_however_many_there_are(lotus_db: Branch) -> None:
    client = client_at(lotus_db, lotus_db.lin)
    client.get(PAGE)
    for _ in range(3):
        make_ticket(status="accepted")
        with asking(9):
            client.get(PAGE)
