"""管理 → 微信 → 渠道: the SMS gateway, WeCom and its members, the notices customers may ask for; each with a test."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.wechat import channel_words as words
from apps.wechat import deliveries, selectors
from apps.wechat.rules import channel_form
from apps.wechat.rules.cards import CARDS
from apps.wechat.rules.fallback import SMS_FOR_CUSTOMERS
from apps.wechat.services import channel_checks, channels
from apps.wechat.views.keeper import keeper, key_of
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError, Invalid

NOTICES = tuple(sorted(SMS_FOR_CUSTOMERS))


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    return _page(request, keeper(request))


@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """Enter or change the account at the gateway."""
    told = {name: request.POST.get(name, "").strip() for name in ("app_id", "key_id", "secret", "sign_name")}
    parts = {**told, "enabled": bool(request.POST.get("enabled")), "templates": _templates(request.POST)}
    return _kept(request, "sms", lambda by, key: channels.set_sms(**parts, by=by, key=key))


@require_POST
def wecom(request: HttpRequest) -> HttpResponse:
    """Enter or change WeCom."""
    told = {name: request.POST.get(name, "").strip() for name in ("corpid", "agentid", "secret", "robot_key")}
    enabled = bool(request.POST.get("enabled"))
    return _kept(request, "wecom", lambda by, key: channels.set_wecom(**told, enabled=enabled, by=by, key=key))


@require_POST
def members(request: HttpRequest) -> HttpResponse:
    """The names of staff in WeCom."""
    given = ((name.partition("."), str(value).strip()) for name, value in request.POST.items())
    names = {pk: value for (kind, _dot, pk), value in given if kind == "member" and pk.isdecimal()}
    return _kept(request, "members", lambda by, key: channels.set_wecom_members(names=names, by=by, key=key))


@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Which notice a customer may ask for."""
    chosen = {card: request.POST.get(f"notice.{card}", "").strip()[:64] for card in NOTICES}
    return _kept(request, "notices", lambda by, key: channels.set_notices(chosen=chosen, by=by, key=key))


@require_POST
def test_sms(request: HttpRequest) -> HttpResponse:
    """A message to the administrator's own phone."""
    by = keeper(request)
    return _page(request, by, tried_sms=channel_checks.try_sms(phone=request.POST.get("phone", ""), by=by))


@require_POST
def test_wecom(request: HttpRequest) -> HttpResponse:
    """A connection, and a card to the administrator."""
    by = keeper(request)
    return _page(request, by, tried_wecom=channel_checks.try_wecom(by=by))


def _templates(posted: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the rows of the SMS templates; an empty row is none."""
    rows = ((card, posted.get(f"template.{card}", "").strip()) for card in channel_form.TEMPLATES)
    return {
        card: {"template_id": number, "facts": _facts(posted.get(f"facts.{card}", ""))}
        for card, number in rows
        if number
    }


def _facts(text: str) -> list[str]:
    return [words.fact_named(word) for word in channel_form.read_facts(text)]


def _kept(request: HttpRequest, part: str, write: Any) -> HttpResponse:
    """Written and back to its part of the page; or the page with everything typed (but secrets) and why not."""
    by = keeper(request)
    try:
        write(by, key_of(request))
    except DomainError as refusal:
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        told = {name: value for name, value in request.POST.items() if name not in ("secret", "robot_key")}
        return _page(request, by, refusal=refusal.sentence, errors=errors, told=told, part=part, status=refusal.status)
    return HttpResponseRedirect(f"{reverse('wechat:channels')}?done={part}#{part}", status=303)


def _page(request: HttpRequest, by: Actor, *, status: int = 200, **more: Any) -> HttpResponse:
    """Six queries besides who it is."""
    sms_account, wecom_account, told = selectors.sms_account(), selectors.wecom_account(), more.get("told", {})
    account = selectors.branch_account()
    context = {
        "sms": sms_account, "wecom": wecom_account, "shown": _values(sms_account, wecom_account) | dict(told),
        "people": deliveries.members(by), "account": account,
        "templates": [_row(card, sms_account, told) for card in channel_form.TEMPLATES],
        "notices": [_notice(card, account, told) for card in NOTICES],
        "facts": words.facts_said(channel_form.FACTS), "done": words.DONE.get(request.GET.get("done", ""), ""),
        "advice": words.sms_advice(sms_account.trouble) if sms_account and sms_account.trouble else "",
    }  # fmt: skip
    return render(request, "wechat/channels.html", context | more, status=status)


def _values(sms_account: Any, wecom_account: Any) -> dict[str, str]:
    """What stands in the plain fields of both accounts; never a secret."""
    owned = ((sms_account, ("app_id", "key_id", "sign_name")), (wecom_account, ("corpid", "agentid")))
    return {name: getattr(account, name, "") for account, names in owned for name in names}


def _row(card: str, account: Any, told: Mapping[str, str]) -> dict[str, Any]:
    entry = (account.templates if account else {}).get(card, {})
    title = CARDS[card].title if card in CARDS else "验证码"
    return {
        "card": card, "title": title, "broken": entry.get("broken", ""),
        "template_id": told.get(f"template.{card}", entry.get("template_id", "")),
        "facts": told.get(f"facts.{card}", words.facts_said(entry.get("facts", []))),
    }  # fmt: skip


def _notice(card: str, account: Any, told: Mapping[str, str]) -> dict[str, Any]:
    entry = (account.notices if account else {}).get(card, {})
    shown = told.get(f"notice.{card}", entry.get("template_id", ""))
    return {"card": card, "title": CARDS[card].title, "template_id": shown, "broken": entry.get("broken", "")}
