"""The API, version 1, and its schema."""

from django.urls import include, path

from steppe.boot.api_schema import SchemaView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("", include("apps.tickets.api.urls")),
    path("", include("apps.people.api.urls")),
]
