"""Addresses of this room: the interfaces for systems, the administrator's pages for people."""

from django.urls import include, path

from apps.partners.api.calls import Calls
from apps.partners.views import deliveries, page

app_name = "partners"
urlpatterns = [
    path("tmf-api/", include("apps.partners.api.urls")),
    path("cti/v1/calls", Calls.as_view(), name="calls"),
    path("console/partners/", page.page, name="page"),
    path("console/partners/connect/", page.connect, name="connect"),
    path("console/partners/hosts/", page.allow, name="allow"),
    path("console/partners/hosts/remove/", page.disallow, name="disallow"),
    path("console/partners/deliveries/", deliveries.page, name="deliveries"),
    path("console/partners/deliveries/retry/", deliveries.retry, name="retry"),
    path("console/partners/<public:partner>/renew/", page.renew, name="renew"),
    path("console/partners/<public:partner>/revoke/", page.revoke, name="revoke"),
    path("console/partners/listeners/<public:listener>/resume/", page.resume, name="resume"),
    path("console/partners/listeners/<public:listener>/end/", page.end, name="end"),
]
