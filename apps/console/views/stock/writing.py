"""A document written by hand, or a draft with other lines. Whatever is refused, everything typed is still there."""

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.console.access import key_of, stock_keeper
from apps.console.said import said
from apps.console.stock_draft import MOST_LINES, PaperDraft, Typed
from apps.console.views.stock.papers import done
from apps.inventory import papers_read, services, shelves_read
from apps.inventory.errors import StaleDocument, TooManyLines, WrongState
from apps.inventory.rules.documents import DRAFT, KINDS
from steppe.kernel.actors import Actor
from steppe.kernel.errors import DomainError

SAVE, ADD, DROP = "save", "add", "drop-"
ORIGINS = ("purchase", "allocation", "opening")


@never_cache
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, kind: str) -> HttpResponse:
    """A new document of a kind that is written by hand. Three queries besides who it is."""
    actor = stock_keeper(request)
    if kind not in KINDS or not KINDS[kind].by_hand:
        raise Http404
    if request.method == "GET":
        return _page(request, actor, PaperDraft(kind, source=said(request.GET, "source", 30)))
    draft = PaperDraft.read(kind, request.POST)
    if not _is_save(request):
        return _changed(request, actor, draft)
    try:
        draft.recognise(actor)
        told = draft.told(shelves_read.choices_for(actor, kind))
        places = {"source": draft.source, "target": draft.target}
        receipt = services.write_document(
            kind=kind, told=told, reason=draft.reason, origin=draft.origin if draft.origin in ORIGINS else "",
            by=actor, key=key_of(request), **places,
        )  # fmt: skip
    except DomainError as refusal:
        return _page(request, actor, draft, refusal=refusal)
    return done(receipt.public_id, "written")


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Other lines in a draft. Who was overtaken keeps what they typed, and may save it over the newer one."""
    actor = stock_keeper(request)
    paper = papers_read.document_for(actor, number)
    if request.method == "GET":
        if paper.document.state != DRAFT:
            raise WrongState(number=number)
        if len(paper.lines) > MOST_LINES:
            raise TooManyLines(number=number)
        return _page(request, actor, PaperDraft.of(paper), number=number)
    draft = PaperDraft.read(paper.document.kind, request.POST)
    draft.source, draft.target, draft.reason = paper.document.source.code, paper.document.target.code, ""
    if not _is_save(request):
        return _changed(request, actor, draft, number)
    try:
        draft.recognise(actor)
        told = draft.told(shelves_read.choices_for(actor, draft.kind), whole=bool(not draft.lines))
        services.change_document(
            number=number, version=draft.version, told=told, by=actor, key=key_of(request)
        )  # fmt: skip
    except DomainError as refusal:
        if isinstance(refusal, StaleDocument):
            draft.version = paper.document.version
        return _page(request, actor, draft, number=number, refusal=refusal)
    return done(number, "written")


def _is_save(request: HttpRequest) -> bool:
    return request.POST.get("do", SAVE) == SAVE


def _changed(request: HttpRequest, actor: Actor, draft: PaperDraft, number: str = "") -> HttpResponse:
    """A line more, or one less: nothing is kept yet."""
    do = request.POST.get("do", "")
    if do == ADD and len(draft.lines) < MOST_LINES:
        draft.lines.append(Typed())
    elif do.startswith(DROP) and do.removeprefix(DROP).isdecimal():
        draft.drop(int(do.removeprefix(DROP)[:4]))
    draft.recognise(actor)
    return _page(request, actor, draft, number=number)


def _page(
    request: HttpRequest, actor: Actor, draft: PaperDraft, *, number: str = "", refusal: DomainError | None = None
) -> HttpResponse:
    """The form: what was typed, what there is to choose from, each sentence at its field."""
    errors: Mapping[str, Sequence[str]] = getattr(refusal, "fields", {})
    context = {
        "draft": draft, "number": number, "rows": draft.rows(errors), "wrong": errors,
        "choices": shelves_read.choices_for(actor, draft.kind), "goods": shelves_read.goods_to_choose(actor),
        "refusal": refusal.sentence if refusal else "", "others": _elsewhere(errors), "costed": draft.rule.costed,
        "origins": origins() if draft.kind == "receipt" else [],
    }  # fmt: skip
    return render(request, "console/stock/write.html", context, status=refusal.status if refusal else 200)


def _elsewhere(errors: Mapping[str, Sequence[str]]) -> list[str]:
    """Sentences of fields this form has not."""
    own = ("source", "target", "reason")
    return [
        sentence for name, told in errors.items() for sentence in told
        if name not in own and name.count(".") != 2
    ]  # fmt: skip


def origins() -> list[tuple[str, str]]:
    """Where a receipt comes from, to choose from."""
    return [("purchase", _("Purchase")), ("allocation", _("Allocation from headquarters")), ("opening", _("Opening"))]
