"""Saved searches: each person's own, by name and in their order; deleted, they can come back."""

from functools import partial

import pytest

from apps.tickets import search
from apps.tickets.errors import NoSuchView, TooManyViews, ViewNameTaken
from apps.tickets.models import SavedView
from apps.tickets.services import change_view, delete_view, move_view, save_view
from apps.tickets.services.views import MOST
from steppe.kernel.actors import Actor
from steppe.kernel.errors import Invalid, NotAllowed
from tenants.context import in_branch
from tests.cast import Branch
from tests.databases import Database
from tests.make import client_at, key
from tests.rules import refused, sent_twice
from tests.tickets.hands import at_once


def keep(name: str, by: Actor, query: str = "tab=pooled") -> int:
    return save_view(name=name, query=query, by=by, key=key()).entity_id


def order(actor: Actor) -> list[str]:
    return [view.name for view in search.saved_views(actor)]


def test_kept_twice_with_one_key_it_is_kept_once(lotus_db: Branch, lin: Actor) -> None:
    told = sent_twice(lambda once: save_view(name="Mine", query="?sort=newest&tab=pooled", by=lin, key=once))
    assert (order(lin), told.facts["query"]) == (["Mine"], "tab=pooled")  # the shortest link that asks the same


def test_they_stand_in_the_order_one_gives_them(lotus_db: Branch, lin: Actor) -> None:
    first, *_rest = (keep(name, lin) for name in ("a", "b", "c"))
    sent_twice(lambda once: move_view(view_id=first, position=1, by=lin, key=once))
    assert order(lin) == ["b", "a", "c"]
    move_view(view_id=first, position=20, by=lin, key=key())
    assert order(lin) == ["b", "c", "a"]


def test_a_deleted_one_comes_back_to_its_place(lotus_db: Branch, lin: Actor) -> None:
    ids = [keep(name, lin, f"text={name}") for name in ("a", "b", "c")]
    gone = sent_twice(lambda once: delete_view(view_id=ids[1], by=lin, key=once)).facts
    assert order(lin) == ["a", "c"]
    save_view(name=gone["name"], query=gone["query"], position=gone["position"], by=lin, key=key())
    assert order(lin) == ["a", "b", "c"] and search.saved_views(lin)[1].query == "text=b"


def test_another_search_under_the_same_name(lotus_db: Branch, lin: Actor) -> None:
    view = keep("Mine", lin)
    sent_twice(lambda once: change_view(view_id=view, query="tab=closed&days=7", by=lin, key=once))
    assert SavedView.objects.get().query == "tab=closed&days=7"


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [("", "", "name"), ("x" * 31, "", "name"), ("Mine", "colour=red", "colour"), ("Mine", "days=0", "days")],
)
def test_what_is_no_name_or_no_search_is_refused(
    lotus_db: Branch, lin: Actor, name: str, query: str, field: str
) -> None:
    with refused(Invalid):
        save_view(name=name, query=query, by=lin, key=key())
    with pytest.raises(Invalid) as refusal:
        save_view(name=name, query=query, by=lin, key=key())
    assert set(refusal.value.fields) == {field} and not SavedView.objects.exists()


def test_each_name_once_and_so_many_at_most(lotus_db: Branch, lin: Actor) -> None:
    first, *_rest = (keep(str(number), lin) for number in range(MOST))
    with refused(TooManyViews, most=MOST):
        keep("one more", lin)
    with refused(ViewNameTaken):
        change_view(view_id=first, name=" 1 ", by=lin, key=key())
    assert keep("1", lotus_db.bai)  # another person's names are their own


def test_nobody_touches_anothers(lotus_db: Branch, maple: Branch, lin: Actor, bai: Actor) -> None:
    view = keep("Mine", lin)
    for work in (partial(change_view, name="Yours"), partial(move_view, position=0), delete_view):
        with refused(NoSuchView):
            work(view_id=view, by=bai, key=key())
    with in_branch(maple.tenant):
        assert keep("Mine", maple.lin) and search.saved_views(maple.bai) == []
        assert maple.lin.ref == lin.ref  # the same person's number there
        delete_view(view_id=search.saved_views(maple.lin)[0].pk, by=maple.lin, key=key())
    assert order(lin) == ["Mine"]


def test_a_technician_without_a_desk_keeps_none(lotus_db: Branch, wu: Actor) -> None:
    with refused(NotAllowed):
        keep("Mine", wu)


def test_two_at_once_under_one_name_make_one(committed: Database, lotus: Branch) -> None:
    with in_branch(lotus.tenant):
        works = [partial(save_view, name="Mine", query="", by=lotus.lin, key=key()) for _ in range(3)]
        assert at_once(lotus, works) == {"done": 1, "tickets.view_name_taken": 2}
        assert order(lotus.lin) == ["Mine"]


def test_over_the_api_it_is_the_same(lotus_db: Branch, lin: Actor) -> None:
    client = client_at(lotus_db, lin)
    kept = [client.api("POST", "/api/v1/saved-views", {"name": name, "query": "tab=closed"}).json() for name in "ab"]
    assert client.api("POST", f"/api/v1/saved-views/{kept[1]['id']}/move", {"position": 0}).status_code == 200
    assert [one["name"] for one in client.get("/api/v1/saved-views").json()["results"]] == ["b", "a"]
    gone = client.api("POST", f"/api/v1/saved-views/{kept[1]['id']}/delete", {}).json()
    back = {name: gone[name] for name in ("name", "query", "position")}
    assert client.api("POST", "/api/v1/saved-views", back).status_code == 201
    assert [one["name"] for one in client.get("/api/v1/saved-views").json()["results"]] == ["b", "a"]
    assert client.api("POST", "/api/v1/saved-views", back | {"name": "c", "colour": 1}).status_code in {400, 422}
