"""OData's addresses, as its clients spell them: `$metadata`, a key in brackets."""

from django.urls import path

import apps.bi.api.paths  # noqa: F401  (registers <rowset:…> and <rowkey:…>)
from apps.bi.api import views

urlpatterns = [
    path("", views.ReportService.as_view(), name="odata"),
    path("$metadata", views.ReportMetadata.as_view(), name="odata-metadata"),
    path("<rowset:rows>", views.ReportRows.as_view(), name="odata-rows"),
    path("<rowset:rows>/$count", views.ReportCount.as_view(), name="odata-count"),
    path("<rowset:rows>(<rowkey:key>)", views.ReportRow.as_view(), name="odata-row"),
]
