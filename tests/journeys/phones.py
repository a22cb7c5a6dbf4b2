"""What people do with their phones: the sandbox's WeChat, then our pages, as fingers would."""

import io
import re

import httpx
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.site import Site
from tests.journeys.taps import budget


def hold(site: Site, page: Page, person: str) -> Page:
    """Take the phone of a simulated person: their WeChat."""
    page.goto(f"{site.sandbox}/phone/{person}")
    return page


def stand(site: Site, person: str, where: tuple[float, float]) -> None:
    """This person has walked to another place (latitude, longitude)."""
    people = httpx.get(f"{site.sandbox}/_sandbox/users", timeout=5).json()
    (appid,) = {follow["appid"] for one in people if one["user_id"] == person for follow in one["follows"]}
    told = {"user_id": person, "appid": appid, "lat": where[0], "lng": where[1]}
    site.control("act", action="move", **told).raise_for_status()


def report(site: Site, page: Page, person: str, *, phone: str, name: str = "王秀英") -> str:
    """Menu, 报修, type, location, photo, contact, send; the ticket's public id. At most four taps (ux.md §8.6)."""
    hold(site, page, person)
    with budget(page, 4, "report for the first time"):
        open_report(page)
        page.locator("label:has(input[value=fault_bb])").click()
        page.locator("[data-wx-locate]").first.click()
        located(page, "jssdk")
        add_photo(page)
        if not page.locator("details.fold summary").count():  # else known from an earlier report
            page.fill("input[name=contact_name]", name)
            page.fill("input[name=contact_phone]", phone)
        page.fill("[name=description]", "光猫亮红灯")
        return send(page)


def report_again(site: Site, page: Page, person: str) -> str:
    """A known customer: address and phone are remembered. 报修, type, send."""
    hold(site, page, person)
    with budget(page, 3, "report as a known customer"):
        open_report(page)
        page.locator("label:has(input[value=fault_tv])").click()
        return send(page)


def open_report(page: Page) -> None:
    """报修 in the service account's menu."""
    page.locator(".menu a", has_text="报修").first.click()
    page.wait_for_url("**/h5/report**")


def send(page: Page) -> str:
    """提交报修; the new ticket's public id."""
    page.locator(".act-bar button").click()
    page.wait_for_url(re.compile(r"/h5/[ts]/"), timeout=20_000)
    return public_id(page.url) if "/h5/t/" in page.url else ""


def located(page: Page, source: str) -> None:
    """One tap was enough: the form has the position, from this source."""
    page.locator(".place-found.good").wait_for(state="visible", timeout=20_000)
    expect(page.locator("[data-wx-field=source]")).to_have_value(source)
    expect(page.locator("[data-wx-field=lat]")).to_have_value(re.compile(r"\d\d\.\d+"))


def add_photo(page: Page, name: str = "router.png") -> None:
    """A picture is chosen and has got through."""
    file = {"name": name, "mimeType": "image/png", "buffer": picture()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    uploaded(page)


def open_card(site: Site, page: Page, person: str, msgid: str) -> None:
    """The card of this message has come; open it."""
    hold(site, page, person)
    card = page.locator(f".card[data-msgid='{msgid}'] a")
    card.wait_for(state="attached", timeout=20_000)
    card.click()
    page.wait_for_url(re.compile(r"/w/t/"), timeout=20_000)


def work_and_complete(page: Page) -> None:
    """到场 (one tap, two more with a reason and a photo when far away), what was done, a photo, 完工."""
    with budget(page, 3, "arrive, far away"):
        arrive(page)
    with budget(page, 12 - 3, "finish"):  # a photo takes three taps where there is no test to hand it over
        page.locator("#solution").fill("更换冷接子，光功率 -19 dBm")
        add_photo(page, "after.png")
        page.locator("form[action$='/complete'] .act-bar button").click()
        page.wait_for_load_state("networkidle")
    expect(page.locator("body")).to_contain_text(re.compile("等待回访|完工"), timeout=20_000)


def arrive(page: Page) -> None:
    """到场; too far away: say why, and show where."""
    button = page.locator("form[action$='/check-in'] .act-bar button")
    button.click()
    page.locator("#solution, form[action$='/check-in'] input[name=reason]").first.wait_for(
        state="attached", timeout=20_000
    )
    if page.locator("form[action$='/check-in'] input[name=reason]").count():
        page.locator("form[action$='/check-in'] .choices label").first.click()
        add_photo(page, "arrival.png")
        button.click()
    page.locator("#solution").wait_for(timeout=20_000)


def rate(site: Site, page: Page, slug: str, ticket: str) -> None:
    """修好了, five stars: two taps, then it goes by itself."""
    page.goto(site.url(slug, f"/h5/t/{ticket}"))
    with budget(page, 2, "rate"):
        page.locator("label[for=fixed-yes]").click(timeout=20_000)
        page.locator("label[for=score-5]").click()
        expect(page.locator("body")).to_contain_text("完结", timeout=20_000)


def uploaded(page: Page) -> None:
    """The photo has got through: the form carries its name."""
    expect(page.locator("input[name=photos]").first).to_have_value(re.compile(".+"), timeout=20_000)


def public_id(url: str) -> str:
    """The ticket's name in an address."""
    found = re.search(r"/t/([\w-]+)", url)
    assert found, url
    return found[1]


def picture() -> bytes:
    """A small photo of a red light."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (180, 30, 30)).save(out, "PNG")
    return out.getvalue()
