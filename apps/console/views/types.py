"""工单类型: the branch's types, the editor of one, its versions. Buttons of the editor come back as a changed draft."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.console import type_form as forms
from apps.console import type_words as words
from apps.console.access import key_of, types_keeper
from apps.console.type_draft import Draft
from apps.headquarters.offers_read import offers_among
from apps.people import selectors as people
from apps.tickets import services, types_read
from apps.tickets.errors import TypeMoved
from apps.tickets.rules.catalogue import ICONS
from steppe.kernel.actors import Actor
from steppe.kernel.commands import Receipt
from steppe.kernel.errors import Conflict, DomainError, Invalid

PUBLISH, PREVIEW = "publish", "preview"


@never_cache
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every type in its order: on or off, its version, what it promises."""
    lines = types_read.type_lines(types_keeper(request))
    before = [""] + [line.type.code for line in lines]  # of the second: the first, which it would stand before
    after = [line.type.code for line in lines[2:]] + ["", ""]
    rows = [
        {"line": line, "said": line.version.definition, "up": up, "down": down, "last": place == len(lines)}
        for place, (line, up, down) in enumerate(zip(lines, before, after, strict=False), start=1)
    ]
    offers = len(offers_among(line.version for line in lines))
    context = {"rows": rows, "done": _said(request.GET.get("done", "")), "offers": offers}
    return render(request, "console/types.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A type of the branch's own, from nothing or from another."""
    actor = types_keeper(request)
    if request.method == "POST":
        return _worked(request, actor, "")
    pattern = request.GET.get("from", "")
    draft = Draft.of(types_read.form_of(actor, pattern), number=0) if pattern else Draft.empty()
    if pattern:
        draft.code, draft.face["name_zh"] = f"{pattern}_2"[:30], ""
    return _page(request, actor, draft)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The editor. With ?number= it starts from an older version; publishing makes a new one all the same."""
    actor = types_keeper(request)
    if request.method == "POST":
        return _worked(request, actor, code)
    newest = types_read.form_of(actor, code)
    asked = request.GET.get("number", "")
    older = types_read.form_of(actor, code, int(asked)) if asked.isdecimal() and len(asked) < 9 else newest
    return _page(request, actor, Draft.of(older, number=newest.number), shown=older.number)


@require_POST
def enable(request: HttpRequest, code: str) -> HttpResponse:
    """启用: offered again."""
    return _switch(request, code, enabled=True)


@require_POST
def disable(request: HttpRequest, code: str) -> HttpResponse:
    """停用: offered no more."""
    return _switch(request, code, enabled=False)


@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Up or down: before the named type."""
    actor = types_keeper(request)
    services.move_type(code=code, before=request.POST.get("before", ""), by=actor, key=key_of(request))
    return HttpResponseRedirect(f"{reverse('console:types')}#type-{code}", status=303)


def _switch(request: HttpRequest, code: str, *, enabled: bool) -> HttpResponse:
    services.enable_type(code=code, enabled=enabled, by=types_keeper(request), key=key_of(request))
    done = "enabled" if enabled else "disabled"
    return HttpResponseRedirect(f"{reverse('console:types')}?done={done}#type-{code}", status=303)


def _worked(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Publish the draft, or change it by the pressed button and show it again."""
    draft, do = Draft.read(request.POST), request.POST.get("do", "")
    draft.code = code or draft.code
    if do == PREVIEW:
        return render(request, "console/_type_preview.html", {"previews": forms.previews(draft)})
    if do != PUBLISH:
        draft.change(do, request.POST)
        return _page(request, actor, draft)
    try:
        receipt = _publish(draft, actor, key_of(request))
    except (Invalid, Conflict) as refusal:
        return _refused(request, actor, draft, refusal)
    return HttpResponseRedirect(f"{reverse('console:type', args=[receipt.public_id])}?done=published", status=303)


def _publish(draft: Draft, actor: Actor, key: str) -> Receipt:
    face = {**draft.face, "note": draft.note}
    if not face["family"]:
        del face["family"]
    return services.publish_type(
        code=draft.code, number=draft.number, face=face, definition=draft.body, by=actor, key=key
    )


def _refused(request: HttpRequest, actor: Actor, draft: Draft, refusal: DomainError) -> HttpResponse:
    """Everything typed is still there. Who was overtaken may publish again, now knowing the newer version."""
    if isinstance(refusal, TypeMoved):
        draft.number = int(refusal.params["number"])
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    return _page(request, actor, draft, errors=errors, refusal=refusal.sentence, status=refusal.status)


def _page(
    request: HttpRequest,
    actor: Actor,
    draft: Draft,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
    shown: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The editor: the whole page, or for htmx the form and its preview."""
    context = _drawn(draft, errors or {}) | {"refusal": refusal, "shown": shown or draft.number}
    if getattr(request, "htmx", False):
        return render(request, "console/_type_changed.html", context, status=status)
    context["versions"] = types_read.versions_of(actor, draft.code) if draft.number else []
    context["done"] = _said(request.GET.get("done", ""))
    return render(request, "console/type.html", context, status=status)


def _drawn(draft: Draft, errors: Mapping[str, list[str]]) -> dict[str, Any]:
    """The draft as the templates want it. One query."""
    departments = [unit for unit in people.org_tree() if unit.kind == "department"]
    return {
        "draft": draft,
        "form": forms.TypeForm.of(draft, errors, departments),
        "stages": [(stage, *said, forms.field_rows(draft, stage, errors)) for stage, said in words.STAGES.items()],
        "fees": forms.fee_rows(draft, errors),
        "hours": list(forms.hours(draft, errors)),
        "areas": words.AREAS,
        "kinds": words.KINDS.items(),
        "icons": ICONS,
        "previews": forms.previews(draft),
        "field_count": len(draft.body["fields"]),
        "fields_wrong": " ".join(errors.get("definition.fields", ())),
    }


def _said(done: str) -> str:
    """One sentence of success; empty for anything we did not do."""
    return {
        "published": _("Published. New tickets take this version; those that are there keep theirs."),
        "enabled": _("The type is offered again."),
        "disabled": _("The type is offered no more. Tickets of it go on as they are."),
    }.get(done, "")
