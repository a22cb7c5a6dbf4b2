"""The page 连接, at a branch and at headquarters."""

from django.urls import path

import steppe.kernel.api.paths  # noqa: F401  (registers <public:…>)
from apps.bi.views import connect

urlpatterns = [
    path("", connect.page, name="connect"),
    path("tokens/", connect.make, name="make-token"),
    path("tokens/<public:token>/revoke/", connect.revoke, name="revoke-token"),
    path("reader/", connect.password, name="give-password"),
    path("reader/revoke/", connect.end_reader, name="revoke-reader"),
]
