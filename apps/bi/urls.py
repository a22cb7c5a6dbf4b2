"""A branch's addresses of this room: the feed for programs, the page for people."""

from django.urls import include, path

app_name = "bi"
urlpatterns = [
    path("odata/v4/", include("apps.bi.api.urls")),
    path("console/connect/", include("apps.bi.page_urls")),
]
