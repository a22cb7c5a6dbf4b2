"""Headquarters' addresses of this room: the same feed and page over headquarters' own sets."""

from django.urls import include, path

app_name = "bi"
urlpatterns = [
    path("odata/v4/", include("apps.bi.api.urls")),
    path("hq/connect/", include("apps.bi.page_urls")),
]
