"""The main job in one branch: its people, their windows, and each step of the story. Two plays can go side by side."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.journeys import desk, ears, phones
from tests.journeys.site import Site, until

SOON = desk.SOON


class Play:
    """One branch's story. What is told in it (`secrets`) may be seen nowhere else."""

    def __init__(
        self, site: Site, windows: "Windows", slug: str, *, phone: str, name: str, address: str, other: str,
        at: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        self.site, self.windows, self.slug = site, windows, slug
        self.phone, self.name, self.address, self.other_phone = phone, name, address, other
        self.at = at  # where the customer stands, if it is not the branch's first town
        self.pages: dict[str, Page] = {}
        self.ticket = self.second = ""

    # -- who looks on ------------------------------------------------------------------------------------------

    def open_desk(self) -> None:
        """The dispatcher begins the day."""
        page = self.pages["desk"] = self.windows.signed_in(self.slug, "dispatcher", path="/console/")
        expect(page.locator("fs-fresh[data-state=live]")).to_be_attached(timeout=SOON)

    # -- 1 and 2: report, pool, cards --------------------------------------------------------------------------

    def customer_reports(self) -> None:
        """From the service account's menu."""
        visitor, page = f"{self.slug}-visitor1", self.windows.open(phone=True)
        if self.at:
            phones.stand(self.site, visitor, self.at)
        self.pages["customer"] = page
        self.ticket = phones.report(self.site, page, visitor, phone=self.phone, name=self.name)

    def clerk_enters(self) -> None:
        """Another one comes by telephone."""
        page = self.pages["clerk"] = self.windows.signed_in(self.slug, "clerk", path="/console/new/")
        self.second = desk.enter(page, phone=self.other_phone, name=f"{self.name}之邻", address=self.address)

    def both_stand_in_the_pool(self) -> None:
        """On the dispatcher's screen, which nobody touched."""
        for public_id in (self.ticket, self.second):
            desk.appears(self.pages["desk"], public_id)

    def cards(self) -> list[dict[str, str]]:
        """The grab cards that WeChat has delivered for the customer's ticket; nothing personal is in them."""
        found: list[dict[str, str]] = []

        def come() -> bool:
            mine = [card for card in outbox(self.site) if f"/w/t/{self.ticket}" in card["url"]]
            found[:] = [card for card in mine if card["template_id"].endswith("_new_ticket")]
            return len(found) >= 2

        until(come, seconds=60, what="cards at the technicians' phones")
        assert len({card["openid"] for card in found}) == len(found), "somebody got the card twice"
        assert len(found) <= 6, "the first wave is the grid's own and the five nearest"
        assert self.phone not in str(found)
        return found

    # -- 3: two tap at once ------------------------------------------------------------------------------------

    def two_open_the_card(self) -> None:
        """The phone number is not there before somebody has won."""
        for who, card in zip(("one", "two"), self.cards(), strict=False):
            page = self.pages[who] = self.windows.open(phone=True)
            phones.open_card(self.site, page, card["user_id"], card["msgid"])
            assert self.phone not in page.content()

    def both_tap(self) -> None:
        """抢单 before either answer is there. Wait for the outcome with `one_has_won`."""
        grab = "document.querySelector('form[action$=\"/grab\"] button').click()"
        for who in ("one", "two"):
            self.pages[who].evaluate(grab)

    def one_has_won(self) -> None:
        """The other reads who was faster and when."""
        one, two = self.pages.pop("one"), self.pages.pop("two")
        for page in (one, two):
            expect(page.locator(f"a[href='tel:{self.phone}'], .nothing").first).to_be_visible(timeout=SOON)
        won = [page for page in (one, two) if self.phone in page.content()]
        assert len(won) == 1, "exactly one may win"
        self.pages["winner"], self.pages["loser"] = won[0], two if won[0] is one else one
        expect(self.pages["loser"].locator(".nothing")).to_contain_text(re.compile(r"\d\d:\d\d"))

    def everybody_sees_it(self) -> None:
        """Dispatcher and customer, without touching anything."""
        desk.follows(self.pages["desk"], self.ticket)
        expect(self.pages["customer"].locator(f"#t-{self.ticket}")).to_contain_text("师傅", timeout=SOON)

    # -- 6: work and callback ----------------------------------------------------------------------------------

    def works(self) -> None:
        """On site, done."""
        self.pages["winner"].goto(self.site.url(self.slug, f"/w/t/{self.ticket}"))
        phones.work_and_complete(self.pages["winner"])

    def is_sent_back(self, pictures: Path) -> None:
        """The callback agent heard that it does not work."""
        desk.send_back(self._callback(), pictures)

    def is_closed(self) -> None:
        """The callback agent heard that it works."""
        desk.close(self._callback())
        self.pages["customer"].goto(self.site.url(self.slug, f"/h5/t/{self.ticket}"))
        expect(self.pages["customer"].locator("body")).to_contain_text("完结", timeout=SOON)

    def _callback(self) -> Page:
        path = f"/console/callback/?t={self.ticket}"
        page = self.pages["callback"] = self.windows.signed_in(self.slug, "callback", path=path)
        return page

    def is_rated(self) -> None:
        """The customer says so: fixed, five stars."""
        phones.rate(self.site, self.pages["customer"], self.slug, self.ticket)

    def is_told(self, pictures: Path) -> None:
        """The ticket's own page tells all of it; so does the technician's phone."""
        desk_page, phone = self.pages["callback"], self.pages["winner"]
        for page, path, name in (
            (desk_page, f"/console/t/{self.ticket}/", "ticket-page"), (phone, f"/w/t/{self.ticket}/story", "h5-story"),
        ):  # fmt: skip
            page.goto(self.site.url(self.slug, path))
            for told in ("回访退回", "建单", "修复（用户承诺）"):
                expect(page.locator("body")).to_contain_text(told)
            page.screenshot(path=pictures / f"{name}.png", full_page=page is desk_page)

    # -- 7: walls ----------------------------------------------------------------------------------------------

    def secrets(self) -> list[str]:
        """Words that belong to this branch's story alone."""
        return [self.ticket, self.second, self.phone, self.other_phone, self.name]

    def shows_nothing_of(self, other: "Play") -> None:
        """No window, no socket, no card of this branch has a word of the other's story; its addresses are not found."""
        assert self.ticket in ears.heard(self.pages["desk"]), "nobody listened to the sockets"
        for who, page in self.pages.items():
            for seen in (page.content(), ears.heard(page)):
                assert not [word for word in other.secrets() if word in seen], f"{self.slug}'s {who} saw it"
        mine = [card for card in outbox(self.site) if card["user_id"].startswith(self.slug)]
        assert mine, "nobody got a card"
        assert not [word for word in other.secrets() if word in str(mine)]
        self._fresh_lists_show_nothing_of(other)
        for public_id in (other.ticket, other.second):
            foreign = self.pages["desk"].goto(self.site.url(self.slug, f"/console/t/{public_id}/"))
            assert foreign is not None
            assert foreign.status == 404

    def _fresh_lists_show_nothing_of(self, other: "Play") -> None:
        """The open desk began before the story; whoever opens it now, or searches, has a list made now."""
        page, shown = self.pages["desk"], ""
        for query in ("tab=pooled", "tab=closed", f"q={other.phone}", f"q={self.phone}"):
            page.goto(self.site.url(self.slug, f"/console/?{query}"))
            shown += page.locator("[data-live-rows]").inner_html()
        assert self.ticket in shown and self.second in shown, "these are not the lists"
        assert not [word for word in other.secrets() if word in shown], f"{self.slug}'s lists show it"

    def phones_show_nothing_of(self, other: "Play") -> None:
        """On the technicians' simulated phones lie their own branch's cards. What is read on a card names nobody, so
        a strange one is known by its number."""
        foreign = {card["msgid"] for card in outbox(self.site) if card["user_id"].startswith(other.slug)}
        assert foreign, "nobody got a card"
        for card in self.cards():
            page = httpx.get(f"{self.site.sandbox}/phone/{card['user_id']}", timeout=5, follow_redirects=True).text
            lying = set(re.findall(r'data-msgid="(\d+)"', page))
            assert card["msgid"] in lying
            assert not lying & foreign, f"{self.slug}'s {card['user_id']} has it"
            assert not [word for word in other.secrets() if word in page]


class Windows:
    """Where a play gets its browser windows from: the fixtures of the same names."""

    def __init__(self, window: Callable[..., Page], signed_in: Callable[..., Page]) -> None:
        self.open, self.signed_in = window, signed_in


def outbox(site: Site) -> list[dict[str, str]]:
    """Every card that reached somebody, in all branches."""
    found: list[dict[str, str]] = httpx.get(f"{site.sandbox}/_sandbox/outbox", timeout=5).json()
    return found
