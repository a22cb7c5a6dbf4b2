"""Headquarters' site."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="headquarters:overview"), name="home"),
    path("", include("apps.people.urls")),
    path("hq/wechat/", include("apps.wechat.gateway.urls")),
    path("", include("apps.bi.centre.urls")),
    path("hq/", include("apps.headquarters.urls")),
    path("", include("steppe.ui.urls")),
]

handler404 = "steppe.boot.refusals.not_found"
handler500 = "steppe.boot.refusals.failed"
