"""Addresses of this room's API, below /api/v1/."""

from django.urls import path

from apps.wechat.api import account, inbox

app_name = "wechat-api"
urlpatterns = [
    path("wechat/account", account.Account.as_view(), name="account"),
    path("wechat/checks/<slug:step>", account.Check.as_view(), name="check"),
    path("wechat/inbox", inbox.Inbox.as_view(), name="inbox"),
]
