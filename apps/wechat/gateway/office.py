"""Headquarters' page of shared service accounts: 总部 → 微信. Secrets go in and never come out."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.wechat import tasks
from apps.wechat.gateway import sharing
from apps.wechat.gateway.models import Inbox, SharedAccount
from apps.wechat.rules.account_form import PLAIN, SECRETS
from apps.wechat.rules.cards import CARDS
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid
from tenants.models import Tenant

Told = dict[str, Any]
DONE = {
    "made": _("The account is kept. Now choose its branches and enter the addresses at WeChat."),
    "changed": _("The account was changed."),
    "rotation": _("Only the new AES key is accepted now."),
    "switched": _("The account was switched."),
    "members": _("The branches were chosen. Each knows it within a minute."),
    "templates": _("The templates were set for all its branches."),
    "file": _("The file is served at the central host."),
    "menu": _("The menu is published. Phones show it within five minutes."),
}


@sensitive_post_parameters("app_secret", "token", "aes_key")
@never_cache
@require_http_methods(["GET", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """All shared accounts, and the form for another one."""
    found = sharing.accounts(_actor(request))
    if request.method == "GET":
        return render(request, "gateway/accounts.html", {"accounts": found, "given": {}})
    given = {field: request.POST.get(field, "").strip() for field in (*PLAIN, *SECRETS)}
    try:
        receipt = sharing.share_account(**given, by=_actor(request), key=_key(request))
    except (Invalid, Conflict) as refusal:
        context = {"accounts": found, "given": _without_secrets(given), "refusal": refusal, "errors": _errors(refusal)}
        return render(request, "gateway/accounts.html", context, status=refusal.status)
    return _on_to(receipt.entity_id, "made")


@sensitive_post_parameters("app_secret", "token", "aes_key")
@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: its addresses for WeChat, its secrets, branches, templates, files."""
    if request.method == "GET":
        return _page(request, sharing.account_for(_actor(request), account_id))
    given = {field: request.POST.get(field, "").strip() for field in ("original_id", "name", *SECRETS)}
    return _do(request, account_id, "changed", sharing.change_shared, **given)


@require_POST
def end_rotation(request: HttpRequest, account_id: int) -> HttpResponse:
    """Only the new AES key from now on."""
    return _do(request, account_id, "rotation", sharing.end_rotation)


@require_POST
def switch(request: HttpRequest, account_id: int) -> HttpResponse:
    """On or off for all its branches."""
    return _do(request, account_id, "switched", sharing.switch_shared, on=request.POST.get("on") == "1")


@require_POST
def members(request: HttpRequest, account_id: int) -> HttpResponse:
    """The branches that use it."""
    chosen = [int(one) for one in request.POST.getlist("branch") if one.isdecimal() and len(one) < 10]
    return _do(request, account_id, "members", sharing.choose_members, tenant_ids=chosen)


@require_POST
def templates(request: HttpRequest, account_id: int) -> HttpResponse:
    """Which template each card uses."""
    chosen = {card: request.POST.get(f"card-{card}", "").strip() for card in CARDS}
    return _do(request, account_id, "templates", sharing.set_templates, chosen=chosen)


@require_POST
def put_file(request: HttpRequest, account_id: int) -> HttpResponse:
    """A proof of the central host."""
    told = {"file_name": request.POST.get("file_name", "").strip(), "text": request.POST.get("content", "").strip()}
    return _do(request, account_id, "file", sharing.put_file, **told)


@require_POST
def drop_file(request: HttpRequest, account_id: int) -> HttpResponse:
    """A proof that is not needed any more."""
    return _do(request, account_id, "changed", sharing.drop_file, file_name=request.POST.get("file_name", ""))


@require_POST
def menu(request: HttpRequest, account_id: int) -> HttpResponse:
    """Publish the menu at WeChat."""
    found = sharing.account_for(_actor(request), account_id)
    try:
        sharing.publish_menu(account=found, by=_actor(request))
    except DomainError as refusal:
        return _page(request, found, refusal)
    return _on_to(found.pk, "menu")


def _do(request: HttpRequest, account_id: int, done: str, step: Callable[..., Receipt], **told: Any) -> HttpResponse:
    """One command; then each branch it concerns is told."""
    found = sharing.account_for(_actor(request), account_id)
    try:
        receipt = step(account_id=account_id, by=_actor(request), key=_key(request), **told)
    except (Invalid, Conflict) as refusal:
        return _page(request, found, refusal, told)
    _tell(found, receipt)
    return _on_to(account_id, done)


def _tell(found: SharedAccount, receipt: Receipt) -> None:
    """Wake the branches that use it, and those that did; without a broker their sweep finds it within a minute."""
    concerned = {*found.members.values_list("tenant_id", flat=True), *receipt.facts.get("left", [])}
    for schema in Tenant.objects.filter(pk__in=concerned).values_list("schema_name", flat=True):
        _wake(schema)


def _wake(schema: str) -> None:
    headers = {"_schema_name": schema}
    transaction.on_commit(lambda: tasks.follow_shared.apply_async(headers=headers, retry=False), robust=True)


def _page(
    request: HttpRequest, found: SharedAccount, refusal: DomainError | None = None, told: Told | None = None
) -> HttpResponse:
    context = {
        "account": found, "given": _without_secrets(told or {}), "refusal": refusal, "errors": _errors(refusal),
        "done": DONE.get(request.GET.get("done", ""), "") if request.method == "GET" else "",
        "callback_url": sharing.callback_url(found), "auth_host": sharing.auth_host(),
        "branches": sharing.branches_beside(found), "cards": _cards(found, told, _errors(refusal)),
        "waiting": Inbox.objects.filter(appid=found.appid, schema_name="", done_at__isnull=True).count(),
    }  # fmt: skip
    return render(request, "gateway/account.html", context, status=refusal.status if refusal else 200)


def _cards(found: SharedAccount, told: Told | None, errors: dict[str, str]) -> list[Told]:
    chosen = (told or {}).get("chosen") or {card: entry["template_id"] for card, entry in found.templates.items()}
    names = {entry["template_id"]: entry.get("title", "") for entry in found.templates.values()}
    rows = [(card, chosen.get(card.key, "")) for card in CARDS.values()]
    return [
        {
            "key": card.key, "title": card.title, "template_id": one, "name": names.get(one, ""),
            "error": errors.get(card.key, ""),
        }
        for card, one in rows
    ]  # fmt: skip


def _errors(refusal: DomainError | None) -> dict[str, str]:
    return {field: said[0] for field, said in refusal.fields.items()} if isinstance(refusal, Invalid) else {}


def _without_secrets(given: Told) -> Told:
    return {field: value for field, value in given.items() if field not in SECRETS}


def _on_to(account_id: int, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('shared:account', args=[account_id])}?done={done}")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _key(request: HttpRequest) -> str:
    return request.POST.get("idempotency_key", "")
