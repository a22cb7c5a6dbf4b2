"""The API, version 1, and its schema."""

from django.urls import include, path

from steppe.boot.api_schema import SchemaView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("", include("apps.people.api.urls")),
    path("", include("apps.tickets.api.urls")),
    path("", include("apps.inventory.api.urls")),
    path("", include("apps.costing.api.money_urls")),
    path("", include("apps.costing.api.urls")),
    path("", include("apps.costing.api.rule_urls")),
    path("", include("apps.exports.api.urls")),
    path("", include("apps.wechat.api.urls")),
]
