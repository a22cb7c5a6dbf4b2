"""The signature of a page for the JS-SDK."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.wechat import selectors
from apps.wechat.calls import jssdk
from apps.wechat.errors import WeChatAway, WeChatError
from apps.wechat.views import throttle


@never_cache
@require_GET
def jssdk_config(request: HttpRequest) -> HttpResponse:
    """The arguments of wx.config for a page of this site; the report page has no signed-in person yet."""
    throttle.count(request, "jssdk")
    origin = f"{request.scheme}://{request.get_host()}"
    try:
        config = jssdk.config_for(selectors.required_account(), url=request.GET.get("url", ""), origin=origin)
    except WeChatError:
        raise WeChatAway from None
    return JsonResponse(asdict(config))
