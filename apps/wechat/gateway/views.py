"""`/wx/cb/<key>`: WeChat's callback. Check, keep, answer `success`; the work is a worker's (five-second rule)."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from redis import RedisError

from apps.wechat import tasks
from apps.wechat.calls import store as valkey_store
from apps.wechat.calls.vault import Credentials, credentials_of
from apps.wechat.gateway import door, services
from apps.wechat.gateway.door import Letter, Refused
from apps.wechat.models import WxAccount
from apps.wechat.services import accounts
from steppe.kernel import clock
from tenants.context import current_branch
from tenants.models import WeChatRoute

SEEN_S = 600
SUCCESS = "success"
log = logging.getLogger("steppe.wechat.gateway")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """The account's door at its branch's host."""
    return answered(lambda: _answer(request, account_for(key)))


def answered(work: Callable[[], str]) -> HttpResponse:
    """What WeChat gets back. Every refusal looks the same from outside."""
    try:
        answer = work()
    except Refused as refused:
        log.warning("callback refused", extra={"why": refused.why})
        return refusal()
    return HttpResponse(answer, content_type="text/plain; charset=utf-8")


def refusal() -> HttpResponse:
    """Short, and always the same."""
    response = HttpResponse("refused", status=403, content_type="text/plain")
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own line would hold the whole query
    return response


def account_for(key: str) -> WxAccount:
    """The account behind this key, if key, host and account belong together. Two queries."""
    route = WeChatRoute.objects.filter(key=key, tenant_id=current_branch().pk, enabled=True).first()
    rows = WxAccount.objects.filter(enabled=True, shared=False)  # a shared one is heard at the central host
    account = rows.filter(appid=route.appid).first() if route else None
    if account is None:
        raise Refused("unknown key")
    return account


def verify(request: HttpRequest, credentials: Credentials) -> str:
    """WeChat asks whether we are here (when the callback is set up)."""
    return door.echo(credentials, request.GET.dict(), clock.now())


def receive(request: HttpRequest, credentials: Credentials, keep: Callable[[Letter], None], *, place: str) -> str:
    """One message or event: kept once, however often it comes. `place` names the door in the list of what was seen."""
    query = request.GET.dict()
    letter = door.read(credentials, query, _body(request), clock.now())
    mark = f"steppe:wx:seen:{place}:{credentials.appid}:{query.get('nonce', '')[:64]}:{query['msg_signature']}"
    if not _seen(mark):
        keep(letter)
        # Only now: had the insert failed, WeChat's next try must not look like a replay.
        _remember(mark)
    return SUCCESS


def _answer(request: HttpRequest, account: WxAccount) -> str:
    answer = _heard(request, credentials_of(account))
    accounts.note_contact(account, proved=request.method == "GET")
    return answer


def _heard(request: HttpRequest, credentials: Credentials) -> str:
    if request.method == "GET":
        return verify(request, credentials)
    schema = current_branch().schema_name

    def keep(letter: Letter) -> None:
        services.store(letter, schema_name=schema, appid=credentials.appid)
        tasks.handle_inbox.wake()

    return receive(request, credentials, keep, place=schema)


def _body(request: HttpRequest) -> bytes:
    """At most one byte more than allowed is read."""
    body = request.read(door.BODY_LIMIT + 1)
    if len(body) > door.BODY_LIMIT:
        raise Refused("too long")
    return body


def _seen(mark: str) -> bool:
    """Without Valkey the inbox's own unique key still keeps repetitions out."""
    try:
        return bool(valkey_store.valkey().exists(mark))
    except RedisError:
        return False


def _remember(mark: str) -> None:
    try:
        valkey_store.valkey().set(mark, b"1", ex=SEEN_S)
    except RedisError:
        log.warning("seen-set is away")
