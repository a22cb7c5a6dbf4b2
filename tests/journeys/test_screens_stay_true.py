"""Whatever several people do in whatever order: every open screen ends where a freshly opened page begins."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys import screens
from tests.journeys.people import Person
from tests.journeys.site import Site, until
from tests.make import picture

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
SLUG, SEED, STEPS = "ordos", 20261123, 60
TABS = ("pooled", "accepted", "awaiting_callback")
PLACES = ("东胜 铁西小区", "东胜 天骄路", "康巴什 青春山小区")
OPEN = ("pooled", "assigned", "accepted", "in_progress", "awaiting_callback")


@pytest.fixture
def crowd(site: Site) -> Iterator["Crowd"]:
    with ExitStack() as stack:
        names = ("clerk", "dispatcher2", "callback", "tech01", "tech02", "tech03")
        yield Crowd({name: stack.enter_context(Person(site, SLUG, name)) for name in names})


def test_after_many_steps_of_many_people_every_screen_shows_what_a_fresh_page_shows(
    signed_in: Callable[..., Page], crowd: "Crowd"
) -> None:
    first = signed_in(SLUG, "dispatcher", path=f"/console/?tab={TABS[0]}")
    desks = [first, *(first.context.new_page() for _ in TABS[1:])]
    for desk, tab in zip(desks, TABS, strict=True):
        desk.goto(first.url.split("?")[0] + f"?tab={tab}")
        until(lambda desk=desk: screens.is_live(desk), what="the screen is live")  # type: ignore[misc]
        screens.record(desk)
    dice, fresh = random.Random(SEED), first.context.new_page()
    for _ in range(STEPS):
        crowd.step(dice)
    for desk in desks:
        screens.same_as_fresh(desk, fresh)
    # It was a working day, not a row of refusals; and whatever came, came by itself.
    assert len(crowd.done) > STEPS / 2, crowd.told
    assert len(set(crowd.done)) >= 6, crowd.told
    assert screens.newcomers(desks[0]), "nothing reached the pool's screen"


class Crowd:
    """Several people at work at the same time. What they may not do is refused, as in life."""

    def __init__(self, people: dict[str, Person]) -> None:
        self.people = people
        self.crew = {people[name].me["technician"]["id"]: name for name in people if name.startswith("tech")}
        self.done: list[str] = []
        self.told: list[str] = []

    def step(self, dice: random.Random) -> None:
        """One person does one thing."""
        ticket = self._any_open(dice)
        if ticket is None or dice.random() < 0.3:
            self._note("open", self._open(dice))
            return
        who, action, body = self._choose(dice, ticket)
        if action != "grab":
            body["version"] = ticket["version"]
        if action == "check-in":
            body["photos"] = [self.people[who].upload(picture())["id"]]
        self._note(action, self.people[who].post(f"tickets/{ticket['public_id']}/{action}", **body))

    def _any_open(self, dice: random.Random) -> dict[str, Any] | None:
        """The choice favours what can go on: the crew's own work."""
        found = [
            ticket
            for tab in TABS
            for ticket in self.people["dispatcher2"].get("tickets", tab=tab)["results"]
            if ticket["status"] in OPEN and (ticket["technician"] is None or ticket["technician"]["id"] in self.crew)
        ]
        return dice.choice(sorted(found, key=lambda one: one["ticket_no"])) if found else None

    def _open(self, dice: random.Random) -> Any:
        told = {"type_code": "fault_bb", "channel": "hotline_96066", "contact_phone": f"126{dice.randrange(10**8):08d}"}
        return self.people["clerk"].post("tickets", address=f"{dice.choice(PLACES)} {dice.randrange(99)}", **told)

    def _choose(self, dice: random.Random, ticket: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        """(who, what, with which words) that fits the ticket's state."""
        own = self.crew[ticket["technician"]["id"]] if ticket["technician"] else ""
        given = {"technician_id": dice.choice(sorted(self.crew))}
        ways: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
            "pooled": [
                (dice.choice(sorted(self.crew.values())), "grab", {}),
                ("dispatcher2", "dispatch", {**given, "reason": "nearest"}),
                ("dispatcher2", "void", {"reason": "test"}),
            ],
            "assigned": [(own, "confirm", {}), (own, "decline", {"reason": "busy"})],
            "accepted": [
                (own, "check-in", {"reason": "weak_signal"}),
                ("dispatcher2", "reassign", {**given, "reason": "overloaded"}),
            ],
            "in_progress": [(own, "complete", {"solution": "更换光猫"})],
            "awaiting_callback": [
                ("callback", "callback-ok", {}),
                ("callback", "callback-reject", {"reason": "still_broken"}),
            ],
        }
        return dice.choice(ways[ticket["status"]])

    def _note(self, action: str, answer: Any) -> None:
        self.told.append(f"{action} {answer.status_code}" + ("" if answer.is_success else f" {answer.text[:120]}"))
        if answer.is_success:
            self.done.append(action)
