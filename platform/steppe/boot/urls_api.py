"""The API, version 1, and its schema."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("apps.tickets.api.urls")),
    path("", include("apps.people.api.urls")),
]
