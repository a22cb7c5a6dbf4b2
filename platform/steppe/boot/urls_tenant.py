"""Every address of a branch's site; each room brings its own, included once."""

from django.urls import include, path
from django.views.generic import RedirectView

# First what has a beginning of its own: the others are looked through address by address.
urlpatterns = [
    path("api/v1/", include("steppe.boot.urls_api")),
    path("console/", include("apps.console.urls")),
    path("live/", include("realtime.urls")),
    path("files/", include("apps.tickets.api.files")),
    path("", RedirectView.as_view(pattern_name="console:home"), name="home"),
    path("", include("apps.people.urls")),
    path("", include("apps.wechat.urls")),
    path("", include("apps.partners.urls")),
    path("", include("apps.bi.urls")),
    path("", include("apps.mobile.urls")),
    path("", include("steppe.ui.urls")),
]

handler404 = "steppe.boot.refusals.not_found"
handler500 = "steppe.boot.refusals.failed"
