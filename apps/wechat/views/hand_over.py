"""`/wx/auth/finish`: a person whom the central host has recognised gets a session at this branch."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.wechat import selectors
from apps.wechat.errors import NoAccount, SignInLost
from apps.wechat.gateway import people, visits
from apps.wechat.models import StaffBinding
from apps.wechat.views import nonces
from apps.wechat.views.sign_in import open_session
from tenants.context import current_branch


@never_cache
@require_GET
def auth_finish(request: HttpRequest) -> HttpResponse:
    """A ticket opens one session: here, in this browser, within a minute, once. Any other is refused alike."""
    account, ticket = selectors.required_account(), request.GET.get("t", "")
    if not account.shared:
        raise NoAccount
    if page := nonces.finished_page(request.session, ticket):
        return HttpResponseRedirect(page)
    branch, left = current_branch(), nonces.alive(request.session)
    visit = visits.use(ticket, appid=account.appid, tenant=branch, nonces=left)
    if visit is None:
        raise SignInLost
    bound = StaffBinding.objects.filter(account=account, openid=visit.openid, user__is_active=True).exists()
    why = people.BINDING if bound else people.VISIT
    people.serve(openid=visit.openid, appid=account.appid, tenant=branch, by=why)
    open_session(request, account, visit.openid)
    others = {nonce: at for nonce, at in left.items() if visits.sum_of(nonce) != visit.nonce_sum}
    nonces.finish(request.session, ticket, visit.page, others)
    return HttpResponseRedirect(visit.page)
