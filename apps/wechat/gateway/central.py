"""The central host of shared accounts: WeChat's callback, people who come back from WeChat, the choice of a branch.

No session and no cookie here. A person is known for the length of one request by WeChat's code, or by a one-time
ticket in the page; a session is opened by a branch only.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.wechat import tasks
from apps.wechat.calls import oauth
from apps.wechat.calls.vault import credentials_of_shared
from apps.wechat.errors import CodeSpent, NoAccount, SignInLost, SnapshotVisitor, WeChatAway, WeChatError
from apps.wechat.gateway import addressing, people, services, visits
from apps.wechat.gateway import views as door_views
from apps.wechat.gateway.door import Letter, Refused
from apps.wechat.gateway.models import SharedAccount, SignInVisit
from apps.wechat.links import auth_url, branch_url, safe_page
from apps.wechat.views import throttle
from steppe.kernel import clock
from steppe.kernel.errors import DomainError, NotFound, OurFault
from tenants.middleware import closed
from tenants.models import Tenant

HEARD_EVERY_S = 60
START = "/wx/auth/start"
PAGE_LENGTH = 480
CHANGE = "change:"  # before the page of a visit whose person wants to be asked again
View = Callable[..., HttpResponse]


def spoken(view: View) -> View:
    """A refusal as a page of its own: the usual one has buttons that lead nowhere here."""

    @wraps(view)
    def guarded(request: HttpRequest, **given: str) -> HttpResponse:
        try:
            return view(request, **given)
        except DomainError as refusal:
            return refused(request, refusal)

    return guarded


def refused(request: HttpRequest, refusal: DomainError, *, again: str = "") -> HttpResponse:
    """One sentence, and what to do; `again` is where a snapshot visitor tries once more."""
    page = "gateway/snapshot.html" if again else "gateway/refused.html"
    response = render(request, page, {"refusal": refusal, "again": again}, status=refusal.status)
    response["X-Refusal"] = refusal.code
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing else is served here."""
    return closed(NotFound(), request)


def failed(request: HttpRequest) -> HttpResponse:
    """Our own fault. The cause stands in the log."""
    return closed(OurFault(), request)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """A shared account's door. Every refusal looks as at a branch's own account."""
    answer = _verify if request.method == "GET" else _receive
    return door_views.answered(lambda: answer(request, _account_of(key)))


@require_GET
def verify_file(request: HttpRequest, word: str) -> HttpResponse:
    """WeChat's proof that this host is ours; a name that nobody has kept is nothing."""
    name = f"MP_verify_{word}.txt"
    accounts = SharedAccount.objects.filter(enabled=True, verify_files__has_key=name)
    found = accounts.values_list("verify_files", flat=True).first()
    if found is None:
        return not_found(request, NotFound())
    return HttpResponse(found[name], content_type="text/plain; charset=utf-8")


@never_cache
@require_GET
@spoken
def auth_back(request: HttpRequest) -> HttpResponse:
    """Back from WeChat. Only the branch that a browser left can make a session of it, and only in that browser."""
    state = request.GET.get("state", "")
    visit = visits.come_back(state)
    if visit is None:
        raise SignInLost
    if not visit.openid:  # WeChat may ask for this address twice: who it was is asked once
        try:
            openid = _who(visit.account, request.GET.get("code", ""))
        except CodeSpent:
            return _once_more(visit)
        except SnapshotVisitor as refusal:
            return refused(request, refusal, again=_again(visit))
        visit = visits.hand_over(visit, state=state, openid=openid)
    return _onward(request, visit, visits.ticket_of(state))


@never_cache
@require_GET
@spoken
def choose(request: HttpRequest, appid: str) -> HttpResponse:
    """Where a chat's link or the account's menu leads to: ask WeChat who it is, then go to that person's branch."""
    throttle.count(request, "choose")
    account = SharedAccount.objects.filter(appid=appid, enabled=True).first()
    if account is None:
        raise NoAccount
    page = safe_page(request.GET.get("next", ""))
    page = page if len(page) <= PAGE_LENGTH else safe_page("")
    state = visits.begin_choice(account=account, page=CHANGE + page if "change" in request.GET else page)
    return HttpResponseRedirect(_to_wechat(account, state))


@csrf_exempt  # no cookie stands for anybody here: the ticket in the form does
@never_cache
@require_POST
@spoken
def chosen(request: HttpRequest) -> HttpResponse:
    """The branch is chosen. Twice, late or with a ticket of nobody: refused."""
    found = visits.choose(request.POST.get("ticket", ""), slug=request.POST.get("branch", ""))
    if found is None:
        raise SignInLost
    visit, branch = found
    tasks.wake_inbox_of(branch.schema_name)
    # A page and not a redirect: our own policy lets no form lead to another host.
    context = {"branch": branch, "onward": _sign_in_at(branch, visit.page)}
    return render(request, "gateway/chosen.html", context)


def _account_of(key: str) -> SharedAccount:
    account = SharedAccount.objects.filter(key=key, enabled=True).first()
    if account is None:
        raise Refused("unknown key")
    return account


def _verify(request: HttpRequest, account: SharedAccount) -> str:
    word = door_views.verify(request, credentials_of_shared(account))
    SharedAccount.objects.filter(pk=account.pk).update(verified_at=clock.now())
    return word


def _receive(request: HttpRequest, account: SharedAccount) -> str:
    """As at a branch's own account; the branch is looked up, or left open for the worker."""

    def keep(letter: Letter) -> None:
        schemas = addressing.schemas_for(account, letter.payload)
        services.store_shared(letter, schema_names=schemas, appid=account.appid)
        _wake(schemas)

    answer = door_views.receive(request, credentials_of_shared(account), keep, place=services.SHARED)
    _heard(account)
    return answer


def _wake(schemas: list[str]) -> None:
    for schema in schemas:
        if schema == addressing.NOBODY:
            tasks.route_shared.wake()
        else:
            tasks.wake_inbox_of(schema)


def _heard(account: SharedAccount) -> None:
    now = clock.now()
    if account.heard_at is None or (now - account.heard_at).total_seconds() > HEARD_EVERY_S:
        SharedAccount.objects.filter(pk=account.pk).update(heard_at=now)


def _who(account: SharedAccount, code: str) -> str:
    """The person behind the code. Raises CodeSpent, SnapshotVisitor, WeChatAway; the visit stays as it was."""
    try:
        visitor = oauth.exchange(credentials_of_shared(account), code)
    except CodeSpent:
        raise
    except WeChatError:
        raise WeChatAway from None
    if visitor.snapshot:
        raise SnapshotVisitor
    return visitor.openid


def _once_more(visit: SignInVisit) -> HttpResponse:
    state = visits.restart(visit)
    if state is None:
        raise SignInLost
    return HttpResponseRedirect(_to_wechat(visit.account, state))


def _onward(request: HttpRequest, visit: SignInVisit, ticket: str) -> HttpResponse:
    if visit.tenant is not None:
        return HttpResponseRedirect(branch_url(visit.tenant, f"/wx/auth/finish?t={ticket}"))
    asks = visit.page.startswith(CHANGE) and visit.used_at is None
    branch = None if asks else people.branch_of(visit.account_id, visit.openid)
    if branch is not None:
        return HttpResponseRedirect(_sign_in_at(branch, visit.page))
    if visit.used_at is not None:
        raise SignInLost
    context = {"account": visit.account, "branches": addressing.open_members(visit.account), "ticket": ticket}
    return render(request, "gateway/choose.html", context)


def _again(visit: SignInVisit) -> str:
    """Where this visit began, for who comes back from WeChat as nobody."""
    if visit.tenant is not None:
        return _sign_in_at(visit.tenant, visit.page)
    return auth_url(f"/wx/choose/{visit.account.appid}?next={quote(visit.page.removeprefix(CHANGE), safe='/')}")


def _sign_in_at(branch: Tenant, page: str) -> str:
    """An ordinary sign-in at the branch, with a nonce of its own: what was chosen here signs nobody in."""
    return branch_url(branch, f"{START}?next={quote(page.removeprefix(CHANGE), safe='/')}")


def _to_wechat(account: SharedAccount, state: str) -> str:
    return oauth.authorize_url(appid=account.appid, redirect_uri=auth_url("/wx/auth/back"), state=state)
