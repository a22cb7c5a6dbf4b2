"""管理 → 微信: the account and its guide, one step after the other. Every button is a form that works by itself."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.wechat import account_reads, guide_words, services
from apps.wechat.links import branch_host
from apps.wechat.models import WxAccount
from apps.wechat.rules.account_form import PLAIN, SECRETS
from apps.wechat.views import guide_page as pages
from apps.wechat.views.keeper import back, keeper, key_of, said
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, Invalid

PAGE = "wechat:guide"
FILE_LIMIT = 1024


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The guide; with `suggest` a token and an AES key to enter are in the fields, kept nowhere yet."""
    actor = keeper(request)
    return _page(request, actor, suggested=services.suggest() if "suggest" in request.GET else {})


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """The account's keys, entered or changed."""
    told = {field: request.POST.get(field, "").strip()[:64] for field in (*PLAIN, *SECRETS)}
    return _written(request, "entered", "keys", lambda by, key: services.enter_account(**told, by=by, key=key), told)


@require_POST
def rotate(request: HttpRequest) -> HttpResponse:
    """Another AES key beside the present one."""
    told = {"aes_key": request.POST.get("aes_key", "").strip()[:64]}
    return _written(request, "rotated", "keys", lambda by, key: services.rotate_aes_key(**told, by=by, key=key))


@require_POST
def take_out(request: HttpRequest) -> HttpResponse:
    """The former AES key is not accepted any more."""
    return _written(request, "taken-out", "keys", lambda by, key: services.take_out_previous_key(by=by, key=key))


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """The account off, or on again."""
    on = request.POST.get("enabled") == "1"
    return _written(
        request, "on" if on else "off", "keys", lambda by, key: services.switch_account(enabled=on, by=by, key=key)
    )


@require_POST
def mended(request: HttpRequest) -> HttpResponse:
    """The trouble is mended: try again now."""
    return _written(request, "mended", "", lambda by, key: services.mended(by=by, key=key))


@require_POST
def check(request: HttpRequest, step: str) -> HttpResponse:
    """Try one step now; the page tells what came out."""
    services.run_check(step, by=keeper(request), key=key_of(request))
    return back(PAGE, at=step)


@require_POST
def keep_file(request: HttpRequest) -> HttpResponse:
    """A domain's proof, uploaded or pasted, and the check that we serve it."""
    name, content = _file(request)

    def work(by: Actor, key: str) -> None:
        services.keep_domain_file(file_name=name, content=content, by=by, key=key)
        services.run_check("domains", by=by)

    return _written(request, "file", "domains", work)


@require_POST
def remove_file(request: HttpRequest) -> HttpResponse:
    """A domain's proof is served no more."""
    name = request.POST.get("file_name", "")[:64]

    def work(by: Actor, key: str) -> None:
        services.remove_domain_file(file_name=name, by=by, key=key)
        services.run_check("domains", by=by)

    return _written(request, "file-removed", "domains", work)


def _file(request: HttpRequest) -> tuple[str, str]:
    if sent := request.FILES.get("file"):
        return str(sent.name), sent.read(FILE_LIMIT).decode("ascii", "replace").strip()
    return request.POST.get("file_name", "").strip()[:64], request.POST.get("content", "").strip()[:200]


def _written(
    request: HttpRequest, done: str, at: str, work: Callable[[Actor, str], object], told: dict[str, str] | None = None
) -> HttpResponse:
    """Do it and go back, or show the page again with the refusal's sentences at their fields."""
    actor = keeper(request)
    try:
        work(actor, key_of(request))
    except DomainError as refusal:
        if refusal.status in {403, 404}:
            raise
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        more = {"refusal": refusal.sentence, "at": at}
        return _page(request, actor, told=told, errors=errors, status=refusal.status, more=more)
    return back(PAGE, done, at=at)


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    told: dict[str, str] | None = None,
    suggested: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Six queries besides who it is: account, host, route, the number of dead letters, cards of the last days."""
    account = account_reads.kept_account(by=actor)
    shown = {name: (told or {}).get(name) or (getattr(account, name) if account else "") for name in PLAIN}
    form_errors = errors if told is not None else {}
    context = {
        "account": account,
        "steps": pages.steps(account),
        "trouble": pages.trouble_of(account),
        "form": pages.AccountForm({**shown, **(suggested or {})}, form_errors, known=account is not None),
        "suggested": suggested or {},
        "errors": {} if told is not None else errors or {},
        "at": "keys" if suggested else request.GET.get("at", ""),
        "done": said(request),
        "dead": services.how_many_dead(by=actor),
        "sent": _sent(),
        "rows": pages.their_cards(account) if account and account.shared else [],
    }
    return render(request, "wechat/guide.html", context | _addresses(account) | (more or {}), status=status)


def _addresses(account: WxAccount | None) -> dict[str, Any]:
    own = account is not None and not account.shared
    return {"host": branch_host(), "callback_url": services.callback_url(account) if account and own else ""}


def _sent() -> list[tuple[str, int]]:
    counts = account_reads.sent_lately()
    return [(str(word), counts[status]) for status, word in guide_words.DELIVERY.items() if counts.get(status)]
