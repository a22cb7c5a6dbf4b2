"""The central host of shared WeChat accounts: these addresses and no other. No session, no sign-in page, no language
switch; probes of health stand before all hosts (steppe.boot.health)."""

from django.urls import path

from apps.wechat.gateway import central

urlpatterns = [
    path("wx/cb/<str:key>", central.callback, name="central-callback"),
    path("wx/auth/back", central.auth_back, name="central-auth-back"),
    path("wx/choose/<str:appid>", central.choose, name="central-choose"),
    path("wx/choose", central.chosen, name="central-chosen"),
    path("MP_verify_<str:word>.txt", central.verify_file, name="central-verify-file"),
]

handler404 = "apps.wechat.gateway.central.not_found"
handler500 = "apps.wechat.gateway.central.failed"
