"""OData's addresses, as its clients spell them: `$metadata`, a key in brackets, with or without a final slash."""

from django.urls import path, re_path

from apps.bi.api import views

SET = r"^(?P<rows>[A-Za-z][A-Za-z0-9]{0,60})"
urlpatterns = [
    path("", views.ReportService.as_view(), name="odata"),
    path("$metadata", views.ReportMetadata.as_view(), name="odata-metadata"),
    re_path(SET + "$", views.ReportRows.as_view(), name="odata-rows"),
    re_path(SET + r"/\$count$", views.ReportCount.as_view(), name="odata-count"),
    re_path(SET + r"\((?P<key>[^()]{1,200})\)$", views.ReportRow.as_view(), name="odata-row"),
]
