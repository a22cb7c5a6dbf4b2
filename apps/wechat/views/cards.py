"""管理 → 微信 → cards: which of the account's templates each of our cards uses, and what stands in each keyword."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.wechat import account_reads, services
from apps.wechat.errors import WeChatError
from apps.wechat.models import WxAccount
from apps.wechat.rules.cards import CARDS, FACTS
from apps.wechat.rules.fitting import labels_of
from apps.wechat.services.checks import said_by
from apps.wechat.views import guide_page
from apps.wechat.views.keeper import back, keeper, key_of, said
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, Invalid

PAGE = "wechat:cards"


@dataclass(frozen=True)
class Row:
    """One of our cards: its template, and for each keyword the fact that stands in it."""

    key: str
    title: str
    status: str
    customer: bool
    template_id: str
    template: str
    choices: list[tuple[str, str]]
    keywords: list[tuple[str, str, str]]
    broken: guide_page.Advice | None
    wrong: bool
    errors: dict[str, list[str]] = field(default_factory=dict)


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every card with its template."""
    return _page(request, keeper(request))


@require_POST
def fetch(request: HttpRequest) -> HttpResponse:
    """Ask WeChat for the account's templates."""
    services.run_check("templates", by=keeper(request))
    return back(PAGE)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The card's template, and which fact stands in which keyword; none: the card goes without."""
    card, template_id = request.POST.get("card", "")[:20], request.POST.get("template_id", "")[:64]
    if not template_id:
        return _written(request, "unmapped", card, lambda by, key: services.unmap_card(card=card, by=by, key=key))
    chosen = {"card": card, "template_id": template_id, "keywords": _keywords(request, template_id)}
    return _written(request, "mapped", card, lambda by, key: services.map_card(**chosen, by=by, key=key))


@require_POST
def mend(request: HttpRequest) -> HttpResponse:
    """Switch a card on again."""
    card = request.POST.get("card", "")[:20]
    return _written(request, "card-mended", card, lambda by, key: services.mend_card(card=card, by=by, key=key))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A title of WeChat's library, with the keywords in this order."""
    card = request.POST.get("card", "")[:20]
    names = request.POST.get("keyword_names", "")[:200].replace("，", ",").replace("、", ",").split(",")
    told = {"keyword_names": [one.strip() for one in names if one.strip()], "card": card}
    number = request.POST.get("library_number", "").strip()[:12]
    return _written(
        request, "added", card,
        lambda by, key: services.add_from_library(library_number=number, **told, by=by, key=key),  # type: ignore[arg-type]
    )  # fmt: skip


def _keywords(request: HttpRequest, template_id: str) -> dict[str, str]:
    """Fact to key, as the selects say; nothing when another template was chosen than the one they belong to."""
    if request.POST.get("was") != template_id:
        return {}
    chosen = {name.removeprefix("fact."): fact for name, fact in request.POST.items() if name.startswith("fact.")}
    return {str(fact): key[:32] for key, fact in chosen.items() if fact in FACTS}


def _written(request: HttpRequest, done: str, card: str, work: Callable[[Actor, str], object]) -> HttpResponse:
    actor = keeper(request)
    try:
        work(actor, key_of(request))
    except WeChatError as error:
        advice = guide_page.advice_for(said_by(error))
        return _page(request, actor, at=card, advice=advice, status=422)
    except DomainError as refusal:
        if refusal.status in {403, 404}:
            raise
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        more = {"errors": errors, "refusal": refusal.sentence}
        return _page(request, actor, at=card, status=refusal.status, **more)
    return back(PAGE, done, at=card)


def _page(
    request: HttpRequest, actor: Actor, *, at: str = "", errors: Any = None, status: int = 200, **more: Any
) -> HttpResponse:
    """One query besides who it is."""
    account = account_reads.kept_account(by=actor)
    at = at or request.GET.get("at", "")
    pool = services.pool_of(account) if account else []
    context = {
        "account": account,
        "rows": [_row(account, card, pool, errors if card == at else None) for card in CARDS] if account else [],
        "facts": list(FACTS.items()),
        "library_keywords": "，".join(FACTS.values()),
        "step": guide_page.steps(account)["templates"],
        "at": at,
        "done": said(request),
    }
    return render(request, "wechat/cards.html", context | more, status=status)


def _row(account: WxAccount, key: str, pool: list[dict[str, str]], errors: dict[str, list[str]] | None) -> Row:
    card, entry = CARDS[key], account.templates.get(key) or {}
    template = next((one for one in pool if one["template_id"] == entry.get("template_id")), {})
    shown = {place: fact for fact, place in (entry.get("keywords") or {}).items()}
    broken = entry.get("broken")
    said_wrong = guide_page.advice_for({"advice": str(broken), "errcode": broken}) if broken else None
    wrong = key in ((account.checks.get("templates") or {}).get("facts") or {}).get("wrong", ())
    return Row(
        key, card.title, card.status, card.customer, str(entry.get("template_id", "")),
        str(entry.get("title") or entry.get("template_id") or ""),
        _choices(entry, pool),
        [(place, label, shown.get(place, "")) for place, label in labels_of(template)], said_wrong, wrong, errors or {},
    )  # fmt: skip


def _choices(entry: Mapping[str, Any], pool: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The account's templates, and the card's own where the pool was not fetched or has lost it."""
    found = {one["template_id"]: one["title"] for one in pool}
    mine = str(entry.get("template_id", ""))
    own = {mine: str(entry.get("title") or mine)} if mine and mine not in found else {}
    return [("", "—"), *(own | found).items()]
